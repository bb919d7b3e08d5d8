"""
The name of a resource and its attributes, as a plan has them before and after.

Source: https://developer.hashicorp.com/terraform/internals/json-format#change-representation
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from deploy_access.json_shape import as_list, as_object, as_text
from deploy_access.resource_diff.attribute_diff import (
    SENSITIVE,
    UNKNOWN,
    AttributeDifference,
    differences,
)
from deploy_access.resource_diff.model import AttributeChange

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy_access.resource_diff.model import ResourceAction

    Object = Mapping[str, object]

# The arguments that name a resource, the most telling first: `name` of some types is a label.
_NAMES = (
    *("bucket", "identifier", "cluster_identifier", "function_name", "family", "repository"),
    *("name", "url", "id"),
)
# A comment on GitHub has 65,536 characters at most, and a resource with more differences than
# this is not read attribute by attribute.
_MOST = 100


def planned_name(change: Object) -> str:
    """Return the name of a resource before the change, or after it, unless it is a secret."""
    for side in ("before", "after"):
        values, marks = as_object(change.get(side)), change.get(f"{side}_sensitive")
        for name in _NAMES:
            text = as_text(values.get(name))
            if text and not _is_secret(marks, name):
                return text
    return ""


def _is_secret(marks: object, name: str) -> bool:
    return _is_hidden(marks if marks is True else as_object(marks).get(name))


def planned_attributes(change: Object, action: ResourceAction) -> tuple[AttributeChange, ...]:
    """List the attributes that an update, a replacement or an import changes."""
    if action not in {"update", "replace", "import"}:
        return ()
    before, after = as_object(change.get("before")), as_object(change.get("after"))
    unknown = as_object(change.get("after_unknown"))
    causes = {path.partition(".")[0] for path in replace_paths(change)}
    filled = {
        name: UNKNOWN if _is_hidden(unknown.get(name)) else after.get(name)
        for name in {*after, *unknown}
        if action != "replace" or not _is_hidden(unknown.get(name)) or name in causes
    }
    old = {name: value for name, value in before.items() if name in filled}
    found = [d for d in differences(old, filled) if not _repeats_tags(d, before, after)]
    return tuple(_shown(difference, change) for difference in found[:_MOST])


def _repeats_tags(difference: AttributeDifference, before: Object, after: Object) -> bool:
    """Whether the difference of `tags_all` only repeats that of `tags`."""
    return difference.path.startswith("tags_all") and before.get("tags") != after.get("tags")


def _shown(difference: AttributeDifference, change: Object) -> AttributeChange:
    """Return a difference for a report, without values that either side marks as sensitive."""
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
    """Whether `true` stands anywhere in the marks of a value."""
    left = [marks]
    while left:
        found = left.pop()
        if found is True:
            return True
        left += [*as_object(found).values(), *_items(found)]
    return False


def _items(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else []


def replace_paths(change: Object) -> list[str]:
    """List the attributes that force a replacement, for example `a[0].b`."""
    found: list[str] = []
    for path in as_list(change.get("replace_paths")):
        text = ""
        for step in as_list(path):
            text += f"[{step}]" if isinstance(step, int) else f".{as_text(step)}"
        found.append(text.removeprefix("."))
    return sorted(found)
