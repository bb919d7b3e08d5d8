"""The causes why a `sub` differs from a policy's value, the most specific one first."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from deploy_access.github.passing_refs import kind_of
from deploy_access.github.segment import encode
from deploy_access.github.subject_claim import matches, parse_subject, same
from deploy_access.github.subject_fault import find_fault
from deploy_access.github.subject_grammar import is_key
from deploy_access.iam.references import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.github.subject_claim import SubjectClaim

_CONTEXTS = {
    ("branch", "branch"): "other-branch",
    ("branch", "environment"): "environment-in-policy",
    ("branch", "pull_request"): "pull-request-in-policy",
    ("branch", "tag"): "branch-not-tag",
    ("environment", "branch"): "environment-on-job",
    ("environment", "environment"): "other-environment",
    ("environment", "pull_request"): "environment-on-job",
    ("environment", "tag"): "environment-on-job",
    ("pull_request", "branch"): "pull-request",
    ("pull_request", "environment"): "environment-in-policy",
    ("pull_request", "tag"): "pull-request",
    ("tag", "branch"): "tag-not-branch",
    ("tag", "environment"): "environment-in-policy",
    ("tag", "pull_request"): "pull-request-in-policy",
    ("tag", "tag"): "other-tag",
}
"""The cause of a difference, by the run's context and the policy's."""
# GitHub encodes a `:` in a name, so that neither can be a part of the other.
_CONTEXT_START = re.compile(r"environment:|ref:refs/")

_REPOSITORY_KEY = re.compile(r"\s*repo(sitory)?:", re.IGNORECASE)


def compare_subjects(held: str, wanted: str, *, exact: bool) -> list[str]:
    """
    List every cause why *held* differs from *wanted*.

    Args:
        held: The value of the token.
        wanted: A value of the policy.
        exact: Whether the operator has no wildcards.
    """
    return list(dict.fromkeys(_causes(held, wanted, exact=exact))) or ["other-subject"]


def compare_texts(held: str, wanted: str, *, exact: bool) -> list[str]:
    """List the causes why *held* differs from *wanted* at an issuer whose `sub` may be any text."""
    if exact and has_wildcard(wanted):
        return ["wildcard-under-equals"]
    return ["letter-case"] if same(wanted, held) else []


def _causes(held: str, wanted: str, *, exact: bool) -> Iterator[str]:
    if exact and has_wildcard(wanted):
        yield "wildcard-under-equals"
        if matches(wanted, held):
            return  # As a pattern it would match, so nothing else is wrong.
    token, policy = _parse_token(held), parse_subject(wanted)
    if _is_malformed(wanted, token):
        yield from _of_malformed(token, policy, wanted)
    elif same(wanted, held):
        yield "letter-case"
    elif token is None or _is_of_other_template(token, policy):
        yield "custom-template"
    elif policy is None:
        yield "custom-template" if is_key(wanted.partition(":")[0]) else "not-a-subject"
    elif _is_template(policy) and not token.has_claims:
        yield "custom-template"
    else:
        yield from _of_repository(token, policy)
        yield from _of_context(token, policy)
        yield from _of_spelling(token, policy)


def _is_malformed(wanted: str, token: SubjectClaim | None) -> bool:
    """Whether no run has *wanted*, unless it is of a template like the token's."""
    fault = find_fault(wanted)
    if fault is None or fault.rule != "bad-ref":
        return False
    return not (fault.is_repository and token is not None and token.context == "none")


def _of_malformed(
    token: SubjectClaim | None, policy: SubjectClaim | None, wanted: str
) -> Iterator[str]:
    if policy is None and not _REPOSITORY_KEY.match(wanted):
        yield "not-a-subject"
        return
    # Another owner or name explains all that follows, so it comes first.
    if token and policy and not same(policy.owner, token.owner):
        yield "other-owner"
    elif token and policy and not same(policy.name.removesuffix(".git"), token.name):
        yield "other-repository"
    yield "bad-ref"
    if token and policy:
        yield from _of_ids(token, policy)


def _parse_token(held: str) -> SubjectClaim | None:
    """Take a token's `sub` apart; the ref of a pull request is taken for `pull_request`."""
    token = parse_subject(held)
    if token is None or kind_of(token.context_text.removeprefix("ref:")) != "pull-request":
        return token
    return replace(token, context="pull_request", context_text="pull_request")


