"""
The features that GitHub Enterprise Server has later than github.com, or not at all.

What github.com has, no table needs to say.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, TypeAlias

from deploy_access.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Version: TypeAlias = tuple[int, int]
Feature = Literal["encoded colon", "own files by `$/`", "paths in 3,000 files", "queue"]

OLDEST: Version = (3, 18)
"""
The oldest release that GitHub supports: four feature releases are, and it is 2026-11.

https://docs.github.com/enterprise-server@latest/admin/all-releases
"""
_SINCE: Mapping[Feature, Version | None] = MappingProxyType(
    {
        # A `:` in the name of an environment is `%3A` in `sub`.
        # https://docs.github.com/actions/reference/security/oidc
        "encoded colon": (3, 19),
        # `paths` are looked for in the first 3,000 changed files, and before in the first 300.
        # https://github.com/github/docs/blob/main/data/features/actions-paths-filter-limit.yml
        "paths in 3,000 files": (3, 22),
        # https://github.blog/changelog/2026-07-30-reference-same-repository-actions-with-self-repository-syntax/
        "own files by `$/`": None,
        # https://github.blog/changelog/2026-05-07-github-actions-concurrency-groups-now-allow-larger-queues
        "queue": None,
    }
)
"""The release that has it first; None while no release has it."""


def read_version(text: object) -> Version:
    """Read `3.18`, or return the oldest release."""
    found = re.fullmatch(r"(\d+)\.(\d+)(\.\d+)?", text) if isinstance(text, str) else None
    return (int(found[1]), int(found[2])) if found else OLDEST


def has_feature(version: Version, feature: Feature) -> bool:
    """Whether a release of the server has it."""
    since = _SINCE[feature]
    return since is not None and version >= since


def check_version(where: str, text: object) -> Iterator[Problem]:
    """Find a version that is none, or that GitHub supports no more."""
    fits = isinstance(text, str) and re.fullmatch(r"\d+\.\d+(\.\d+)?", text)
    if not fits or read_version(text) < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        yield Problem(
            what=f"`{where}` is a release of GitHub Enterprise Server, {oldest} or later.",
            given=text,
            why="What it has decides what a workflow may say; GitHub supports no older one, and "
            "the actions that workflows use are made for these.",
            fix=f'For example "{oldest}": the first two numbers of what the site administrator '
            "sees.",
        )
