"""The values of a resource at the path of an argument, and the block that one refers to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.json_shape import as_list, objects
from deploy_access.resource_diff.argument_values import resolve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.resource_diff.instances import Resource
    from deploy_access.terraform.scope import Scope


# A block of a module that a plan calls has the path of the module before it.
_BEGINNING = re.compile(
    r"\$\{\s*(?:module\.[\w-]+(?:\[[^\]{}]*\])?\.)*(?P<address>(?:data\.)?[A-Za-z_]\w*\.[\w-]+)"
    r"(?:\[[^\]{}]*\]|\.\w+)*\s*\}"
)
# What a plan has for an argument whose expression has references, and for one without any: the
# provider chooses its value. See `deploy_access.terraform.plan_expressions`.
_ARN = re.compile(r"\$\{(?P<block>[^,{}]+)\.arn, (?P=block), known after apply\}")
# The longest reference that is looked for, longer than any with its indexes: the time that the
# expression above takes grows with the square of the text.
_LONGEST = 2000
_NOTHING: tuple[object, ...] = ("", [], {}, "${known after apply}")


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedValue:
    """
    A value of an argument.

    Attributes:
        path: The path of the argument.
        raw: As it is written.
        known: With its names resolved; `${expression}` where only Terraform knows it.
    """

    path: str
    raw: object
    known: object


def values_at(resource: Resource, path: str) -> list[MarkedValue]:
    """List the values at *path*, those of lists one by one; what is null or empty is none."""
    found: list[object] = [resource.body]
    for step in path.split("."):
        found = [child for one in found for child in _children(resource.scope, one, step)]
    values = (
        MarkedValue(path=path, raw=raw, known=_of_plan(path, known))
        for raw in found
        for known in as_list(resolve(resource.scope, raw))
    )
    return [value for value in values if value.known not in _NOTHING]


def _of_plan(path: str, known: object) -> object:
    """Return the reference that stands for an ARN in a plan, which has no text around it."""
    if not isinstance(known, str) or not path.endswith(("arn", "arns", "role", "roles")):
        return known
    found = _ARN.fullmatch(known)
    return f"${{{found['block']}.arn}}" if found else known


def _children(scope: Scope, parent: object, step: str) -> Iterator[object]:
    if isinstance(parent, str):
        found = resolve(scope, parent)
        if not isinstance(found, str):
            yield from _children(scope, found, step)
        elif "${" in found:
            # What is not resolved may hold anything, so it stands for each of its parts.
            yield found
    for block in objects(parent):
        yield from as_list(block.get(step))
        for dynamic in objects(block.get("dynamic")):
            for one in objects(dynamic.get(step)):
                yield from as_list(one.get("content"))


def first_reference(text: str) -> tuple[str, bool]:
    """Return the block that a text begins with an attribute of, and whether that is all."""
    # No name in a stack of anybody's is that long, and a hostile one costs its square.
    found = _BEGINNING.match(text) if len(text) <= _LONGEST else None
    return (found["address"], found.end() == len(text)) if found else ("", False)
