"""
The `moved`, `import` and `removed` blocks of a stack, and which resource is which by them.

Source: https://developer.hashicorp.com/terraform/language/moved,
https://developer.hashicorp.com/terraform/language/block/import and
https://developer.hashicorp.com/terraform/language/block/removed
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.json_shape import as_text, objects
from deploy_access.resource_diff.instances import block_address

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deploy_access.resource_diff.instances import Resource

    Resources = Mapping[str, Resource]


# The one move between types that Terraform itself makes:
# https://developer.hashicorp.com/terraform/language/resources/terraform-data
_MOVABLE = {"null_resource", "terraform_data"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """
    The `moved`, `import` and `removed` blocks of a stack.

    Attributes:
        moved: The address before, to the address after.
        imported: The address of each resource that is imported, to its id.
        removed: The address of each block that is no longer managed, to whether its resources are
            destroyed.
    """

    moved: Mapping[str, str]
    imported: Mapping[str, str]
    removed: Mapping[str, bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """
    The resources of the base and the head, matched.

    Attributes:
        kept: The resources of both sides, before and after; the address may differ.
        gone: The resources of the base only.
        made: The resources of the head only.
        blocked: The addresses that are gone although a `moved` block names them, to the address
            that another resource has.
    """

    kept: tuple[tuple[Resource, Resource], ...]
    gone: tuple[Resource, ...]
    made: tuple[Resource, ...]
    blocked: Mapping[str, str]


def read_declared(content: Mapping[str, object]) -> Declared:
    """Read the blocks of a stack."""
    return Declared(
        moved={
            before: after
            for block in objects(content.get("moved"))
            if (before := _address(block, "from")) and (after := _address(block, "to"))
        },
        imported={
            to: as_text(block.get("id")) or ""
            for block in objects(content.get("import"))
            if (to := _address(block, "to"))
        },
        removed={
            gone: _is_destroyed(block)
            for block in objects(content.get("removed"))
            if (gone := _address(block, "from"))
        },
    )


def pair(base: Resources, head: Resources, declared: Declared) -> Pairs:
    """Match each resource of *base* with the one that Terraform takes it for in *head*."""
    taken: dict[str, Resource] = {}
    gone: list[Resource] = []
    blocked: dict[str, str] = {}
    for address, resource in base.items():
        target = address if address in head else _target(address, base, head, declared.moved)
        is_free = target not in taken and (target == address or target not in base)
        if target in head and is_free and _is_alike(resource, head[target]):
            taken[target] = resource
        else:
            gone.append(resource)
            if target != address:
                blocked[address] = target
    return Pairs(
        kept=tuple((taken[address], found) for address, found in head.items() if address in taken),
        gone=tuple(gone),
        made=tuple(found for address, found in head.items() if address not in taken),
        blocked=blocked,
    )


def _is_alike(before: Resource, after: Resource) -> bool:
    """Whether Terraform takes one for the other; it moves no resource to another type."""
    return before.type == after.type or {before.type, after.type} == _MOVABLE


def _target(address: str, base: Resources, head: Resources, moved: Mapping[str, str]) -> str:
    """
    Return the address to which the `moved` blocks lead from *address*, one after the other.

    They end at an address that the state has already.
    """
    seen = {address}
    found = address
    while (after := _moved(found, moved)) and after not in seen:
        seen.add(after)
        found = after
        if found in head or found in base:
            return found
    return next((other for other in _renumbered(found) if other in head), found)


def _moved(address: str, moved: Mapping[str, str]) -> str | None:
    """Return where one `moved` block leads, which may name an instance or the whole block."""
    if address in moved:
        return moved[address]
    block = block_address(address)
    after = moved.get(block)
    return None if after is None else after + address.removeprefix(block)


def _renumbered(address: str) -> Iterator[str]:
    """List the addresses to which Terraform moves a resource that gets or loses a `count`."""
    if address.endswith("[0]"):
        yield address.removesuffix("[0]")
    elif "[" not in address:
        yield f"{address}[0]"


def _address(block: Mapping[str, object], name: str) -> str:
    """Return an address, which JSON may have as `${…}`."""
    return (as_text(block.get(name)) or "").removeprefix("${").removesuffix("}").strip()


def _is_destroyed(block: Mapping[str, object]) -> bool:
    """Return `lifecycle.destroy`, which is true when it is left out."""
    return all(
        each.get("destroy") not in {False, "false"} for each in objects(block.get("lifecycle"))
    )