def _is_of_other_template(token: SubjectClaim, policy: SubjectClaim | None) -> bool:
    """Whether claims follow the context of a `sub`, and not the same ones in the policy's value."""
    if token.context in {"custom", "none", "bad"}:
        return True
    keys = [[key for key, _ in one.claims] for one in (token, policy) if one]
    return token.has_claims and (policy is None or keys[0] != keys[1])


def holds_two_contexts(policy: SubjectClaim) -> bool:
    """Whether a pattern asks for an environment and a ref in one `sub`."""
    found = set(_CONTEXT_START.findall(policy.context_text))
    return len(found) > 1 and has_wildcard(policy.context_text) and not _is_template(policy)


def _is_template(policy: SubjectClaim) -> bool:
    """Whether claims follow the context: GitHub writes a `:` of a name as `%3A`."""
    return bool(policy.claims) and all(is_key(key) for key, _ in policy.claims)


def _of_repository(token: SubjectClaim, policy: SubjectClaim) -> Iterator[str]:
    # Another owner or name explains all that follows, so it comes first.
    is_renamed = _is_renamed(token, policy)
    if is_renamed:
        yield "renamed-repository"
    elif not same(policy.owner, token.owner):
        yield "other-owner"
    elif not same(policy.name, token.name):
        yield "other-repository"
    if _is_encoded(token, policy):
        yield "environment-encoding"
    if not is_renamed:
        yield from _of_ids(token, policy)


def _is_renamed(token: SubjectClaim, policy: SubjectClaim) -> bool:
    """Whether it is one repository under two names: it keeps its id, also at another owner."""
    if token.repo_id is None or token.repo_id != policy.repo_id:
        return False
    return not (same(policy.owner, token.owner) and same(policy.name, token.name))


def _of_ids(token: SubjectClaim, policy: SubjectClaim) -> Iterator[str]:
    if token.is_immutable and not policy.is_immutable:
        yield "legacy-subject-in-policy"
    elif policy.is_immutable and not token.is_immutable:
        yield "immutable-subject-in-policy"
    elif token.is_immutable and policy.is_immutable:
        ids = ((policy.owner_id, token.owner_id), (policy.repo_id, token.repo_id))
        if not all(wanted is None or matches(wanted, held or "") for wanted, held in ids):
            yield "other-ids"


def _of_context(token: SubjectClaim, policy: SubjectClaim) -> Iterator[str]:
    if token.context == policy.context and same(_value(policy), _value(token)):
        return
    if holds_two_contexts(policy):
        yield "two-contexts"
        return
    of_pull_request = policy.context == "pull_request" and policy.has_claims
    if policy.context == "custom" or of_pull_request:
        yield "custom-template"
    elif not _is_encoded(token, policy) and (token.context, policy.context) in _CONTEXTS:
        yield _CONTEXTS[token.context, policy.context]


def _value(parts: SubjectClaim) -> str:
    """Return the branch, tag or environment as it stands, without further claims."""
    return parts.rest.partition(":")[0] if parts.claims else parts.rest


def _of_spelling(token: SubjectClaim, policy: SubjectClaim) -> Iterator[str]:
    pairs = (
        (policy.owner, token.owner),
        (policy.name, token.name),
        (policy.rest, token.rest),
    )
    if any(same(wanted, held) and not matches(wanted, held) for wanted, held in pairs):
        yield "letter-case"


def _is_encoded(token: SubjectClaim, policy: SubjectClaim) -> bool:
    return (
        token.context == policy.context == "environment"
        and policy.has_claims
        and same(encode(policy.rest), token.rest)
    )


def nearness(held: str, wanted: str) -> tuple[int, ...]:
    """Return how near a value is: the same repository, the same kind of run, the same start."""
    token, policy = parse_subject(held), parse_subject(wanted)
    if token is None or policy is None:
        return (0, 0, 0, _common(held, wanted))
    return (
        2 * same(policy.owner, token.owner) + same(policy.name, token.name),
        (policy.context == token.context) + 2 * same(policy.rest, token.rest),
        policy.is_immutable == token.is_immutable,
        _common(held, wanted),
    )


def _common(held: str, wanted: str) -> int:
    for index, (one, other) in enumerate(zip(held, wanted, strict=False)):
        if one != other:
            return index
    return min(len(held), len(wanted))
