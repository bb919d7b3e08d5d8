"""Whether a stack makes its repository of images, pushes to one that is there, or has none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .ecr_tables import EcrSettings

# With a repository that another makes, only the push is this stack's own.
_OF_PUSH = {"name", "push_cache", "push_policy_name", "repository"}


def check_source(settings: EcrSettings) -> Iterator[Problem]:
    """Check that no setting is about a repository that the stack does not make."""
    read = {"create": None, "existing": _OF_PUSH, "none": {"repository"}}[settings.repository]
    lost = [] if read is None else sorted(settings.model_fields_set - read)
    if lost:
        makes = "another makes it" if settings.repository == "existing" else "there is none"
        yield Problem(
            what=f'`ecr.repository = "{settings.repository}"` stands beside settings of it.',
            given=lost,
            why=f"The stack does not make the repository, as {makes}; they would do nothing.",
            fix='Remove them, or write `repository = "create"`.',
        )


def check_shared_source(settings: EcrSettings) -> Iterator[Problem]:
    """Check that a repository for all environments is made by the stack that says so."""
    if settings.repository != "create":
        yield Problem(
            what="`ecr.account` makes a repository for all environments.",
            given={"repository": settings.repository},
            why="One of both keys says that it is made here, the other that it is not.",
            fix="Remove `account`, or remove `repository`.",
        )
