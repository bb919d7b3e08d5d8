"""The causes why a `sub` differs from a policy's value, the most specific one first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.github.segment import encode
from deploy_access.github.subject_claim import is_key, matches, parse_subject, same
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


def compare_subjects(held: str, wanted: str, *, exact: bool) -> list[str]:
    """
    List every cause why *held* differs from *wanted*.

    Args:
        held: The value of the token.
        wanted: A value of the policy.
        exact: Whether the operator has no wildcards.
    """
    return list(dict.fromkeys(_causes(held, wanted, exact=exact))) or ["other-subject"]


def _causes(held: str, wanted: str, *, exact: bool) -> Iterator[str]:
    if exact and has_wildcard(wanted):
        yield "wildcard-under-equals"
        if matches(wanted, held):
            return  # As a pattern it would match, so nothing else is wrong.
    if same(wanted, held):
        yield "letter-case"
        return
    token, policy = parse_subject(held), parse_subject(wanted)
    if token is None or token.context in {"custom", "none", "bad"} or token.has_claims:
        yield "custom-template"
    elif policy is None:
        key = wanted.partition(":")[0]
        yield "bad-ref" if key == "repo" else "custom-template" if is_key(key) else "not-a-subject"
    elif _is_template(policy) and not token.has_claims:
        yield "custom-template"
    else:
        yield from _of_repository(token, policy)
        yield from _of_context(token, policy)
        yield from _of_spelling(token, policy)


def _is_template(policy: SubjectClaim) -> bool:
    """Whether claims follow the context: GitHub writes a `:` of a name as `%3A`."""
    is_known = bool(policy.claims) and all(is_key(key) for key, _ in policy.claims)
    return not policy.is_malformed and is_known


def _of_repository(token: SubjectClaim, policy: SubjectClaim) -> Iterator[str]:
    # Another owner or name explains all that follows, so it comes first.
    if not same(policy.owner, token.owner):
        yield "other-owner"
    elif policy.is_malformed and same(policy.name.removesuffix(".git"), token.name):
        yield "bad-ref"
    elif not same(policy.name, token.name):
        yield "other-repository"
    if _is_encoded(token, policy):
        yield "environment-encoding"
    yield from _of_ids(token, policy)


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
    if token.context == policy.context and same(policy.rest, token.rest):
        return
    of_pull_request = policy.context == "pull_request" and policy.has_claims
    if policy.is_malformed:
        return
    if policy.context == "custom" or of_pull_request:
        yield "custom-template"
    elif not _is_encoded(token, policy) and (token.context, policy.context) in _CONTEXTS:
        yield _CONTEXTS[token.context, policy.context]


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
