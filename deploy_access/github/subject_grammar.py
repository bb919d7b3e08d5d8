"""
The grammar of `sub`: the claims that GitHub can write into it, by its own template or another.

A value is claims with `:` between: a key and its text by turns, and `pull_request` alone. GitHub's
own template has the repository and one claim more; a repository's template may have any. No text
holds a `:`, as GitHub writes it as `%3A`, but a wildcard of a policy may stand for several claims.

Source: https://docs.github.com/actions/reference/security/oidc
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from deploy_access.github.name_rules import is_ref_name
from deploy_access.iam.patterns import matches_plain
from deploy_access.iam.references import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# A whole trust policy has room for four of these.
LONGEST = 2_048
"""The longest value that is taken apart, in characters."""
ALONE: Literal["pull_request"] = "pull_request"
"""The claim without a text."""
# What a repository's own template can put into `sub`; `repo_property_*` besides.
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
NUMBERS = frozenset({"actor_id", "enterprise_id", "repository_id", "repository_owner_id"})
"""The claims whose texts are numbers."""
REFS = ("refs/heads/", "refs/tags/")
"""How the text of `ref` begins."""
_PROPERTY = "repo_property_"
_NAMES = frozenset({"repo", "repository"})
# Owner and name, both with their ids or both without; the second one is how such a text begins. A
# name in an example may have spaces in it, as `<your organization>`.
_WORD = r"[^/@\s](?:[^/@]*[^/@\s])?"
_NAME = re.compile(rf"{_WORD}/{_WORD}|{_WORD}@\d+/{_WORD}@\d+")
_NAME_START = re.compile(
    rf"(?:[^/@\s][^/@]*)?|{_WORD}/[^/@]*|{_WORD}@(?:\d*|\d+/(?:[^/@]*|{_WORD}@\d*))"
)
_GIT_FILE = re.compile(r"\.git(@[^/]*)?$", re.IGNORECASE)
_WILDCARDS = re.compile(r"[*?]")
# The keys that each claim of GitHub's own template may have; a template without a list has any.
_DEFAULT = (frozenset({"repo"}), frozenset({ALONE, "environment", "ref"}))
# Each `?` may stand for a `:`; with more of them, all of that is taken to be possible.
_MOST_SPLITS = 4


class State(NamedTuple):
    """How many claims are read, up to the template's length, and the key whose text is next."""

    claims: int
    key: str = ""


START = State(0)
"""The state before the first claim."""


class _Edge(NamedTuple):
    """A key, or the text of a key, and the state behind it."""

    key: str
    is_text: bool
    to: State


class SubjectTemplate:
    """A template of `sub`, as an automaton over the parts of a value between its `:`."""

    def __init__(self, keys: tuple[frozenset[str], ...] | None = None) -> None:
        self._keys = keys
        self._known_edges: dict[State, tuple[_Edge, ...]] = {}

    def writes(self, value: str) -> bool:
        """Whether *value* is a `sub` of the template, or as a pattern matches one."""
        states = {START}
        for token in value.split(":"):
            states = self._after(states, token)
            if not states:
                return False
        return self.is_end(states)

    def is_end(self, states: Iterable[State]) -> bool:
        """Whether a value may end in one of *states*."""
        length = len(self._keys) if self._keys else 1
        return any(not state.key and state.claims == length for state in states)

    def after_one(self, states: Iterable[State], token: str) -> set[State]:
        """Return the states behind a token that is one key or one text."""
        return {edge.to for state in states for edge in self._edges(state) if _is(edge, token)}

    def begins(self, states: Iterable[State], start: str) -> set[State]:
        """Return the states behind what may begin with *start*."""
        edges = (edge for state in states for edge in self._edges(state))
        return {edge.to for edge in edges if _may_begin(edge, start)}

    def _after(self, states: set[State], token: str) -> set[State]:
        """Return the states behind a token; a wildcard may stand for several claims."""
        found = self.after_one(states, token)
        if not has_wildcard(token):
            return found
        if "*" in token or token.count("?") > _MOST_SPLITS:
            inner = self._reachable(self.begins(states, literal_start(token)))
            edges = (edge for state in inner for edge in self._edges(state))
            return found | {edge.to for edge in edges if _may_end(edge, literal_end(token))}
        for wildcard in _WILDCARDS.finditer(token):
            middle = self.after_one(states, token[: wildcard.start()])
            found |= self._after(middle, token[wildcard.end() :]) if middle else set()
        return found

    def _reachable(self, states: Iterable[State]) -> set[State]:
        found, new = set(states), set(states)
        while new:
            new = {edge.to for one in new for edge in self._edges(one)} - found
            found |= new
        return found

    def _edges(self, state: State) -> tuple[_Edge, ...]:
        found = self._known_edges.get(state)
        if found is None:
            found = self._known_edges[state] = tuple(self._edges_from(state))
        return found

    def _edges_from(self, state: State) -> Iterator[_Edge]:
        done = State(state.claims + 1 if self._keys else 1)
        if state.key:
            yield _Edge(state.key, is_text=True, to=done)
            return
        for key in self._next_keys(state.claims):
            yield _Edge(key, is_text=False, to=done if key == ALONE else state._replace(key=key))

    def _next_keys(self, claims: int) -> Iterable[str]:
        if self._keys is None:
            return (*KEYS, _PROPERTY)
        return self._keys[claims] if claims < len(self._keys) else ()


