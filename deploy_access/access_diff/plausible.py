"""Examples that look like real requests: a wildcard stands for some text, not for an empty one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from deploy_access.access_diff.clauses import PolicyClause

SOMETHING = "1"
"""The text for a wildcard: a revision of a task definition is a number, and a name can be one."""
_PARTS = {3: "eu-central-1", 4: "111122223333"}
"""The text for a wildcard that is a whole part of an ARN, by the place of the part."""


def plausible(
    resource: str, context: Mapping[str, tuple[str, ...]], rules: Iterable[PolicyClause]
) -> tuple[str, dict[str, tuple[str, ...]]]:
    """
    Replace each value in which a wildcard of *rules* stands for the empty text.

    The new request may prove less than the old one, so the caller must check it again.

    Args:
        resource: The resource of a request.
        context: Its condition keys.
        rules: The statements that allow it.
    """
    filled: dict[str, str] = {}
    for rule in rules:
        values = (value for one in rule.conditions for value in one.values)
        for pattern in (*rule.resources, *values):
            if "*" in pattern and "${" not in pattern:
                filled.setdefault(pattern.replace("*", ""), _filled(pattern))
    texts = {key: tuple(filled.get(v, v) for v in held) for key, held in context.items()}
    return filled.get(resource, resource), texts


def _filled(pattern: str) -> str:
    parts = pattern.split(":", 5)
    for place, text in _PARTS.items():
        if parts[0] == "arn" and len(parts) > place and parts[place] == "*":
            parts[place] = text
    return ":".join(parts).replace("*", SOMETHING)
