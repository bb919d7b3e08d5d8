"""
The faults of a value of `sub`: why GitHub never writes it, whatever the template.

The audit, the constructs and `explain` ask here, so that a value that one of them finds wrong is
wrong for all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from deploy_access.github.subject_grammar import (
    ALONE,
    ANY,
    KEYS,
    LONGEST,
    NUMBERS,
    REFS,
    START,
    State,
    is_default,
    is_key,
    literal_end,
    literal_start,
    names_git_file,
)
from deploy_access.iam.references import has_wildcard

# The ref of a pull request, which a template with the claim `ref` may have in `sub`.
_PULL = "refs/pull/"
# More than the keys of all templates; each one is work.
_MOST_COLONS = 100
_ADDRESS = re.compile(r"https?|ssh|git@.*|(www\.)?github\.com(/.*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectFault:
    """
    The reason why GitHub never writes a value.

    Attributes:
        rule: The rule of the audit that finds it.
        why: The reason, as a sentence.
        never: How far that goes, as a sentence.
        is_repository: Whether it is the whole `sub` of a template that has the repository alone.
    """

    rule: Literal["bad-environment", "bad-ref"]
    why: str
    never: str = "It never matches."
    is_repository: bool = False


@lru_cache(maxsize=1_024)
def find_fault(value: str) -> SubjectFault | None:
    """
    Find why no token has *value*, or what it matches as a pattern; None where one may.

    What Terraform fills in can be any text, so that a value with a reference has no fault.
    """
    if "${" in value or len(value) > LONGEST or value.count(":") > _MOST_COLONS:
        return None
    if value != value.strip():
        return SubjectFault(rule="bad-ref", why="A space stands at its beginning or its end.")
    if is_default(value):
        return None
    tokens, states = value.split(":"), {START}
    for index, token in enumerate(tokens):
        after = _as_it_reads(states, token)
        if not after:
            return _fault(value, tokens[:index], states, token)
        states = after
    if not ANY.is_end(states):
        return _fault(value, tokens, states, "")
    is_repository = tokens[0] == "repo" and tokens[2:] == [] and "*" not in value
    return _REPOSITORY if is_repository else None


_REPOSITORY = SubjectFault(
    rule="bad-ref",
    why="GitHub writes the ref, the environment or `pull_request` behind the repository.",
    never="It never matches, unless the repository's own template is `repo` alone.",
    is_repository=True,
)


def _as_it_reads(states: set[State], token: str) -> set[State]:
    """
    Return the states behind a token in a template of a repository's own, as a person reads it.

    A wildcard in a text stays in it, unless it runs into a key, as in `environment:*ref:…`; one in
    the place of a key may stand for several claims.
    """
    found = ANY.after_one(states, token)
    if "*" not in token or not ANY.begins(states, literal_start(token)):
        return found
    end = literal_end(token)
    if end:
        keys = {key for key in KEYS if key.endswith(end)}
        return found | {State(1) if key == ALONE else State(1, key) for key in keys}
    return found | {State(1)} if any(not state.key for state in states) else found


def _fault(value: str, before: list[str], states: set[State], token: str) -> SubjectFault:
    keys = {state.key for state in states}
    never = "It never matches."
    is_open = any(map(has_wildcard, [*before, token])) and ANY.writes(value)
    if is_open or token.startswith(_PULL):
        never = "It matches no `sub` of GitHub's own template."
    if "environment" in keys or ("" in keys and before[-2:-1] == ["environment"]):
        return SubjectFault(rule="bad-environment", why=_why_environment(token), never=never)
    why = _why_no_key(token) if "" in keys else _why_no_text(min(keys), token)
    return SubjectFault(rule="bad-ref", why=why, never=never)


def _why_environment(token: str) -> str:
    if token:
        return "GitHub writes `:` in the name of an environment as `%3A`."
    return "No environment is named."


def _why_no_key(token: str) -> str:
    if is_key(token.lower()):
        return "GitHub writes the names of claims in lower case."
    if not token:
        return "No claim stands beside one of its `:`."
    if has_wildcard(token):
        return f"No claim begins with {literal_start(token)!r}."
    return f"{token!r} is no claim."


def _why_no_text(key: str, token: str) -> str:
    if key in {"repo", "repository"}:
        return _why_no_repository(token)
    if not token:
        return f"No value follows {key!r}."
    if key in NUMBERS:
        return f"The value of {key!r} is a number."
    if token.startswith(_PULL):
        return "The `sub` of a pull request ends in `pull_request`, without a ref or a number."
    if token.startswith(REFS):
        return "Git has no such ref."
    return "The claim holds the full ref, as in `refs/heads/main`."


def _why_no_repository(token: str) -> str:
    if _ADDRESS.fullmatch(token):
        return "GitHub writes `OWNER/NAME`, and not the address of the repository."
    if names_git_file(token):
        return "GitHub writes the name of the repository without `.git`."
    if "@" in token:
        return "GitHub writes the ids of owner and repository as numbers, both or none."
    return "There is no repository in it: GitHub writes `OWNER/NAME`."
