"""Who a trust policy lets in, as far as it is GitHub's: each value of `sub`, taken apart."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue
from deploy_access.github.issuer import Issuer
from deploy_access.github.subject import has_wildcard
from deploy_access.github.subject_claim import parse_subject
from deploy_access.iam.documents import read_policy
from deploy_access.workflow.deployer import Trusted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.github.subject_claim import SubjectClaim
    from deploy_access.iam.policy import PolicyStatement
    from deploy_access.terraform.estate import Document
    from deploy_access.workflow.deployer import Kind

_KINDS: dict[str, Kind] = {
    "any": "any",
    "branch": "branch",
    "environment": "environment",
    "none": "any",
    "pull_request": "pull_request",
    "tag": "tag",
}


def read_trusted(trust: Document | None) -> tuple[Trusted, ...]:
    """Read whom the policy lets in; what is no subject of GitHub's is left out."""
    if trust is None or trust.content is None:
        return ()
    try:
        policy, _ = read_policy(trust.content)
    except InvalidValue:
        return ()
    found = (
        one
        for statement in policy.statements
        if statement.effect == "Allow"
        for one in _of_statement(statement)
    )
    return tuple(dict.fromkeys(found))


def _of_statement(statement: PolicyStatement) -> Iterator[Trusted]:
    ref = next((v for _, v in _values(statement, "ref")), None)
    issuer = _issuer(statement)
    for operator, value in _values(statement, "sub"):
        parts = parse_subject(value)
        if parts is not None and parts.context in _KINDS:
            found = _trusted(parts, ref, like=operator.startswith("StringLike"))
            yield replace(found, issuer=issuer)


def _issuer(statement: PolicyStatement) -> Issuer:
    """Read whose tokens the condition on `sub` is about: github.com's where it is not GitHub's."""
    keys = (condition.key for condition in statement.conditions)
    host = next((key[: -len(":sub")] for key in keys if key.lower().endswith(":sub")), "")
    try:
        found = Issuer(f"https://{host}")
    except InvalidValue:
        return Issuer.github()
    return found if found.is_github else Issuer.github()


def _values(statement: PolicyStatement, claim: str) -> Iterator[tuple[str, str]]:
    for condition in statement.conditions:
        if condition.key.lower().endswith(f":{claim}"):
            yield from ((condition.operator, value) for value in condition.values)


def _trusted(parts: SubjectClaim, ref: str | None, *, like: bool) -> Trusted:
    return Trusted(
        owner=parts.owner,
        name=parts.name,
        owner_id=parts.owner_id,
        repo_id=parts.repo_id,
        kind=_KINDS[parts.context],
        value=parts.value,
        is_pattern=like and has_wildcard(parts.value),
        claims=parts.claims,
        ref=ref,
    )
