"""The prefix of the repositories that ECR makes by itself, for a cache or by a template."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deploy_access.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = "ROOT"
"""AWS's word for all repositories that no other prefix is about."""

# https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreatePullThroughCacheRule.html
_PART = r"[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*"
_PREFIX = re.compile(rf"{_PART}(/{_PART})*")
_SHORTEST = 2


def check_prefix(keyword: str, prefix: str, longest: int) -> Iterator[Problem]:
    """Check a prefix, to which ECR itself adds the `/`."""
    if prefix == ROOT:
        return
    # No reference either: the prefix becomes part of an address in Terraform's state.
    if not _PREFIX.fullmatch(prefix) or not _SHORTEST <= len(prefix) <= longest:
        yield Problem(
            what=f"`{keyword}` is {_SHORTEST} to {longest} lower-case letters and digits, with "
            f"single `.`, `_`, `-` or `/` between them, or `{ROOT}`.",
            given=prefix,
            why="ECR refuses any other, and adds the `/` at the end by itself.",
            fix="For example 'docker-hub', for repositories like docker-hub/library/python.",
        )


def repositories_below(prefix: str) -> str:
    """Return the resource of a policy for the repositories with *prefix*."""
    return "repository/*" if prefix == ROOT else f"repository/{prefix}/*"
