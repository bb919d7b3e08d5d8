"""
What a stack says about addresses: `moved`, `import` and `removed` blocks.

Source: https://developer.hashicorp.com/terraform/language/moved,
https://developer.hashicorp.com/terraform/language/block/import and
https://developer.hashicorp.com/terraform/language/block/removed
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.json_shape import as_text, objects
from deploy_access.resource_diff.instances import block_address
from deploy_access.resource_diff.resource_names import identity, import_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from deploy_access.resource_diff.instances import Resource

    Placed = tuple[str, Resource]
    Thing = tuple[str, str | None, str | None, tuple[str, ...]]
    from collections.abc import Iterator

    from deploy_access.resource_diff.instances import Resource

    Resources = Mapping[str, Resource]


_MOVABLE = {"null_resource", "terraform_data"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """
    What the blocks of a stack say.

    Attributes:
        moved: Address before to address after.
        imported: What is taken over, to its id.
        removed: What is no longer managed, to whether it is destroyed.
    """

    moved: Mapping[str, str]
    imported: Mapping[str, str]
    removed: Mapping[str, bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """
    What became of each resource.

    Attributes:
        kept: What was there and is there, before and after; its address may have changed.
        gone: What is there no longer.
        made: What was not there.
        blocked: Gone, although a `moved` block names it, to the address that it cannot have.
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
    """Find for each resource of *base* what it is in *head*."""
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
    """Whether Terraform takes one for the other; of other types it refuses to move a resource."""
    return before.type == after.type or {before.type, after.type} == _MOVABLE


def _target(address: str, base: Resources, head: Resources, moved: Mapping[str, str]) -> str:
    """
    Follow `moved` blocks from *address*, one after the other, as far as they lead.

    An address that is taken in the state already ends the way.
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
    """Look an address up, or the block that it is an instance of."""
    if address in moved:
        return moved[address]
    block = block_address(address)
    after = moved.get(block)
    return None if after is None else after + address.removeprefix(block)


def _renumbered(address: str) -> Iterator[str]:
    """Terraform itself moves a resource that gets a `count`, and one that loses it."""
    if address.endswith("[0]"):
        yield address.removesuffix("[0]")
    elif "[" not in address:
        yield f"{address}[0]"


def _address(block: Mapping[str, object], name: str) -> str:
    """Read a reference, which JSON may have as a template."""
    return (as_text(block.get(name)) or "").removeprefix("${").removesuffix("}").strip()


def _is_destroyed(block: Mapping[str, object]) -> bool:
    """Read `lifecycle.destroy`, which is true when it is left out."""
    return all(
        each.get("destroy") not in {False, "false"} for each in objects(block.get("lifecycle"))
    )


def find_renamed(
    gone: Iterable[Placed], made: Iterable[Placed]
) -> Mapping[tuple[str, str], Placed]:
    """
    Find the new address of what is gone.

    Returns:
        By stack and address of what is gone, the stack that makes it now, and what it is there.
    """
    there: dict[Thing, Placed] = {}
    for placed in made:
        thing = _thing(placed[1])
        if thing is not None:
            there.setdefault(thing, placed)
    return {
        (stack, resource.address): there[thing]
        for stack, resource in gone
        if (thing := _thing(resource)) is not None and thing in there
    }


def why_renamed(stack: str, target: Placed) -> str:
    """Say what happened to the address."""
    if target[0] == stack:
        return (
            f"Its address moved to `{target[1].address}`: Terraform knows a resource by its "
            "address, and takes this for two."
        )
    return (
        f"It moves to stack `{target[0]}`: each stack has a state of its own, and what leaves one "
        "is destroyed."
    )


def how_to_keep(stack: str, resource: Resource, target: Placed) -> str:
    """Say what to write so that it is kept."""
    other, there = target
    if other == stack:
        return (
            f'Keep it with `.move_from_id("{resource.address}")` on the new resource, or the block '
            f'`"moved": [{{"from": "{resource.address}", "to": "{there.address}"}}]`.'
        )
    return (
        f'Keep it with `"removed": [{{"from": "{resource.address}", "lifecycle": {{"destroy": '
        f'false}}}}]` here, and `"import": [{{"to": "{there.address}", "id": '
        f'"{import_id(resource)}"}}]` in stack `{other}`.'
    )


def _thing(resource: Resource) -> Thing | None:
    """Say which thing in AWS it is: its type, where it is, and its name there."""
    found = identity(resource)
    if found is None or any("${" in part for part in found):
        return None
    place = resource.scope.place(resource.block)
    return (resource.type, place.account, place.region, found)
