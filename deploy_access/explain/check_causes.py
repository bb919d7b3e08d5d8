"""The causes of one condition that is not met."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from deploy_access.explain.causes import OTHER_CAUSES
from deploy_access.explain.differences import compare_subjects
from deploy_access.explain.finding import Cause, ProposedChange, alternatives
from deploy_access.explain.snippets import subject_forms, with_risk
from deploy_access.explain.subject_changes import SubjectDifference, subject_cause
from deploy_access.github.run import AUDIENCE
from deploy_access.github.subject import CLAIMS
from deploy_access.iam.operators import read_operator
from deploy_access.iam.references import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.explain.case import Case
    from deploy_access.iam.conditions import Check

# Claims that AWS has a key for, whatever the issuer.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
_ALWAYS = {"amr", "aud", "email", "oaud", "sub"}
_OF_ANY_ISSUER = {"letter-case", "wildcard-under-equals"}
_EXACT = {"aud", "sub"}
_INSTEAD = {
    "iss": "The principal says the issuer already.",
    "repository_owner": "Compare `repository_owner_id`, or say the owner in `sub`.",
    "workflow_ref": "Compare `job_workflow_ref`.",
}


def check_causes(case: Case, check: Check) -> Iterator[Cause]:
    """List the causes of a condition that is not met, the likely one first."""
    for cause in _causes(case, check):
        yield replace(cause, about=check.key)


def _causes(case: Case, check: Check) -> Iterator[Cause]:
    claim = case.claim_of(check)
    if not check.operator_known:
        yield _cause("unknown-operator", _equals(case, check, claim), operator=check.operator)
    elif claim is None:
        yield _other_key(case, check)
    elif case.run.is_github and claim not in {*CLAIMS, *_ALWAYS}:
        yield _cause("unknown-key", _without(case, check, claim), claim=claim)
    elif not _asks_for_text(check):
        yield _cause("condition", _without(case, check, claim), key=check.key)
    elif claim == "sub":
        yield from _subject(case, check)
    elif claim == "aud":
        yield _cause("audience", *_audience(case, check))
    else:
        yield _claim(case, check, claim)


def rank(case: Case, check: Check) -> tuple[int, bool]:
    """The key to sort causes by: conditions that can never be met first, then `sub`, then `aud`."""
    claim = case.claim_of(check)
    impossible = claim is None or (case.run.is_github and claim not in {*CLAIMS, *_ALWAYS})
    if not check.operator_known or impossible:
        return 0, not check.key.casefold().endswith(":sub")
    return {"sub": 1, "aud": 2}.get(claim or "", 3), False


def _asks_for_text(check: Check) -> bool:
    operator = read_operator(check.operator)
    return operator is not None and operator.is_textual and not operator.negated


def _subject(case: Case, check: Check) -> Iterator[Cause]:
    difference = SubjectDifference(
        key=check.key,
        operator=check.operator,
        held=case.subject,
        wanted=case.nearest_value(check),
        is_listed=len(check.wanted) > 1,
        is_described=case.run.described,
    )
    operator = read_operator(check.operator)
    exact = operator is None or not operator.is_pattern
    causes = compare_subjects(difference.held, difference.wanted, exact=exact)
    if not case.run.is_github:
        causes = [cause for cause in causes if cause in _OF_ANY_ISSUER] or ["other-subject"]
    for cause in causes:
        yield subject_cause(cause, difference)


def _cause(cause: str, *changes: ProposedChange, **fields: str) -> Cause:
    return Cause(id=cause, text=OTHER_CAUSES[cause].format(**fields), changes=changes)


def _other_key(case: Case, check: Check) -> Cause:
    """Return the cause for a key with a prefix that is not the provider's."""
    prefix, _, claim = check.key.rpartition(":")
    if claim.casefold() not in {*CLAIMS, *_ALWAYS} or prefix.casefold() in {"aws", "sts"}:
        return _cause("condition", key=check.key)
    wanted = _values(case, check, claim)
    change = ProposedChange(
        side="policy",
        text=with_risk(_subject_of(case, claim), "In the policy, use the keys of this provider:"),
        forms=(("JSON", _json(_operator(check, claim), f"{case.run.provider}:{claim}", wanted)),),
    )
    return _cause("key-prefix", _with_subject(case, change), given=prefix, wanted=case.run.provider)


