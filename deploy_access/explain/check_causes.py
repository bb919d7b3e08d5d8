"""The causes of one condition that is not met."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from deploy_access.claims.run import AUDIENCE
from deploy_access.explain.causes import OTHER_CAUSES
from deploy_access.explain.differences import compare_subjects
from deploy_access.explain.finding import Cause, Change
from deploy_access.explain.subject_changes import Difference, subject_cause
from deploy_access.subject import CLAIMS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.evaluate import Check
    from deploy_access.explain.case import Case

# Besides GitHub's own: what AWS has a key for whoever the issuer is.
_ALWAYS = {"amr", "aud", "email", "oaud", "sub"}
_OF_ANY_ISSUER = {"letter-case", "wildcard-under-equals"}
_INSTEAD = {
    "iss": "The principal says the issuer already.",
    "repository_owner": "Compare `repository_owner_id`, or say the owner in `sub`.",
    "workflow_ref": "Compare `job_workflow_ref`.",
}


def check_causes(case: Case, check: Check) -> Iterator[Cause]:
    """Name the causes of a condition that is not met, the likely one first."""
    claim = case.claim_of(check)
    if not check.operator_known:
        yield _cause("unknown-operator", _equals(check), operator=check.operator)
    elif claim is None:
        yield _other_key(case, check)
    elif case.run.is_github and claim not in {*CLAIMS, *_ALWAYS}:
        yield _cause("unknown-key", _without(check, claim), claim=claim)
    elif not _asks_for_text(check):
        yield _cause("condition", _without(check, claim), key=check.key)
    elif claim == "sub":
        yield from _subject(case, check)
    elif claim == "aud":
        yield _cause("audience", *_audience(case, check))
    else:
        yield _claim(check, claim)


def rank(case: Case, check: Check) -> tuple[int, bool]:
    """Say how early a condition's cause comes: what can never be met first, then `sub`."""
    claim = case.claim_of(check)
    impossible = claim is None or (case.run.is_github and claim not in {*CLAIMS, *_ALWAYS})
    if not check.operator_known or impossible:
        return 0, not check.key.casefold().endswith(":sub")
    return {"sub": 1, "aud": 2}.get(claim or "", 3), False


def _asks_for_text(check: Check) -> bool:
    name = check.operator.casefold().rpartition(":")[2]
    return name.startswith(("string", "arn")) and "not" not in name


def _subject(case: Case, check: Check) -> Iterator[Cause]:
    difference = Difference(
        key=check.key,
        operator=check.operator,
        held=case.subject,
        wanted=case.nearest_value(check),
        is_listed=len(check.wanted) > 1,
    )
    exact = "like" not in check.operator.casefold()
    causes = compare_subjects(difference.held, difference.wanted, exact=exact)
    if not case.run.is_github:
        causes = [cause for cause in causes if cause in _OF_ANY_ISSUER] or ["other-subject"]
    for cause in causes:
        yield subject_cause(cause, difference)


def _cause(cause: str, *changes: Change, **fields: str) -> Cause:
    return Cause(id=cause, text=OTHER_CAUSES[cause].format(**fields), changes=changes)


def _other_key(case: Case, check: Check) -> Cause:
    """Tell a key of another provider from one that is about something else."""
    prefix, _, claim = check.key.rpartition(":")
    if claim.casefold() not in {*CLAIMS, *_ALWAYS} or prefix.casefold() in {"aws", "sts"}:
        return _cause("condition", key=check.key)
    change = Change(
        side="policy",
        text="In the policy, use the keys of this provider:",
        forms=(("JSON", _json(check.operator, f"{case.run.provider}:{claim}", check.wanted)),),
    )
    return _cause("key-prefix", change, given=prefix, wanted=case.run.provider)


def _equals(check: Check) -> Change:
    return Change(
        side="policy",
        text="In the policy, use an operator of IAM's:",
        forms=(("JSON", _json("StringEquals", check.key, check.wanted)),),
    )


def _without(check: Check, claim: str) -> Change:
    instead = _INSTEAD.get(claim, "")
    text = f"In the policy, take out the condition on {check.key!r}. {instead}"
    return Change(side="policy", text=text.strip())


def _audience(case: Case, check: Check) -> Iterator[Change]:
    held = case.run.audience or AUDIENCE
    yield Change(
        side="policy",
        text="In the policy, make the condition on `aud`:",
        forms=(("JSON", _json("StringEquals", check.key, (held,))),),
    )
    yield Change(
        side="workflow",
        text="Or ask for the audience that the policy wants, in the step that gets credentials:",
        forms=(("YAML", f"audience: {case.nearest_value(check)}"),),
    )


def _claim(check: Check, claim: str) -> Cause:
    if not check.held:
        return _cause("claim-missing", _without(check, claim), claim=claim)
    change = Change(
        side="policy",
        text=f"If this run is meant, make the condition on `{claim}`:",
        forms=(("JSON", _json("StringEquals", check.key, check.held)),),
    )
    return _cause("claim", change, claim=claim)


def _json(operator: str, key: str, values: tuple[str, ...]) -> str:
    value = values[0] if len(values) == 1 else list(values)
    return json.dumps({operator: {key: value}}, ensure_ascii=False)[1:-1]
