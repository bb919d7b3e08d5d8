"""
GitHub Enterprise Server, whose subjects have no ids in them.

Immutable subjects are GitHub's on github.com alone; of ghe.com (data residency) it does not say.
Source: https://github.blog/changelog/2026-04-23-immutable-subject-claims-for-github-actions-oidc-tokens/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.errors import Problem
from deploy_access.github.subject_claim import segments
from deploy_access.github.subject_warnings import assumed_legacy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from deploy_access.github.issuer import Issuer
    from deploy_access.github.subject import Subject

NO_IDS = "GitHub Enterprise Server writes no ids into `sub`"
"""What is so there, without the full stop."""


def has_ids(value: str) -> bool:
    """Whether a `sub`, or a value that it is compared with, holds the ids of the immutable form."""
    return "@" in dict(segments(value)).get("repo", "")  # no name on GitHub has one


def check_server(subjects: Iterable[Subject], issuer: Issuer) -> Iterator[Problem]:
    """Check that no subject has ids, where the issuer writes none."""
    if not issuer.is_server:
        return
    given = [value for subject in subjects for value in _values(subject) if has_ids(value)]
    if given:
        yield Problem(
            what=f"{NO_IDS}.",
            given=given,
            why="Immutable subjects are of github.com, so no token of this server ever matches.",
            fix="Leave out `owner_id`, `repo_id` and `subject_format`.",
        )


def warnings_of(subject: Subject, issuer: Issuer) -> Iterator[str]:
    """List what a person should check about a subject of *issuer*, in sentences."""
    has_no_ids = assumed_legacy(subject.repository or "")
    yield from (one for one in subject.warnings if not (issuer.is_server and one == has_no_ids))
    if issuer.is_data_residency and any(map(has_ids, _values(subject))):
        yield (
            f"The subject of {subject.repository!r} holds ids, and GitHub does not say whether "
            "ghe.com has immutable subjects. Compare with a real token, or pass "
            '`subject_format="both"` to be ready for either.'
        )


def _values(subject: Subject) -> Iterator[str]:
    for form in subject.forms:
        yield ":".join(segment.text for segment in form if segment.text)
