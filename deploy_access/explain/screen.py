"""
The quick screen: roles that certainly do not let a run in.

An account may have thousands of roles, and most of them are for services or other repositories. A
role that is not certain here is decided by the evaluator.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from deploy_access.explain.differences import compare_subjects
from deploy_access.github.subject_claim import parse_subject
from deploy_access.iam.patterns import matches_plain
from deploy_access.iam.references import is_plain
from deploy_access.json_shape import as_object

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy_access.github.run import Run

# Statements of the usual form only: any other element or operator is left to the evaluator.
_ELEMENTS = {"Sid", "Effect", "Principal", "Action", "Condition"}
_NO_PROVIDERS = {"AWS", "CanonicalUser", "Service"}
_OPERATORS = {"StringEquals": False, "StringLike": True}
_REPOSITORY = re.compile(r"repo:([^/@:*?]+)(?:@\d+)?/([^@:*?]+)(?:@(\d+))?:")
_WILDCARD = re.compile(r"[*?]")


@dataclass(frozen=True, slots=True)
class Refusal:
    """
    Why a role does not let a run in, as far as the screen tells.

    Attributes:
        cause: The id of the likely cause.
        nearness: 2 for a role of the same repository, 1 of the same owner, 0 of another one.
    """

    cause: str
    nearness: int


class Screen:
    """The screen of trust policies for one run."""

    def __init__(self, run: Run) -> None:
        token = parse_subject(run.subject)
        self._subject = run.subject
        self._key = f"{run.provider}:sub"
        self._names = (token.owner.casefold(), token.name.casefold()) if token else ("", "")
        self._repo_id = token.repo_id if token else None
        # The immutable form, for which the ids of the policy are taken to be right.
        immutable = run.ids_unknown and token is not None
        self._start = f"repo:{token.owner}@" if immutable and token else ""
        self._end = f":{token.context_text}" if immutable and token else ""

    def refusal(self, content: str | Mapping[str, object]) -> Refusal | None:
        """Return why the policy certainly refuses the run; None where that is not certain."""
        document = as_object(_parsed(content) if isinstance(content, str) else content)
        found = document.get("Statement")
        statements = cast("list[object]", found) if isinstance(found, list) else [found]
        best = Refusal("no-statement", 0) if statements else None
        for statement in statements:
            refusal = self._of_statement(statement)
            if refusal is None:
                return None
            if best is None or refusal.nearness > best.nearness or best.cause == "no-statement":
                best = refusal
        return best

    def _of_statement(self, found: object) -> Refusal | None:
        if not isinstance(found, dict):
            return None
        statement = cast("dict[str, object]", found)
        if statement.get("Effect") != "Allow" or not statement.keys() <= _ELEMENTS:
            return None
        if _is_for_others(statement.get("Principal")):
            return Refusal("no-statement", 0)
        conditions = statement.get("Condition")
        if not isinstance(conditions, dict):
            return None
        for operator, keys in cast("dict[str, object]", conditions).items():
            if operator in _OPERATORS and isinstance(keys, dict) and self._key in keys:
                wanted = cast("dict[str, object]", keys)[self._key]
                values = cast("list[object]", wanted) if isinstance(wanted, list) else [wanted]
                if all(self._differs(value, like=_OPERATORS[operator]) for value in values):
                    return self._cause(cast("list[str]", values), operator)
        return None

    def _differs(self, value: object, *, like: bool) -> bool:
        """Whether *value* is no form of the run's `sub`, for all ids."""
        if not isinstance(value, str) or not is_plain(value):
            return False
        if not like or not _WILDCARD.search(value):
            return value != self._subject and not self._may_be_immutable(value)
        # With unknown ids a pattern may match the immutable form, if both ends of it agree.
        start, *_, end = _WILDCARD.split(value)
        if self._start and _agree(start, self._start) and _agree(end[::-1], self._end[::-1]):
            return False
        return not matches_plain(value, self._subject)

    def _may_be_immutable(self, value: str) -> bool:
        return bool(self._start) and value.startswith(self._start) and value.endswith(self._end)

    def _cause(self, values: list[str], operator: str) -> Refusal:
        found = max(map(self._named, values), default=None)
        if found is None:
            return Refusal("other-subject", 0)
        nearness, value = found
        if nearness < len(self._names) and _REPOSITORY.match(value):
            return Refusal("other-repository" if nearness else "other-owner", nearness)
        exact = operator == "StringEquals"
        return Refusal(compare_subjects(self._subject, value, exact=exact)[0], nearness)

    def _named(self, value: str) -> tuple[int, str]:
        found = _REPOSITORY.match(value)
        if found and found[3] and found[3] == self._repo_id:
            return len(self._names), value  # the same one, whatever it was called
        if not found or found[1].casefold() != self._names[0]:
            return 0, value
        return 1 + (found[2].casefold() == self._names[1]), value


def _agree(one: str, other: str) -> bool:
    """Whether one of them begins with the other."""
    return one.startswith(other) or other.startswith(one)


def _is_for_others(principal: object) -> bool:
    """Whether the element names accounts, users or services only, none of which has a token."""
    if not isinstance(principal, dict) or not principal.keys() <= _NO_PROVIDERS:
        return False
    # `"AWS": "*"` names every caller, so it is left to the evaluator.
    values = cast("dict[str, object]", principal).values()
    return not any("*" in (value if isinstance(value, list) else [value]) for value in values)


def _parsed(text: str) -> object:
    try:
        return cast("object", json.loads(text))
    except (ValueError, RecursionError):
        return None
