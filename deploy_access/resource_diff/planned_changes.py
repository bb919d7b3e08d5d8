"""
The changes of resources in a plan of Terraform.

Source: https://developer.hashicorp.com/terraform/internals/json-format#change-representation

Changes that were made outside of Terraform (`resource_drift`) are left out: only what the plan does
about them counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.json_shape import as_list, as_object, as_text, objects
from deploy_access.resource_diff.model import ResourceChange
from deploy_access.resource_diff.planned_attributes import (
    planned_attributes,
    planned_name,
    replace_paths,
)
from deploy_access.resource_diff.protection import planned_protection
from deploy_access.resource_diff.resource_kinds import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deploy_access.resource_diff.instances import Resource
    from deploy_access.resource_diff.model import ResourceAction

    Object = Mapping[str, object]
    Resources = Mapping[str, Resource]

_ACTIONS: Mapping[tuple[str, ...], ResourceAction] = {
    ("create",): "create",
    ("create", "delete"): "replace",
    ("create", "forget"): "create",
    ("delete",): "destroy",
    ("delete", "create"): "replace",
    ("forget",): "forget",
    ("update",): "update",
}
_REASONS = {
    "delete_because_count_index": "Its `count` is lower now.",
    "delete_because_each_key": "Its `for_each` has the key no longer.",
    "delete_because_no_move_target": "The `moved` block names no resource that there is.",
    "delete_because_no_module": "Its module is gone.",
    "delete_because_no_resource_config": "Its block is gone.",
    "delete_because_wrong_repetition": "It has instances of another kind now.",
    "replace_because_tainted": "It was made in part only, or somebody tainted it.",
    "replace_by_request": "Somebody asked for it with `-replace`.",
    "replace_by_triggers": "`replace_triggered_by` names what changes.",
}


def read_changes(
    stack: str, plan: Object, base: Resources, head: Resources
) -> list[ResourceChange]:
    """
    Return the changes of a plan.

    Args:
        stack: The name of the stack.
        plan: The plan.
        base: The resources of the base, by address.
        head: The resources of the head, by address; a plan itself has no paths of constructs.
    """
    return [
        found
        for change in objects(plan.get("resource_changes"))
        if change.get("mode") != "data" and (found := _read(stack, change, base, head))
    ]


def _read(stack: str, entry: Object, base: Resources, head: Resources) -> ResourceChange | None:
    change = as_object(entry.get("change"))
    action = _action(entry, change)
    address, kind = as_text(entry.get("address")) or "", as_text(entry.get("type")) or ""
    if action is None or not address:
        return None
    before = as_object(change.get("before"))
    written = head.get(address)
    guard = planned_protection(kind, before, written.body if written else None)
    known = written or base.get(as_text(entry.get("previous_address")) or address)
    return ResourceChange(
        stack=stack,
        address=address,
        type=kind,
        name=(known.path if known else "") or planned_name(change) or address,
        action=action,
        attributes=planned_attributes(change, action),
        holds_data=bool(kind_of(kind).holds),
        why=_why(entry, change, action),
        note=" ".join(_notes(entry, change, action, guard)),
    )


def _action(entry: Object, change: Object) -> ResourceAction | None:
    actions = tuple(as_text(action) or "" for action in as_list(change.get("actions")))
    if change.get("importing"):
        return "replace" if _ACTIONS.get(actions) == "replace" else "import"
    if actions == ("no-op",):
        return "move" if _was_elsewhere(entry) else None
    return _ACTIONS.get(actions)


def _was_elsewhere(entry: Object) -> bool:
    previous = as_text(entry.get("previous_address"))
    return bool(previous) and previous != entry.get("address")


def _why(entry: Object, change: Object, action: ResourceAction) -> str:
    reason = as_text(entry.get("action_reason")) or ""
    paths = replace_paths(change)
    if action == "replace" and paths:
        return f"{' and '.join(f'`{path}`' for path in paths)} cannot be changed in place."
    if action == "move":
        return f"Its address was `{entry.get('previous_address')}`."
    return _REASONS.get(reason, "")


def _notes(entry: Object, change: Object, action: ResourceAction, guard: str) -> Iterator[str]:
    if action != "move" and _was_elsewhere(entry):
        yield f"Its address was `{entry.get('previous_address')}`."
    if action in {"replace", "destroy"}:
        if entry.get("deposed"):
            yield "It is what an earlier, interrupted replacement left."
        if guard:
            yield guard
    if "forget" in as_list(change.get("actions")) and action == "create":
        yield "What is there now is left alone, and forgotten by Terraform."
    if change.get("importing") and action == "replace":
        yield "It is imported first."
