"""
The check of a change: every run that got in still does, and only one kind of run is new.

Every answer is the evaluator's. It is asked about tokens that differ from what the policy trusts in
one thing: another repository, another context, another value of a claim or none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.explain.dead_values import is_dead, is_met_by_none
from deploy_access.explain.platform_words import near_subjects
from deploy_access.github.platform_subject import problem_of
from deploy_access.github.platforms import is_listed
from deploy_access.github.run import AUDIENCE
from deploy_access.github.subject_claim import parse_subject
from deploy_access.iam.decision import Verdict
from deploy_access.iam.documents import read_policy
from deploy_access.iam.operators import read_operator
from deploy_access.iam.patterns import matches_plain, one_match
from deploy_access.iam.trust import WebIdentity, evaluate_trust
from deploy_access.json_shape import as_list, as_object

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from deploy_access.explain.case import Case
    from deploy_access.explain.policy_change import PolicyChange, WrittenPolicy
    from deploy_access.iam.policy import Policy

# A policy has room for more values, but each is a token more to ask about.
_VALUES = 6


def keeps_others_out(case: Case, written: WrittenPolicy, change: PolicyChange, kind: str) -> bool:
    """
    Whether a change lets in all tokens that the policy did, and beside them one kind only.

    Args:
        case: The run that is to be let in.
        written: The trust policy as it is.
        change: The change.
        kind: The `sub` of the kind of run that is newly trusted, which may be a pattern.
    """
    # All other statements stay, so that a token of which the changed one says the same as before
    # needs no look at them: a policy may have hundreds.
    number = change.number
    old = _read(written.having(*([] if number is None else [written.statements[number - 1]])))
    new = _read(written.having(change.statement))
    policy, after = written.policy, _read(change.document)
    met: Policy | None = None
    for claims in _tokens(case, (policy, new)):
        was_in, is_in = _lets_in(case, old, claims), _lets_in(case, new, claims)
        if was_in == is_in or _lets_in(case, after, claims) == _lets_in(case, policy, claims):
            continue
        if was_in:
            return False
        if not matches_plain(kind, claims["sub"]):
            # What only a condition kept out that no token meets is not held against a change.
            met = met or _read(_without_dead(case, written))
            if not _lets_in(case, met, claims):
                return False
    return True


def _read(document: Mapping[str, object]) -> Policy:
    return read_policy(document).policy


def _lets_in(case: Case, policy: Policy, claims: Mapping[str, str]) -> bool:
    token = WebIdentity(
        provider_arn=case.provider_arn, condition_key_prefix=case.run.provider, claims=claims
    )
    return evaluate_trust(policy, token).verdict is Verdict.ALLOWED


def _without_dead(case: Case, written: WrittenPolicy) -> Mapping[str, object]:
    statements: list[object] = []
    for one in written.statements:
        statement = as_object(one)
        conditions = {
            operator: {
                key: value
                for key, value in as_object(keys).items()
                if not is_met_by_none(
                    operator,
                    key,
                    [str(each) for each in as_list(value)],
                    provider=case.run.provider,
                    subject=case.subject,
                )
            }
            for operator, keys in as_object(statement.get("Condition")).items()
        }
        kept = {operator: keys for operator, keys in conditions.items() if keys}
        statements.append({**statement, "Condition": kept} if kept else _bare(statement))
    return written.having(*statements)


def _bare(statement: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in statement.items() if key != "Condition"}


def _tokens(case: Case, policies: Iterable[Policy]) -> Iterator[dict[str, str]]:
    trusted = _trusted(case, policies)
    for subject in _subjects(case, trusted.get("sub", [])):
        base = {"aud": case.run.audience or AUDIENCE, "sub": subject}
        first = {claim: values[0] for claim, values in trusted.items() if claim not in base}
        yield base | first
        for claim in first:
            yield base | first | {claim: "other"}
            yield {key: value for key, value in (base | first).items() if key != claim}
        yield base | {k: v for k, v in case.run.claims.items() if _is_shown(case, k)}


def _is_shown(case: Case, claim: str) -> bool:
    """Whether AWS has a key for a claim; no token shows it another."""
    return is_listed(claim, case.run.provider, case.subject)


def _trusted(case: Case, policies: Iterable[Policy]) -> dict[str, list[str]]:
    """Return a value that the policies want, for each claim of the token."""
    found: dict[str, list[str]] = {}
    for policy in policies:
        for statement in policy.statements:
            for condition in statement.conditions:
                prefix, _, claim = condition.key.rpartition(":")
                operator = read_operator(condition.operator)
                is_ours = prefix.casefold() == case.run.provider.casefold()
                if is_ours and operator and _is_shown(case, claim):
                    values = [one for one in condition.values if _may_be(case, claim, one)]
                    found.setdefault(claim, []).extend(map(one_match, values[:_VALUES]))
    return {claim: list(dict.fromkeys(values)) for claim, values in found.items() if values}


def _may_be(case: Case, claim: str, value: str) -> bool:
    """Whether a token may have a value of a policy, as far as it can be told at other platforms."""
    is_other = claim == "sub" and not case.run.is_github
    return not is_other or problem_of(case.run.provider, value) == ""


def _subjects(case: Case, trusted: list[str]) -> list[str]:
    token = parse_subject(case.subject)
    others: list[str] = []
    if token is not None and case.run.is_github:
        here = case.subject.removesuffix(token.context_text)
        there = f"repo:{token.owner}/other:"
        others = [
            *(f"{here}{context}" for context in _CONTEXTS),
            *(f"{there}{context}" for context in ("pull_request", token.context_text)),
            f"repo:other/{token.name}:{token.context_text}",
        ]
    others += near_subjects(case.run)
    found = dict.fromkeys([case.subject, *trusted[: 2 * _VALUES], *others])
    # The value of a policy that no token has is no token.
    return [
        one
        for one in found
        if not (token and is_dead(one, claim="sub", is_pattern=True, provider=case.run.provider))
    ]


_CONTEXTS = (
    "pull_request",
    "ref:refs/heads/other",
    "ref:refs/tags/other",
    "environment:other",
)
