"""
A `sub`, or a value that a policy compares it with, taken apart as far as it goes.

Source: https://docs.github.com/actions/reference/security/oidc
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from deploy_access.github.subject import has_wildcard
from deploy_access.iam.patterns import matches_plain

if TYPE_CHECKING:
    from collections.abc import Iterator


Context = Literal["any", "bad", "branch", "custom", "environment", "none", "pull_request", "tag"]

# A whole trust policy has room for four of these.
_LONGEST = 2_048
_REPOSITORY = re.compile(
    r"repo:(?P<owner>[^@/:]+)(@(?P<owner_id>[^/:]+))?"
    r"(/(?P<name>[^@:/]+)(@(?P<repo_id>[^:/]+))?)?(?P<context>:.*)?",
    re.DOTALL,
)
_STARTS: tuple[tuple[str, Context], ...] = (
    ("environment:", "environment"),
    ("ref:refs/heads/", "branch"),
    ("ref:refs/tags/", "tag"),
)
_BAD = re.compile(
    r"(refs/heads/|heads/|refs/tags/|tags/|branch:|tag:|ref:(?!refs/[ht*?]|[*?])).*",
    re.DOTALL,
)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectClaim:
    """
    A value that begins with the repository.

    Attributes:
        owner: The user or organization.
        name: The repository; `*` where nothing is said of it.
        owner_id: GitHub's number for the owner, or None in the legacy form.
        repo_id: GitHub's number for the repository, or None in the legacy form.
        context: What sort of run it is.
        value: The name of the branch, tag or environment; otherwise the rest as it stands.
    """

    owner: str
    name: str
    owner_id: str | None
    repo_id: str | None
    context: Context
    value: str

    @property
    def repository(self) -> str:
        """The repository as GitHub shows it."""
        return f"{self.owner}/{self.name}"

    @property
    def context_text(self) -> str:
        """What follows the repository."""
        start = next((start for start, context in _STARTS if context == self.context), "")
        return "pull_request" if self.context == "pull_request" else f"{start}{self.value}"

    @property
    def is_immutable(self) -> bool:
        """Whether the ids are in it."""
        return self.owner_id is not None


@lru_cache(maxsize=1_024)
def parse_subject(text: str) -> SubjectClaim | None:
    """Take *text* apart, or return None when it does not begin with a repository."""
    found = _REPOSITORY.fullmatch(text) if len(text) <= _LONGEST else None
    if not found or (not found["name"] and "*" not in found["owner"]):
        return None
    name = found["name"] or "*"
    context, value = _context((found["context"] or "")[1:])
    if context == "none" and has_wildcard(name):
        context = "any"
    return SubjectClaim(
        owner=found["owner"],
        name=name,
        owner_id=found["owner_id"],
        repo_id=found["repo_id"],
        context=context,
        value=value,
    )


def _context(text: str) -> tuple[Context, str]:
    if text == "pull_request":
        return "pull_request", ""
    for start, context in _STARTS:
        if text.startswith(start):
            return context, text.removeprefix(start)
    bad = _BAD.fullmatch(text)
    if bad:
        return "bad", text
    if text[:1] in {"*", "?"} or text in {"ref:*", "ref:refs/*", "environment"}:
        return "any", text
    return ("custom" if text else "none"), text


def matches(pattern: str, text: str) -> bool:
    """Whether *text* is matched by *pattern*, in which `*` and `?` are wildcards."""
    if not has_wildcard(pattern) or max(len(pattern), len(text)) > _LONGEST:
        return pattern == text
    return matches_plain(pattern, text)


def same(wanted: str, held: str) -> bool:
    """Whether they are equal but for letter case; *wanted* may be a pattern."""
    return matches(wanted.casefold(), held.casefold())


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
