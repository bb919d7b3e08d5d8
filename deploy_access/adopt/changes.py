"""What applying the synthesized stacks would change of what is there, by risk."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from deploy_access.access_diff.access import compare_access
from deploy_access.access_diff.model import Delta
from deploy_access.adopt.sides import sides_of
from deploy_access.resource_diff.compare_resources import compare_resources, in_order
from deploy_access.terraform.snapshot import read_snapshot
from deploy_access.terraform.sources import Reading

if TYPE_CHECKING:
    from pathlib import Path

    from deploy_access.access_diff.model import AccessChange
    from deploy_access.adopt.existing import Inventory
    from deploy_access.resource_diff.model import AttributeChange, ResourceChange

_ACCESS = {"assume_role_policy", "policy"}
"""The attributes that say who may do what: what differs in them is told as access."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """
    What would change.

    Attributes:
        destroyed: What would be destroyed, or made anew in the place of what is there.
        lost: Access that goes, of each party.
        gained: Access that comes.
        rewritten: Policies that are taken over and written anew, whose access is told above.
        settings: What else is taken over and updated, with its attributes.
        made: What is made, since it is not there.
        unchanged: What is taken over as it is, by address.
        unknown: What is taken over and of which no file says anything, as sentences.
        states: Addresses in Terraform states of what is taken over, each with its file.
    """

    destroyed: tuple[ResourceChange, ...] = ()
    lost: tuple[AccessChange, ...] = ()
    gained: tuple[AccessChange, ...] = ()
    rewritten: tuple[ResourceChange, ...] = ()
    settings: tuple[ResourceChange, ...] = ()
    made: tuple[ResourceChange, ...] = ()
    unchanged: int = 0
    unknown: tuple[str, ...] = ()
    states: tuple[tuple[str, str], ...] = ()


def find_changes(inventory: Inventory, folder: Path) -> Changes:
    """
    Compare what is there with the stacks that were synthesized into *folder*.

    Raises:
        InvalidValue: It is no folder that CDKTF has written.
    """
    sides = sides_of(Reading().stacks(folder), inventory)
    base, head = read_snapshot(sides.base), read_snapshot(sides.head)
    resources = in_order(compare_resources(base.stacks, head.stacks))
    access = compare_access(base.estate, head.estate)
    updated = tuple(one for one in resources if one.action == "update")
    destroyed = tuple(one for one in resources if one.is_destroyed)
    changed = len({(one.stack, one.address) for one in (*updated, *destroyed)})
    states = {(one.file, one.state) for one in sides.taken.values() if one.state}
    return Changes(
        destroyed=destroyed,
        lost=tuple(_lost(one) for one in access if one.is_narrowed),
        gained=tuple(_gained(one) for one in access if one.is_widened),
        rewritten=tuple(one for one in updated if any(map(_is_access, one.attributes))),
        settings=tuple(filter(None, map(_setting, updated))),
        made=tuple(one for one in resources if one.action == "create"),
        unchanged=len(sides.taken) - changed,
        unknown=tuple(sides.unknown),
        states=tuple(sorted(states)),
    )


def _lost(change: AccessChange) -> AccessChange:
    session = change.session
    shorter = session if session and session[1] < session[0] else None
    return replace(
        change,
        trust=Delta(lost=change.trust.lost),
        permissions=Delta(lost=change.permissions.lost),
        session=shorter,
    )


def _gained(change: AccessChange) -> AccessChange:
    session = change.session
    longer = session if session and session[1] > session[0] else None
    return replace(
        change,
        trust=replace(change.trust, lost=()),
        permissions=replace(change.permissions, lost=()),
        session=longer,
    )


def _setting(change: ResourceChange) -> ResourceChange | None:
    """Return a change without what is told as access; None where nothing else changes."""
    left = tuple(one for one in change.attributes if not _is_access(one))
    return replace(change, attributes=left) if left else None


def _is_access(attribute: AttributeChange) -> bool:
    return attribute.name.partition(".")[0] in _ACCESS
