"""The subjects of a role: the audit's findings on them, and the description that they give it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.audit.claim_rules import check_claim_value
from deploy_access.audit.platform_subject_rules import check_platform_subject
from deploy_access.audit.refusal_rules import pull_request_write
from deploy_access.audit.subject_value_rules import check_subject, is_pull_request
from deploy_access.iam import limits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from deploy_access.audit.finding import Finding
    from deploy_access.github.issuer import Issuer
    from deploy_access.github.subject import Subject


def find_in_subjects(issuer: Issuer, subjects: Iterable[Subject]) -> Iterator[Finding]:
    """Find subjects that are too wide or never match."""
    for subject in subjects:
        yield from _findings(subject) if issuer.is_github else _of_platform(issuer, subject)


def find_pull_requests(subjects: Iterable[Subject], what: str) -> Iterator[Finding]:
    """Find pull requests among *subjects*, which may not be given *what*: it writes."""
    for subject in subjects:
        for value in (*subject.exact, *subject.patterns):
            if is_pull_request(value):
                yield pull_request_write(value, what)


def describe_role(subjects: Sequence[Subject], issuer: Issuer, does: str = "Deploys") -> str:
    """Return a sentence that names the repositories; the subjects themselves change too often."""
    # Sorted and without the subjects: IAM's description should change as seldom as possible.
    names = sorted({s.repository for s in subjects if s.repository is not None})
    if not names:
        return f"{does} with tokens of {issuer.condition_key_prefix}"
    text = f"{does} from {', '.join(names)}"
    if len(text) <= limits.DESCRIPTION_LENGTH:
        return text
    return f"{does} from {len(names)} repositories, {names[0]} to {names[-1]}"


def _findings(subject: Subject) -> Iterator[Finding]:
    # Of a template that is declared as `repo` alone, the repository is the whole `sub`.
    is_alone = all([segment.key for segment in form] == ["repo"] for form in subject.forms)
    for value in subject.exact:
        yield from check_subject(value, pattern=False, is_repository_alone=is_alone)
    for value in subject.patterns:
        yield from check_subject(value, pattern=True)
    for claim, values in subject.requires_like.items():
        for value in values:
            yield from check_claim_value(claim, value)


def _of_platform(issuer: Issuer, subject: Subject) -> Iterator[Finding]:
    provider = issuer.condition_key_prefix
    for value in subject.exact:
        yield from check_platform_subject(provider, value, pattern=False)
    for value in subject.patterns:
        yield from check_platform_subject(provider, value, pattern=True)
