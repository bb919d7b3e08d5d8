"""Who a trust policy lets in, as far as it is GitHub's: each value of `sub`, taken apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue, Problem
from deploy_access.github.issuer import Issuer
from deploy_access.github.subject_claim import parse_subject
from deploy_access.github.trusted_subject import named_subjects, trusted_subjects
from deploy_access.iam.documents import read_policy
from deploy_access.iam.references import has_wildcard, is_plain
from deploy_access.workflow.deployer import Trusted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.github.oidc_trust import OidcStatement
    from deploy_access.github.subject_claim import SubjectClaim
    from deploy_access.github.trusted_subject import TrustedSubject
    from deploy_access.terraform.estate import Document
    from deploy_access.workflow.deployer import Deployer, Kind

_KINDS: dict[str, Kind] = {
    "any": "any",
    "branch": "branch",
    "environment": "environment",
    "none": "any",
    "pull_request": "pull_request",
    "tag": "tag",
}


def read_trusted(trust: Document | None) -> tuple[Trusted, ...]:
    """
    Read whom the policy lets in; what is no subject of GitHub's is left out.

    Where it lets nobody in, it is whom it names: the proof of the workflow then says why not.
    """
    if trust is None or trust.content is None:
        return ()
    try:
        policy, _ = read_policy(trust.content)
    except InvalidValue:
        return ()
    possible = list(trusted_subjects(policy))
    subjects = possible or [one for one in named_subjects(policy) if one.claim]
    return tuple(dict.fromkeys(one for subject in subjects for one in _trusted(subject)))


def why_open(deployer: Deployer) -> Problem | None:
    """Say that no workflow fits a role, where it trusts any run, or any but some."""
    found = next((one for one in deployer.trusted if one.kind == "anything but"), None)
    if found is None:
        return None
    but = f" but {found.value}" if found.value else ""
    return Problem(
        what=f"The role {deployer.name!r} trusts any run{but}.",
        given=str(deployer.role.where),
        why="A statement of its trust policy asks for no value of `sub`, so nothing says in which "
        "environment or on which ref a job would run.",
        fix="Ask for one with `StringEquals` or `StringLike`, or name only other roles with "
        "`--role`.",
    )


def _trusted(subject: TrustedSubject) -> Iterator[Trusted]:
    parts = parse_subject(subject.value)
    if subject.kind == "anything but":
        if subject.statement.is_github and subject.statement.names_provider:
            excluded = " and ".join(map(repr, subject.excluded))
            yield Trusted(owner="*", name="*", kind="anything but", value=excluded)
    elif parts is not None and parts.context in _KINDS:
        yield _of_subject(subject, parts)


def _of_subject(subject: TrustedSubject, parts: SubjectClaim) -> Trusted:
    return Trusted(
        owner=parts.owner,
        name=parts.name,
        owner_id=parts.owner_id,
        repo_id=parts.repo_id,
        kind=_KINDS[parts.context],
        value=parts.value,
        is_pattern=subject.kind == "pattern" and has_wildcard(parts.value),
        claims=parts.claims,
        ref=next(iter(subject.statement.of("ref")), None),
        issuer=_issuer(subject.statement.prefix),
        audiences=tuple(_audiences(subject.statement)),
    )


def _audiences(statement: OidcStatement) -> Iterator[str]:
    for claim in statement.of("aud"):
        if claim.is_exact:
            yield from filter(is_plain, claim.values)


def _issuer(prefix: str) -> Issuer:
    """Read whose tokens they are: github.com's where it is not certain that they are GitHub's."""
    try:
        found = Issuer(f"https://{prefix}")
    except InvalidValue:
        return Issuer.github()
    return found if found.is_github else Issuer.github()
