"""Refs that come once are told from those that stay."""

from __future__ import annotations

import pytest

from deploy_access.github.passing_refs import kind_of


@pytest.mark.parametrize(
    ("ref", "kind"),
    [
        ("refs/pull/42/merge", "pull-request"),
        ("refs/pull/42/head", "pull-request"),
        ("refs/heads/gh-readonly-queue/main/pr-1-ab", "merge-queue"),
        ("refs/tags/v1", "tag"),
        ("refs/heads/main", None),
        ("refs/heads/pull/42/merge", None),
        ("refs/heads/gh-readonly-queue", None),
        ("refs/tags/", None),
        ("", None),
    ],
)
def test_kinds(ref: str, kind: str | None) -> None:
    """A ref of a pull request, a merge queue or a tag comes once; a branch stays."""
    assert kind_of(ref) == kind
