"""
Whether a nested block is there: the mark of a block of which this is not certain.

A `dynamic` block makes as many blocks as its `for_each` has members. Where only Terraform knows
them, or where they rest on a variable, its content is read as one block that has this mark.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

from deploy_access.json_shape import as_list
from deploy_access.terraform.plan_expressions import literal

if TYPE_CHECKING:
    from collections.abc import Mapping

MARK = "\ufdd2"
"""The key of the mark in the arguments of a block: a noncharacter, which no argument is called."""

Presence = Literal["unknown", "default", "default-absent"]
"""
How it is not certain that a block is there.

`unknown`: only Terraform knows it. `default`: it is there by the default of a variable.
`default-absent`: it is not there by the default of a variable, and another value may make it.
"""


def marked(
    body: Mapping[str, object], expression: object, presence: Presence
) -> Mapping[str, object]:
    """Return the arguments of a block with the mark that it rests on *expression*."""
    # Escaped, since whoever resolves the arguments resolves the mark too.
    return {**body, MARK: [literal(str(expression)), presence]}


def mark_of(body: Mapping[str, object]) -> tuple[str, Presence] | None:
    """Return the expression that a block rests on, and how; None where it is there for certain."""
    if MARK not in body:
        return None
    expression, presence = as_list(body[MARK])
    return str(expression), cast("Presence", presence)