def _operator(check: Check, claim: str) -> str:
    return "StringEquals" if claim.casefold() in _EXACT else check.operator


def _values(case: Case, check: Check, claim: str | None) -> tuple[str, ...]:
    """Return the values for a mended condition: for `sub` and `aud` exactly the run's own."""
    exact = {"sub": case.subject, "aud": case.run.audience or AUDIENCE}.get(
        (claim or "").casefold()
    )
    return check.wanted if exact is None else (exact,)


def _subject_of(case: Case, claim: str | None) -> str:
    return case.subject if (claim or "").casefold() == "sub" else ""


def _equals(case: Case, check: Check, claim: str | None) -> ProposedChange:
    text = with_risk(_subject_of(case, claim), "In the policy, use an operator of IAM's:")
    wanted = _json("StringEquals", check.key, _values(case, check, claim))
    return ProposedChange(side="policy", text=text, forms=(("JSON", wanted),))


def _without(case: Case, check: Check, claim: str) -> ProposedChange:
    """Return the change that removes a condition, but never the one on `sub`."""
    instead = _INSTEAD.get(claim, "")
    if claim == "aud":
        text = "In the policy, make the condition on `aud`:"
        wanted = _json("StringEquals", check.key, _values(case, check, claim))
        return _with_subject(
            case, ProposedChange(side="policy", text=text, forms=(("JSON", wanted),))
        )
    if claim != "sub" and _names_subject(case):
        text = f"In the policy, take out the condition on {check.key!r}. {instead}"
        return ProposedChange(side="policy", text=text.strip())
    text = f"In the policy, put in place of the condition on {check.key!r}:"
    forms = subject_forms(f"{case.run.provider}:sub", case.subject)
    return ProposedChange(side="policy", text=with_risk(case.subject, text), forms=forms)


def _names_subject(case: Case) -> bool:
    """Whether the statement compares `sub` with a value."""
    checks = case.nearest.checks if case.nearest else ()
    about = [check for check in checks if check.key.casefold().endswith(":sub")]
    return any(_asks_for_text(check) for check in about)


def _with_subject(case: Case, change: ProposedChange) -> ProposedChange:
    """Add a condition on the run's `sub` where the statement has none."""
    if _names_subject(case):
        return change
    key = f"{case.run.provider}:sub"
    added = ("JSON", _json("StringEquals", key, (case.subject,)))
    text = with_risk(case.subject, f"{change.text[:-1]}, and add one on `sub`:")
    return replace(change, text=text, forms=(*change.forms, added))


def _audience(case: Case, check: Check) -> Iterator[ProposedChange]:
    held, wanted = case.run.audience or AUDIENCE, case.nearest_value(check)
    policy = ProposedChange(
        side="policy",
        text="Have this among the provider's client ids too, and in the policy make it the "
        "condition on `aud`:",
        forms=(("JSON", _json("StringEquals", check.key, (held,))),),
    )
    workflow = ProposedChange(
        side="workflow",
        text="Ask for the audience that the policy wants, in the step that gets credentials:",
        forms=(("YAML", f"audience: {wanted}"),),
    )
    policy = _with_subject(case, policy)
    if has_wildcard(wanted):
        yield policy
    else:
        yield from alternatives((policy, workflow) if held == AUDIENCE else (workflow, policy))


def _claim(case: Case, check: Check, claim: str) -> Cause:
    if not check.held:
        return _cause("claim-missing", _without(case, check, claim), claim=claim)
    change = ProposedChange(
        side="policy",
        text=f"If this run is meant, make the condition on `{claim}`:",
        forms=(("JSON", _json("StringEquals", check.key, check.held)),),
    )
    return _cause("claim", _with_subject(case, change), claim=claim)


def _json(operator: str, key: str, values: tuple[str, ...]) -> str:
    value = values[0] if len(values) == 1 else list(values)
    return json.dumps({operator: {key: value}}, ensure_ascii=False)[1:-1]
