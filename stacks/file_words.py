"""What other parts say with calls of Python, said with the keys of `environments.toml`."""

from __future__ import annotations

import json
import re
from ast import literal_eval
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deploy_access.errors import Problem

KINDS = (
    "any_branch",
    "any_environment",
    "any_ref",
    "any_repository",
    "any_tag",
    "anything",
    "branch",
    "branch_pattern",
    "environment",
    "pull_request",
    "tag",
    "tag_pattern",
)
"""The keys of an entry of `subjects` that say what is trusted: names of `GithubRepo`'s methods."""

CALL = re.compile(
    rf"\.?\b(?P<kind>{'|'.join(KINDS)})\((?P<value>'[^']*'|\"[^\"]*\"|(?P<name>[A-Z]+))?\)"
)

_MOST_NAMES = 5
_CLAIM = re.compile(r"`(requiring(?:_pattern)?)\((\w+)=\.\.\.\)`")
_CLAIMS = re.compile(r"`\.(requiring(?:_pattern)?)\((?P<claims>\w+=\.\.\.(?:, \w+=\.\.\.)*)\)`")
_OTHERS = {
    "`Images.with_prefix(...)`": "`prefixes`",
    "`Images.matching(...)`": "`patterns`",
    "`Images.any()`": '`status = "any"`',
    "`expire_archived`": '`count_type = "sinceImageTransitioned"`',
    "`archive_unpulled`": "`archive = true`",
    "Use days=": "Use `count` ",
    "`GithubRepo(...)`": '`repository = "OWNER/NAME"`',
    "Write the whole `sub`: Subject.custom.": "Take them out of the template: no key says them.",
    "`Subject.custom_pattern`": "`branch_pattern` or `tag_pattern`",
    "Make it once and refer to it elsewhere with `.from_name` or `.from_account`.": (
        "Give one of them another name."
    ),
}


def first_of(names: Sequence[str]) -> list[str]:
    """Return the first five of *names*, and how many more there are."""
    others = len(names) - _MOST_NAMES
    return [*names[:_MOST_NAMES], *([f"{others} more"] if others > 0 else [])]


def in_keys(problem: Problem) -> Problem:
    """Say with keys of the file what *problem* says with calls of Python."""
    what = _CLAIM.sub(r"`\1.\2`", problem.what)
    return replace(problem, what=text_in_keys(what), fix=text_in_keys(problem.fix))


def text_in_keys(text: str) -> str:
    """Say with keys of the file what *text* says with calls of Python."""
    for words, ours in _OTHERS.items():
        text = text.replace(words, ours)
    return CALL.sub(as_key, _CLAIMS.sub(_required, text))


def as_key(call: re.Match[str]) -> str:
    """Write what `CALL` has found as a key with its value."""
    value = call["value"]
    if call["name"]:
        return f'{call["kind"]} = "{value}"'
    return f"{call['kind']} = {json.dumps(literal_eval(value)) if value else 'true'}"


def _required(call: re.Match[str]) -> str:
    claims = call["claims"].replace("=...", ' = "..."')
    return f"`{call[1]} = {{ {claims} }}`"
