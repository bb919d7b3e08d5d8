"""
What Terraform would do to each resource, from its own plan.

Source: https://developer.hashicorp.com/terraform/internals/json-format#change-representation

What somebody changed outside of Terraform (`resource_drift`) is no part of it: only what the plan
then does about it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from deploy_access.json_shape import as_list, as_object, as_text, objects
from deploy_access.resource_diff.attributes import (
    SENSITIVE,
    UNKNOWN,
    AttributeDifference,
    differences,
)
from deploy_access.resource_diff.model import AttributeChange, ResourceChange
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
_NAMES = (
    *("bucket", "identifier", "cluster_identifier", "function_name", "family", "repository"),
    *("name", "url", "id"),
)
_MOST = 100


def read_changes(
    stack: str, plan: Object, base: Resources, head: Resources
) -> list[ResourceChange]:
    """
    Read what a plan does.

    Args:
        stack: The stack that the plan is of.
        plan: The plan.
        base: What the base says about its resources, by address.
        head: What the head says; a plan itself has no paths of constructs.
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
        name=(known.path if known else "") or _name(change) or address,
        action=action,
        attributes=_attributes(change, action),
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


def _name(change: Object) -> str:
    """Name it as it is called now, or will be, unless its name is a secret."""
    for side in ("before", "after"):
        values, marks = as_object(change.get(side)), change.get(f"{side}_sensitive")
        for name in _NAMES:
            text = as_text(values.get(name))
            if text and not _is_secret(marks, name):
                return text
    return ""


def _is_secret(marks: object, name: str) -> bool:
    return _is_hidden(marks if marks is True else as_object(marks).get(name))


def _attributes(change: Object, action: ResourceAction) -> tuple[AttributeChange, ...]:
    if action not in {"update", "replace", "import"}:
        return ()
    before, after = as_object(change.get("before")), as_object(change.get("after"))
    unknown = as_object(change.get("after_unknown"))
    causes = {path.partition(".")[0] for path in _replaced(change)}
    filled = {
        name: UNKNOWN if _is_hidden(unknown.get(name)) else after.get(name)
        for name in {*after, *unknown}
        if action != "replace" or not _is_hidden(unknown.get(name)) or name in causes
    }
    old = {name: value for name, value in before.items() if name in filled}
    found = [d for d in differences(old, filled) if not _repeats_tags(d, before, after)]
    return tuple(_shown(difference, change) for difference in found[:_MOST])


def _repeats_tags(difference: AttributeDifference, before: Object, after: Object) -> bool:
    """Whether `tags_all` only says what `tags` says."""
    return difference.path.startswith("tags_all") and before.get("tags") != after.get("tags")


def _shown(difference: AttributeDifference, change: Object) -> AttributeChange:
    """Write an attribute; what the provider marks as sensitive, on either side, is not shown."""
    name = difference.name.partition(".")[0].partition("[")[0]
    sides = (change.get("before_sensitive"), change.get("after_sensitive"))
    hidden = any(_is_secret(marks, name) for marks in sides)
    found = difference.shown()
    return AttributeChange(
        name=found.name,
        before=SENSITIVE if hidden and found.before is not None else found.before,
        after=_after(difference, found.after, hidden=hidden),
    )


def _after(difference: AttributeDifference, shown: str | None, *, hidden: bool) -> str | None:
    if difference.after == UNKNOWN:
        return UNKNOWN
    return SENSITIVE if hidden and shown is not None else shown


def _is_hidden(marks: object) -> bool:
    """Whether `true` stands anywhere in what marks a value."""
    left = [marks]
    while left:
        found = left.pop()
        if found is True:
            return True
        left += [*as_object(found).values(), *_items(found)]
    return False


def _items(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else []


def _replaced(change: Object) -> list[str]:
    """List the attributes for which Terraform makes it anew, for example `a[0].b`."""
    found: list[str] = []
    for path in as_list(change.get("replace_paths")):
        text = ""
        for step in as_list(path):
            text += f"[{step}]" if isinstance(step, int) else f".{as_text(step)}"
        found.append(text.removeprefix("."))
    return sorted(found)


def _why(entry: Object, change: Object, action: ResourceAction) -> str:
    reason = as_text(entry.get("action_reason")) or ""
    paths = _replaced(change)
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
