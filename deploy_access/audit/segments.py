"""
A value of `sub`, taken apart: the claims that it names, as far as they are literal.

Source: https://docs.github.com/actions/reference/security/oidc (templates of `sub`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deploy_access.subject import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Iterator

_WILDCARD = re.compile(r"[*?]")
# The claims that a template of somebody's own can put into `sub`; `repo_property_*` besides.
KEYS = frozenset(
    {
        "actor",
        "actor_id",
        "base_ref",
        "enterprise",
        "enterprise_id",
        "environment",
        "event_name",
        "head_ref",
        "job_workflow_ref",
        "job_workflow_sha",
        "pull_request",
        "ref",
        "ref_type",
        "repo",
        "repository",
        "repository_id",
        "repository_owner",
        "repository_owner_id",
        "repository_visibility",
        "runner_environment",
        "workflow",
        "workflow_ref",
        "workflow_sha",
    }
)
# The others are the same for every run of a repository, or chosen by whoever can push to it.
NARROWING = frozenset(
    {
        "environment",
        "job_workflow_ref",
        "job_workflow_sha",
        "pull_request",
        "ref",
        "workflow_ref",
        "workflow_sha",
    }
)
ONE_REPOSITORY = re.compile(
    r"(^|:)((repo|repository):[^/:*?]+/[^:*?]+|repository_id:\d+"
    r"|workflow_ref:[^/:*?]+/[^/:*?]+/[^:*?]+)(?=:|$)"
)
ONE_OWNER = re.compile(
    r"(^|:)((repository_owner|repository_owner_id|enterprise|enterprise_id):[^:*?]+(?=:|$)"
    r"|(repo|repository|job_workflow_ref):[^/:*?]+/)"
)
LOOSE_WORKFLOW = re.compile(r"(^|:)job_workflow_ref:[^:*?]*[*?]")


def segments(value: str) -> Iterator[tuple[str, str]]:
    """
    Split *value* as GitHub joins it, up to the first wildcard: key and text, by turns.

    Only `pull_request` stands alone. No text holds a `:`, as GitHub writes it as `%3A`.
    """
    tokens = iter(value.split(":") if value else ())
    for key in tokens:
        alone = key == "pull_request" or has_wildcard(key)
        text = "" if alone else next(tokens, "")
        yield key, text
        if has_wildcard(key + text):
            return


def is_key(text: str) -> bool:
    """Whether GitHub has a claim of this name for templates."""
    return text in KEYS or text.startswith("repo_property_")


def literal_start(pattern: str) -> str:
    """Return *pattern* up to its first wildcard."""
    found = _WILDCARD.search(pattern)
    return pattern[: found.start()] if found else pattern
