"""The resources that change, as they were and as they will be, also in the modules of a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.resource_diff.instances import Resource, stack_resources
from deploy_access.review.harmless_values import Place, made_roles, own_places
from deploy_access.review.marked_arguments import NEW, USUAL, describe
from deploy_access.terraform.plan import read_plan
from deploy_access.terraform.scopes import scopes_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy_access.json_file import JsonFile
    from deploy_access.resource_diff.model import ResourceChange
    from deploy_access.review.harmless_values import OwnPlaces
    from deploy_access.terraform.aws_types import Mark
    from deploy_access.terraform.scope import Scope
    from deploy_access.terraform.snapshot import Snapshot


class ChangedResources:
    """
    The resources of both sides by stack and address, listed when one is asked for.

    Attributes:
        base: The side before.
        head: The side after.
    """

    def __init__(self, base: Snapshot, head: Snapshot, plans: Mapping[str, JsonFile]) -> None:
        self.base, self.head = base, head
        self._plans = plans
        self._roles = made_roles(head.estate)
        self._own: dict[Scope, OwnPlaces] = {}
        self._listed: dict[tuple[bool, str], Mapping[str, Resource]] = {}

    def describe(self, marks: tuple[Mark, ...], change: ResourceChange) -> tuple[str, str]:
        """Return what the marked arguments of a change may give, and how."""
        after = self._resource(self.head, change) if marks else None
        if after is None:
            return (USUAL if marks else "", "")
        before = None if change.action in NEW else self._resource(self.base, change)
        return describe(
            marks, change, before, Place(resource=after, own=self._places(after, change))
        )

    def argument(self, change: ResourceChange, name: str, *, is_before: bool) -> object:
        """Return an argument of what changes, as it is written on one side; None without it."""
        found = self._resource(self.base if is_before else self.head, change)
        return None if found is None else found.body.get(name)

    def _places(self, resource: Resource, change: ResourceChange) -> OwnPlaces:
        if resource.scope not in self._own:
            is_plan = change.address.startswith("module.") or self.head.stacks[change.stack].is_plan
            self._own[resource.scope] = own_places(resource.scope, self._roles, is_plan=is_plan)
        return self._own[resource.scope]

    def _resource(self, side: Snapshot, change: ResourceChange) -> Resource | None:
        key = (side is self.head, change.stack)
        if key not in self._listed:
            stack = side.stacks.get(change.stack)
            plan = self._plans.get(change.stack) if side is self.head else None
            # A stack does not hold what its modules make; the plan of it does.
            planned = _planned(plan) if plan else dict[str, Resource]()
            self._listed[key] = {**planned, **(stack_resources(stack) if stack else {})}
        return self._listed[key].get(change.address)


def _planned(plan: JsonFile) -> dict[str, Resource]:
    """List the resources of a plan by address."""
    return {
        block.address: Resource(address=block.address, block=block, scope=scope)
        for scope in scopes_of(read_plan(plan))
        for block in scope.module.blocks
        if block.mode == "resource"
    }
