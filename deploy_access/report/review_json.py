"""The review as JSON."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypeVar

from deploy_access.audit.report_model import Audit
from deploy_access.report.audit_json import audit_object
from deploy_access.report.json_document import render_document
from deploy_access.report.review_verdict import verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from deploy_access.access_diff.model import (
        AccessChange,
        Delta,
        PermissionGrant,
        TrustGrant,
        Witness,
    )
    from deploy_access.audit.report_model import PlacedFinding
    from deploy_access.resource_diff.model import ResourceChange
    from deploy_access.review.model import Notice, Review

GrantT = TypeVar("GrantT")


def render_review_json(review: Review) -> str:
    """Render the whole review, with nothing cut."""
    audited = _audited(findings=review.new_findings, accepted=review.new_acceptances, review=review)
    document = {
        "verdict": verdict(review),
        "summary": _summary(review),
        "access": [access_object(change) for change in review.access],
        "resources": [resource_object(change) for change in review.resources],
        "findings": {
            "new": audited["findings"],
            "fixed": _audited(findings=review.fixed_findings)["findings"],
        },
        "accepted": audited["accepted"],
        "stacks": {
            "added": review.stacks.added,
            "changed": review.stacks.changed,
            "removed": review.stacks.removed,
            "partial": review.stacks.partial,
        },
        "unread": audited["unread"],
        "notices": [*map(_notice, review.notices)],
    }
    return render_document(document)


def _audited(
    *,
    findings: Sequence[PlacedFinding],
    accepted: Sequence[PlacedFinding] = (),
    review: Review | None = None,
) -> dict[str, object]:
    """Return findings exactly as `audit --format json` has them."""
    problems = review.problems if review else ()
    audit = Audit(findings=tuple(findings), accepted=tuple(accepted), problems=problems, roles=0)
    return audit_object(audit)


def _summary(review: Review) -> dict[str, object]:
    severities = Counter(placed.finding.severity for placed in review.new_findings)
    return {
        "widened": len(review.widened),
        "narrowed": len(review.narrowed),
        "destroyed": len(review.destroyed),
        "data_destroyed": sum(change.holds_data for change in review.destroyed),
        "new_findings": {s: severities[s] for s in ("error", "warning", "note")},
        "fixed_findings": len(review.fixed_findings),
        "accepted": len(review.new_acceptances),
        "unread": len(review.problems),
        "notices": len(review.notices),
    }


def access_object(change: AccessChange) -> dict[str, object]:
    """Return the change of one party."""
    party, trust, permissions = change.party, change.trust, change.permissions
    return {
        "kind": party.kind,
        "account": party.account,
        "region": party.region,
        "name": party.name,
        "stack": change.stack,
        "presence": change.presence,
        "widened": change.is_widened,
        "narrowed": change.is_narrowed,
        "trust": _delta(trust, _trust),
        "permissions": _delta(permissions, _permission),
        "session": _session(*change.session) if change.session else None,
    }


def _delta(
    delta: Delta[GrantT], write: Callable[[GrantT], dict[str, object]]
) -> dict[str, list[dict[str, object]]]:
    return {
        "gained": [*map(write, delta.gained)],
        "lost": [*map(write, delta.lost)],
        "kept": [*map(write, delta.kept)],
    }


def _session(before: int, after: int) -> dict[str, int]:
    return {"before": before, "after": after}


def _trust(grant: TrustGrant) -> dict[str, object]:
    return {
        "principal": grant.principal,
        "subject": grant.subject,
        "pattern": grant.is_pattern,
        "conditions": grant.conditions,
        "certain": grant.certain,
        "why": grant.why,
        "before": grant.before,
        "example": grant.witness,
    }


def _permission(grant: PermissionGrant) -> dict[str, object]:
    return {
        "action": grant.action,
        "actions": dict(grant.actions),
        "resource": grant.resource,
        "conditions": grant.conditions,
        "principal": grant.principal,
        "certain": grant.certain,
        "why": grant.why,
        "before": grant.before,
        "example": _witness(grant.witness) if grant.witness else None,
    }


def _witness(witness: Witness) -> dict[str, object]:
    return {
        "action": witness.action,
        "resource": witness.resource,
        "context": dict(witness.context),
        "principal": witness.principal,
    }


def _notice(notice: Notice) -> dict[str, object]:
    return {
        "kind": notice.kind,
        "address": notice.address,
        "what": notice.what,
        "given": notice.given,
        "stacks": notice.stacks,
    }


def resource_object(change: ResourceChange) -> dict[str, object]:
    """Return the change of one resource."""
    return {
        "stack": change.stack,
        "address": change.address,
        "type": change.type,
        "name": change.name,
        "action": change.action,
        "attributes": [
            {"name": attribute.name, "before": attribute.before, "after": attribute.after}
            for attribute in change.attributes
        ],
        "holds_data": change.holds_data,
        "why": change.why,
        "note": change.note,
        "known": change.known,
    }
