"""Whether Terraform changes a resource where it is, or destroys it and makes it anew."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from deploy_access.json_shape import as_object, objects, texts
from deploy_access.resource_diff.attributes import UNKNOWN, AttributeDifference, differences
from deploy_access.resource_diff.instances import block_address
from deploy_access.resource_diff.resource_kinds import kind_of
from deploy_access.resource_diff.values import has_reference, resolve, same_scalar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from deploy_access.resource_diff.instances import Resource
    from deploy_access.resource_diff.resource_kinds.kind import Kind

_META = {
    *("//", "connection", "count", "depends_on", "for_each"),
    *("lifecycle", "provider", "provisioner"),
}
_REFERENCE = re.compile(r"(?<![\w.])(?P<block>[a-z]\w*\.[\w-]+)(?:\[[^\]]*\])?(?:\.(?P<name>\w+))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """
    What is different about a resource that stays.

    Attributes:
        before: As it was.
        after: As it is.
        differences: Its attributes that differ.
        causes: Those of them for which Terraform makes it anew.
        why: Another reason for that, or an empty text.
        is_certain: Whether the causes are known to be some.
    """

    before: Resource
    after: Resource
    differences: tuple[AttributeDifference, ...]
    causes: tuple[AttributeDifference, ...] = ()
    why: str = ""
    is_certain: bool = True

    @property
    def is_replaced(self) -> bool:
        """Whether Terraform destroys it and makes it anew."""
        return bool(self.causes or self.why)

    @property
    def is_known_type(self) -> bool:
        """Whether it is known which of its arguments can be changed."""
        return kind_of(self.after.type).fixed is not None

    @property
    def is_any(self) -> bool:
        """Whether there is anything to say."""
        return bool(self.differences) or self.is_replaced


def compare(before: Resource, after: Resource) -> Change:
    """Compare a resource that is on both sides."""
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


def follow(changes: Sequence[Change], made: Iterable[str]) -> list[Change]:
    """
    Find what is made anew because something that it names is.

    Args:
        changes: Every resource that stays.
        made: Addresses of what is created, without instances.
    """
    anew = {block_address(c.after.address) for c in changes if c.is_replaced} | set(made)
    touched = {block_address(c.after.address) for c in changes if c.is_any}
    named: dict[str, list[tuple[Change, str, bool]]] = {}
    for change in changes:
        for block, why, is_trigger in () if change.is_replaced else _names(change.after):
            named.setdefault(block, []).append((change, why, is_trigger))
    found: dict[str, str] = {}
    left = [*anew, *(touched - anew)]
    for block in left:
        for change, why, is_trigger in named.get(block, []):
            if (is_trigger or block in anew) and change.after.address not in found:
                found[change.after.address] = why
                anew.add(block_address(change.after.address))
                left.append(block_address(change.after.address))
    return [
        _replaced(change, found[change.after.address]) if change.after.address in found else change
        for change in changes
    ]


def _replaced(change: Change, why: str) -> Change:
    return Change(before=change.before, after=change.after, differences=change.differences, why=why)


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
    """Whether two arguments may differ: they are written otherwise, or name what may differ."""
    return before != after or has_reference(before)


def _arguments(resource: Resource) -> Mapping[str, object]:
    found = {name: value for name, value in resource.body.items() if name not in _META}
    kind = kind_of(resource.type)
    if kind.fixed is not None and kind.has_tags:
        own = as_object(found.get("tags"))
        found["tags_all"] = {k: v for k, v in resource.default_tags.items() if k not in own}
    return found


def _is_kept(kind: Kind, difference: AttributeDifference) -> bool:
    """Whether Terraform sees no difference, for what is left out has the value of the other."""
    rule = kind.fixed_by(difference.path)
    if rule is None:
        return False
    if difference.after is None and rule.is_kept:
        return True
    before = rule.default if difference.before is None else difference.before
    after = rule.default if difference.after is None else difference.after
    return _is_default_block(kind, difference) or same_scalar(before, after)


def _is_default_block(kind: Kind, difference: AttributeDifference) -> bool:
    """Whether a block comes or goes that says no more than its defaults."""
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
    """Whether it is known what there was: AWS may have chosen the very value that is now set."""
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


def _names(resource: Resource) -> Iterator[tuple[str, str, bool]]:
    """List the blocks that decide about *resource*, with what to say of each."""
    for lifecycle in objects(resource.body.get("lifecycle")):
        for trigger in texts(lifecycle.get("replace_triggered_by")):
            for found in _REFERENCE.finditer(trigger):
                yield found["block"], f"`replace_triggered_by` names `{found[0]}`.", True
    fixed = kind_of(resource.type).fixed or {}
    for argument in sorted({name.partition(".")[0] for name in fixed}):
        for expression in _expressions(resource.body.get(argument)):
            for found in _REFERENCE.finditer(expression):
                if not _is_written(resource, found):
                    why = f"`{argument}` cannot be changed, and comes from `{found['block']}`."
                    yield found["block"], why, False


def _expressions(value: object) -> Iterator[str]:
    left = [value]
    while left:
        found = left.pop()
        if isinstance(found, str):
            yield from re.findall(r"\$\{([^}]*)\}", found)
        elif isinstance(found, dict):
            left += cast("dict[str, object]", found).values()
        elif isinstance(found, list):
            left += cast("list[object]", found)


def _is_written(resource: Resource, found: re.Match[str]) -> bool:
    """Whether the attribute that is named is an argument, which is known before apply."""
    kind, _, name = found["block"].partition(".")
    block = resource.scope.blocks.get(("resource", kind, name, None))
    return block is not None and found["name"] in as_object(cast("object", block.body))
