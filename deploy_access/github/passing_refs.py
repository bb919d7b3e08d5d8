"""
Refs that come once: of a pull request, of a merge queue, and tags.

Sources: https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows
(`pull_request`: the ref is `refs/pull/NUMBER/merge`),
https://docs.github.com/repositories/configuring-branches-and-merges-in-your-repository/configuring-pull-request-merges/managing-a-merge-queue
"""

from __future__ import annotations

import re
from typing import Literal

Kind = Literal["merge-queue", "pull-request", "tag"]

_REFS: dict[Kind, re.Pattern[str]] = {
    "pull-request": re.compile(r"refs/pull/[^/]+/(merge|head)"),
    "merge-queue": re.compile(r"refs/heads/gh-readonly-queue/.+", re.DOTALL),
    "tag": re.compile(r"refs/tags/.+", re.DOTALL),
}


def kind_of(ref: str) -> Kind | None:
    """Return the sort of a ref that comes once; None for any other text."""
    return next((kind for kind, pattern in _REFS.items() if pattern.fullmatch(ref)), None)
