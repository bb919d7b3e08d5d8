"""The audit as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from deploy_access.audit.catalogue import CATALOGUE
from deploy_access.report.json_document import render_document

if TYPE_CHECKING:
    from deploy_access.audit.report_model import Audit, PlacedFinding, ReachedRole
    from deploy_access.audit.sign_ins import JobSignIn
    from deploy_access.terraform.estate import Unread, Where


def render_audit_json(audit: Audit) -> str:
    """Render the whole audit, with nothing cut."""
    return render_document(audit_object(audit))


def audit_object(audit: Audit) -> dict[str, object]:
    """Return the audit as the keys and values of its JSON."""
    severities = [placed.finding.severity for placed in audit.findings]
    return {
        "summary": {
            **{f"{s}s": severities.count(s) for s in ("error", "warning", "note")},
            "accepted": len(audit.accepted),
            "roles": audit.roles,
            "policies": audit.policies,
            "workflows": audit.workflows,
            "unread": len(audit.problems),
            "known": len(audit.known),
            "gone": len(audit.gone),
        },
        # Only where a whole account was read; else who reaches what is not known.
        **({} if audit.reached is None else {"reached": [*map(_reached, audit.reached)]}),
        "sign_ins": [_sign_in(one) for one in audit.sign_ins],
        "findings": [{**_placed(placed), "ended": _ended(placed)} for placed in audit.findings],
        "accepted": [
            {**_placed(placed), "reason": placed.accepted, "until": placed.until or None}
            for placed in audit.accepted
        ],
        "known": [_placed(placed) for placed in audit.known],
        "gone": [asdict(known) for known in audit.gone],
        "unread": [_problem(problem) for problem in audit.problems],
    }


def _reached(role: ReachedRole) -> dict[str, object]:
    return {
        "role": role.name,
        "account": role.account,
        "by": [asdict(caller) for caller in role.by],
        "may": dict(role.may),
        "gives": role.gives,
        "unread": role.unread,
        "severities": dict(role.severities),
        "rules": role.rules,
    }


def _placed(placed: PlacedFinding) -> dict[str, object]:
    found = placed.finding
    return {
        "rule": found.rule,
        "severity": found.severity,
        "confidence": CATALOGUE[found.rule].confidence,
        "subject": placed.subject,
        "where": {**_where(placed.where), "path": placed.path, "key": placed.key},
        "evidence": found.evidence,
        "why": found.why,
        "help": found.help,
    }


def _sign_in(one: JobSignIn) -> dict[str, object]:
    return {
        "job": one.job,
        "where": _where(one.where),
        "environment": one.environment or None,
        "role": one.role,
        "role_known": one.is_known,
        "roles": [*one.found],
        "runs": [{"on": r.label, "answer": r.answer, "cause": r.cause or None} for r in one.runs],
        "may": one.may or None,
    }


def _ended(placed: PlacedFinding) -> dict[str, str] | None:
    """Return the acceptance that has run out, or None."""
    return {"reason": placed.ended, "until": placed.until} if placed.ended else None


def _problem(problem: Unread) -> dict[str, object]:
    return {
        "kind": problem.kind,
        "what": problem.what,
        "given": problem.given,
        "where": _where(problem.where),
    }


def _where(where: Where) -> dict[str, object]:
    return {
        "file": where.file,
        "line": where.line or None,
        "stack": where.stack,
        "address": where.address,
    }
