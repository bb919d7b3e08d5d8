"""The causes of one condition that is not met."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from deploy_access.explain.causes import OTHER_CAUSES
from deploy_access.explain.differences import compare_subjects, compare_texts
from deploy_access.explain.finding import Cause, ProposedChange
from deploy_access.explain.platform_causes import platform_cause
from deploy_access.explain.platform_words import ask_for_audience
from deploy_access.explain.subject_changes import (
    WORKFLOW,
    SubjectDifference,
    subject_cause,
    use_workflow,
)
from deploy_access.github.claims import CONDITION_KEYS
from deploy_access.github.oidc_trust import is_other_key
from deploy_access.github.platforms import is_listed
from deploy_access.github.run import is_data_residency
from deploy_access.iam.operators import asks_for_text, read_operator
from deploy_access.iam.references import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.explain.case import Case
    from deploy_access.iam.conditions import Check

_INSTEAD = {
    "iss": "The principal says the issuer already.",
    "repository_owner": "Compare `repository_owner_id`, or say the owner in `sub`.",
    "workflow_ref": "Compare `job_workflow_ref`.",
}
_NOT_TRIED = "That is what AWS's list of keys says for this issuer; it was not tried."


def check_causes(case: Case, check: Check) -> Iterator[Cause]:
    """List the causes of a condition that is not met, the likely one first."""
    for cause in _causes(case, check):
        yield replace(cause, about=check.key)


def _causes(case: Case, check: Check) -> Iterator[Cause]:
    claim = case.claim_of(check)
    if not check.operator_known:
        yield _cause("unknown-operator", operator=check.operator)
    elif claim is None:
        yield _other_key(case, check)
    elif not is_listed(claim, case.run.provider, case.subject):
        instead = _INSTEAD.get(claim, "") if case.run.is_github else _NOT_TRIED
        yield _cause("unknown-key", claim=claim, instead=instead)
    elif not asks_for_text(check.operator):
        yield _cause("condition", key=check.key)
    elif claim == "sub":
        yield from _subject(case, check)
    elif claim == "aud":
        yield _cause("audience", *_audience(case, check))
    else:
        is_workflow = claim == WORKFLOW and case.run.is_github
        changes = _workflow(check) if is_workflow else ()
        yield _cause("claim" if check.held else "claim-missing", *changes, claim=claim)


def rank(case: Case, check: Check) -> tuple[int, bool]:
    """The key to sort causes by: conditions that can never be met first, then `sub`, then `aud`."""
    claim = case.claim_of(check)
    impossible = claim is None or not is_listed(claim, case.run.provider, case.subject)
    if not check.operator_known or impossible:
        return 0, not check.key.casefold().endswith(":sub")
    return {"sub": 1, "aud": 2}.get(claim or "", 3), False


def _subject(case: Case, check: Check) -> Iterator[Cause]:
    difference = SubjectDifference(
        key=check.key,
        operator=check.operator,
        held=case.subject,
        wanted=case.nearest_value(check),
        is_described=case.run.described,
        is_at_ghe=is_data_residency(case.run.provider),
    )
    operator = read_operator(check.operator)
    exact = operator is None or not operator.is_pattern
    compare = compare_subjects if case.run.is_github else compare_texts
    causes = compare(difference.held, difference.wanted, exact=exact)
    if not causes:
        yield platform_cause(case.run.provider, difference)
    for cause in causes:
        is_server = case.run.is_server and cause == "immutable-subject-in-policy"
        yield subject_cause("ids-on-server" if is_server else cause, difference)


def _cause(cause: str, *changes: ProposedChange, **fields: str) -> Cause:
    return Cause(id=cause, text=OTHER_CAUSES[cause].format(**fields).strip(), changes=changes)


def _other_key(case: Case, check: Check) -> Cause:
    """Return the cause for a key with a prefix that is not the provider's."""
    prefix, _, claim = check.key.rpartition(":")
    if claim.casefold() not in CONDITION_KEYS or is_other_key(check.key):
        return _cause("condition", key=check.key)
    return _cause("key-prefix", given=prefix, wanted=case.run.provider)


def _workflow(check: Check) -> Iterator[ProposedChange]:
    wanted = next((value for value in check.wanted if not has_wildcard(value)), None)
    if wanted is not None:
        yield use_workflow(wanted)


def _audience(case: Case, check: Check) -> Iterator[ProposedChange]:
    wanted = case.nearest_value(check)
    # At another platform the audience alone is proposed only where it is enough.
    if case.run.is_github and not has_wildcard(wanted):
        yield ask_for_audience(case.run, wanted)