DEFAULT = SubjectTemplate(_DEFAULT)
"""GitHub's own template."""
ANY = SubjectTemplate()
"""Every template that a repository can have."""


@lru_cache(maxsize=1_024)
def is_default(value: str) -> bool:
    """Whether *value* is a `sub` of GitHub's own template, or as a pattern matches one."""
    return len(value) <= LONGEST and DEFAULT.writes(value)


def is_key(text: str) -> bool:
    """Whether GitHub has a claim of this name for templates."""
    return text in KEYS or text.startswith(_PROPERTY)


def literal_start(pattern: str) -> str:
    """Return *pattern* up to its first wildcard."""
    return _WILDCARDS.split(pattern, maxsplit=1)[0]


def literal_end(pattern: str) -> str:
    """Return what follows the last wildcard of *pattern*."""
    return _WILDCARDS.split(pattern)[-1]


def names_git_file(name: str) -> bool:
    """Whether a repository is named as Git's address of it, which ends in `.git`."""
    return _GIT_FILE.search(name) is not None


def _is(edge: _Edge, token: str) -> bool:
    """Whether *token* is the key or the text, or as a pattern may match it."""
    if has_wildcard(token):
        if edge.is_text or edge.key == _PROPERTY:
            return _may_begin(edge, literal_start(token)) and _may_end(edge, literal_end(token))
        return matches_plain(token, edge.key)
    if not edge.is_text:
        return token == edge.key or (edge.key == _PROPERTY and token.startswith(_PROPERTY))
    if edge.key in _NAMES:
        return bool(_NAME.fullmatch(token)) and not names_git_file(token)
    if edge.key == "ref":
        start = next(filter(token.startswith, REFS), None)
        return start is not None and is_ref_name(token.removeprefix(start))
    return token.isdecimal() if edge.key in NUMBERS else bool(token)


def _may_begin(edge: _Edge, start: str) -> bool:
    if not edge.is_text:
        is_longer = edge.key == _PROPERTY and start.startswith(_PROPERTY)
        return edge.key.startswith(start) or is_longer
    if edge.key in _NAMES:
        return bool(_NAME_START.fullmatch(start))
    if edge.key == "ref":
        named = next(filter(start.startswith, REFS), None)
        if named is None:
            return any(one.startswith(start) for one in REFS)
        return is_ref_name(f"{start.removeprefix(named)}x")
    return edge.key not in NUMBERS or not start or start.isdecimal()


def _may_end(edge: _Edge, end: str) -> bool:
    if not edge.is_text:
        return edge.key == _PROPERTY or edge.key.endswith(end)
    if edge.key in _NAMES:
        return end.count("/") <= 1 and not names_git_file(end)
    return edge.key not in NUMBERS or not end or end.isdecimal()
