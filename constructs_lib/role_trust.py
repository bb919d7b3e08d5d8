"""Who may assume a role: the findings that it is refused for, and how it is described."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs_lib.role_checks import other_issuer
from deploy_access import limits
from deploy_access.audit.finding import unaccepted
from deploy_access.audit.refusals import check_everybody, pull_request_write
from deploy_access.audit.subjects import check_subject, is_pull_request
from deploy_access.errors import AccessRefused, InvalidValue

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from deploy_access.audit.finding import Finding
    from deploy_access.issuer import Issuer
    from deploy_access.subject import Subject


def refuse_subjects(
    name: str, issuer: Issuer, subjects: Sequence[Subject], accept: Mapping[str, str]
) -> None:
    """
    Refuse subjects that are too wide or never match.

    Raises:
        InvalidValue: A subject of GitHub cannot come from *issuer*.
        AccessRefused: There are some, and their rules are not in *accept*.
    """
    for subject in subjects:
        if subject.repository is not None and not issuer.is_github:
            raise InvalidValue(other_issuer(subject.repository, issuer.url))
    # The rules know GitHub's grammar; GitLab's and Bitbucket's subjects look otherwise.
    check = _findings if issuer.is_github else _everybody
    found = unaccepted((f for subject in subjects for f in check(subject)), accept)
    if found:
        raise AccessRefused(f"Role {name!r}", found)


def refuse_writing(
    name: str, what: str, subjects: Sequence[Subject], accept: Mapping[str, str]
) -> None:
    """
    Refuse that a role which trusts pull requests may write.

    Raises:
        AccessRefused: It does, and `pull-request-write` is not in *accept*.
    """
    values = [value for subject in subjects for value in (*subject.exact, *subject.patterns)]
    found = [pull_request_write(value, what) for value in values if is_pull_request(value)]
    if unaccepted(found, accept):
        raise AccessRefused(f"Role {name!r}", found)


def describe_role(subjects: Sequence[Subject], issuer: Issuer) -> str:
    """Name the repositories in a sentence; the subjects themselves change too often."""
    names = sorted({s.repository for s in subjects if s.repository is not None})
    if not names:
        return f"Deploys with tokens of {issuer.condition_key_prefix}"
    text = f"Deploys from {', '.join(names)}"
    if len(text) <= limits.DESCRIPTION_LENGTH:
        return text
    return f"Deploys from {len(names)} repositories, {names[0]} to {names[-1]}"


def _findings(subject: Subject) -> Iterator[Finding]:
    for value in subject.exact:
        yield from check_subject(value, pattern=False)
    for value in subject.patterns:
        yield from check_subject(value, pattern=True)


def _everybody(subject: Subject) -> Iterator[Finding]:
    for value in subject.patterns:
        yield from check_everybody(value)
