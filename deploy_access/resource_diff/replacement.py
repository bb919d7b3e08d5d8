"""Whether Terraform updates a resource in place, or replaces it: destroys and creates it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.json_shape import as_object, objects, texts
from deploy_access.resource_diff.argument_values import has_reference, resolve, same_scalar
from deploy_access.resource_diff.attribute_diff import UNKNOWN, AttributeDifference, differences
from deploy_access.resource_diff.resource_kinds import kind_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy_access.resource_diff.instances import Resource
    from deploy_access.resource_diff.resource_kinds.kind import Kind

_META = {
    *("//", "connection", "count", "depends_on", "for_each"),
    *("lifecycle", "provider", "provisioner"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """
    The differences of a resource of both sides.

    Attributes:
        before: The resource of the base.
        after: The resource of the head.
        differences: The attributes that differ.
        causes: The differences that force a replacement.
        why: Another cause of a replacement, as a sentence; or empty.
        is_certain: Whether one of the causes is certain.
    """

    before: Resource
    after: Resource
    differences: tuple[AttributeDifference, ...]
    causes: tuple[AttributeDifference, ...] = ()
    why: str = ""
    is_certain: bool = True

    @property
    def is_replaced(self) -> bool:
        """Whether Terraform replaces it."""
        return bool(self.causes or self.why)

    @property
    def is_known_type(self) -> bool:
        """Whether the arguments of its type that force a replacement are known."""
        return kind_of(self.after.type).fixed is not None

    @property
    def is_any(self) -> bool:
        """Whether Terraform changes anything of it."""
        return bool(self.differences) or self.is_replaced


def compare(before: Resource, after: Resource) -> Change:
    """Compare a resource of both sides."""
    found = [d for d in _differences(before, after) if not _is_ignored(after, d)]
    if any(d.path.startswith("tags.") or d.path == "tags" for d in found):
        found = [d for d in found if not d.path.startswith("tags_all")]  # says no more than `tags`
    kind = kind_of(after.type)
    told = [d for d in found if not _is_kept(kind, d)]
    causes = tuple(d for d in told if kind.fixed_by(d.path) is not None)
    return Change(
        before=before,
        after=after,
        differences=tuple(told),
        causes=causes,
        is_certain=any(_is_certain(kind, cause) for cause in causes) or not causes,
    )


def _differences(before: Resource, after: Resource) -> list[AttributeDifference]:
    old, new = _arguments(before), _arguments(after)
    left = {name for name in {*old, *new} if _may_differ(old.get(name), new.get(name))}
    if not left:
        return []
    was = {name: resolve(before.scope, old[name]) for name in left if name in old}
    now = {name: resolve(after.scope, new[name]) for name in left if name in new}
    hidden = [name for name in sorted(was.keys() & now.keys()) if was[name] == now[name]]
    return [
        *differences(was, now),
        *(
            AttributeDifference(name=name, before=was[name], after=UNKNOWN)
            for name in hidden
            if has_reference(was[name]) and before.made_of(old[name]) != after.made_of(new[name])
        ),
    ]


def _may_differ(before: object, after: object) -> bool:
    """Whether two arguments may differ: in their text, or in the values of names in it."""
    return before != after or has_reference(before)


def _arguments(resource: Resource) -> Mapping[str, object]:
    found = {name: value for name, value in resource.body.items() if name not in _META}
    kind = kind_of(resource.type)
    if kind.fixed is not None and kind.has_tags:
        own = as_object(found.get("tags"))
        found["tags_all"] = {k: v for k, v in resource.default_tags.items() if k not in own}
    return found


def _is_kept(kind: Kind, difference: AttributeDifference) -> bool:
    """Whether Terraform sees no difference, since a side that is left out has the other's value."""
    rule = kind.fixed_by(difference.path)
    if rule is None:
        return False
    if difference.after is None and rule.is_kept:
        return True
    before = rule.default if difference.before is None else difference.before
    after = rule.default if difference.after is None else difference.after
    return _is_default_block(kind, difference) or same_scalar(before, after)


def _is_default_block(kind: Kind, difference: AttributeDifference) -> bool:
    """Whether the difference is a block that is new or gone and has only default values."""
    if difference.before is not None and difference.after is not None:
        return False
    blocks = list(objects(difference.before or difference.after))
    return bool(blocks) and all(
        value is None
        or (
            (rule := kind.fixed_by(f"{difference.path}.{name}")) is not None
            and same_scalar(rule.default, value)
        )
        for block in blocks
        for name, value in block.items()
    )


def _is_certain(kind: Kind, cause: AttributeDifference) -> bool:
    """Whether the value before is known: AWS may have chosen the very value that is now set."""
    rule = kind.fixed_by(cause.path)
    if cause.after == UNKNOWN:
        return False
    if rule is None or cause.before is not None:
        return True
    return not rule.is_kept or rule.default is not None or isinstance(cause.after, dict | list)


def _is_ignored(resource: Resource, difference: AttributeDifference) -> bool:
    for lifecycle in objects(resource.body.get("lifecycle")):
        for ignored in texts(lifecycle.get("ignore_changes")):
            path = re.sub(r"\[\"?([^\"\]]*)\"?\]", r".\1", ignored)
            if ignored == "all" or f"{difference.path}.".startswith(f"{path}."):
                return True
    return False
