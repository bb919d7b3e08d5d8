"""
What an override file makes of a block.

Source: https://developer.hashicorp.com/terraform/language/files/override#merging-behavior and, for
nested blocks, Terraform's `internal/configs/module_merge_body.go`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.json_shape import as_list, as_object, objects
from deploy_access.terraform.block_comments import without_comment
from deploy_access.terraform.state_place import STATES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Body = Mapping[str, object]

_RESOURCES = {"data", "ephemeral", "resource"}


def override_body(kind: str, base: Body, over: Body) -> Body:
    """
    Return the body of a block of *kind* with all that *over* has of its own.

    An argument replaces the argument, and nested blocks of a type all those of that type; only
    `lifecycle` is merged argument by argument.
    """
    found = without_comment(over)
    given = {
        name: value for name, value in found.items() if not _is_no_block(base.get(name), value)
    }
    dynamic = {name for each in objects(given.get("dynamic")) for name in each}
    kept = {name: value for name, value in base.items() if name not in dynamic}
    if kind in _RESOURCES and "lifecycle" in given:
        given["lifecycle"] = _merged(base.get("lifecycle"), given["lifecycle"])
    if "dynamic" in base:
        left = [without(each, {*given, *dynamic}) for each in objects(base["dynamic"])]
        given["dynamic"] = [*filter(None, left), *objects(given.get("dynamic"))]
    return {**kept, **given}


def override_terraform(base: Iterable[Body], over: Body) -> list[Body]:
    """Return `terraform` blocks with the settings of *over* in place of theirs."""
    replaced = set(over) - {"required_providers"}
    if STATES & replaced:
        replaced |= STATES
    names = {name for each in objects(over.get("required_providers")) for name in each}
    return [*(_without_providers(without(each, replaced), names) for each in base), over]


def without(body: Body, names: Iterable[str]) -> Body:
    """Return the body without the arguments and blocks of these *names*."""
    gone = set(names)
    return {name: value for name, value in body.items() if name not in gone}


def _without_providers(terraform: Body, names: set[str]) -> Body:
    if "required_providers" not in terraform:
        return terraform
    kept = [without(each, names) for each in objects(terraform["required_providers"])]
    return {**terraform, "required_providers": kept}


def _merged(base: object, over: object) -> Body:
    """Merge the arguments of the one block that each of two values is."""
    found: dict[str, object] = {}
    for each in (*objects(base), *objects(over)):
        found |= each
    return found


def _is_no_block(base: object, over: object) -> bool:
    """Whether *over* is the absence of a block, which overrides no block that is there."""
    return not as_list(over) and any(map(as_object, as_list(base)))
