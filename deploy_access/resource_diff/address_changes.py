"""Resources that are destroyed at one address and made at another, and how to keep them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.resource_diff.resource_names import identity, import_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from deploy_access.resource_diff.instances import Resource

    Placed = tuple[str, Resource]
    Thing = tuple[str, str | None, str | None, tuple[str, ...]]


def find_renamed(
    gone: Iterable[Placed], made: Iterable[Placed]
) -> Mapping[tuple[str, str], Placed]:
    """
    Return the new place of each resource that is destroyed and made again.

    Returns:
        By its former stack and address, its new stack, and the resource there.
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
    """Return the sentence on why Terraform destroys a resource that has another address now."""
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
    """Return the sentence on what to write so that Terraform keeps the resource."""
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
    """Return the type, the account, the region and the names of a resource; None when unknown."""
    found = identity(resource)
    if found is None or any("${" in part for part in found):
        return None
    place = resource.scope.place(resource.block)
    return (resource.type, place.account, place.region, found)
