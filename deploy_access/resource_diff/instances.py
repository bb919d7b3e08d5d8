"""The resources of a stack by address, each instance of `count` and `for_each` by itself."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from deploy_access.json_shape import as_object, as_text, is_container, objects
from deploy_access.resource_diff.argument_values import made_of
from deploy_access.terraform.plan_expressions import literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from deploy_access.terraform.blocks import Block
    from deploy_access.terraform.scope import Scope


_MOST = 1000
"""The most instances of one block that are listed: `count = 1e9` must not exhaust memory."""


_NAMED = re.compile(r"\$\{\s*(?P<name>(?:each\.(?:key|value)|count\.index)(?:\.\w+)*)\s*\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """
    A resource of a stack.

    Attributes:
        address: Terraform's address, with the instance.
        block: Its block.
        scope: The module of the block, which resolves the names in it.
        is_counted: Whether it is one known instance; False for a block of unknown `count`.
        each: The value of `each.value`, or None without `for_each`.
    """

    address: str
    block: Block
    scope: Scope
    is_counted: bool = True
    each: object = None

    @property
    def type(self) -> str:
        """Terraform's type."""
        return self.block.type

    @property
    def body(self) -> Mapping[str, object]:
        """Its arguments."""
        return self.block.body

    def text(self, name: str) -> str | None:
        """Read an argument, with `${expression}` where only Terraform knows it."""
        found = self.scope.text(self.body.get(name))
        return None if found is None else self.scope.symbols.write(found)

    def computed(self, name: str) -> str | None:
        """Read an attribute that AWS makes of its arguments, with `${…}` where it is not known."""
        found = self.scope.text(f"${{{self.block.address}.{name}}}")
        return None if found is None else self.scope.symbols.write(found)

    def made_of(self, value: object) -> str:
        """Return a digest of all that *value* is made of, with what `each` is for this instance."""
        each = self.each if "each." in str(value) else None
        return made_of(self.scope, [value, each])

    def only(self, names: Iterable[str]) -> Resource:
        """Return the resource with the arguments of these names only."""
        body = {name: self.body[name] for name in names if name in self.body}
        return replace(self, block=replace(self.block, body=body))

    @property
    def default_tags(self) -> Mapping[str, object]:
        """The tags that its provider gives to everything."""
        named = as_text(self.body.get("provider")) or self.type.partition("_")[0]
        name = named.removeprefix("${").removesuffix("}")
        tags: dict[str, object] = {}
        for block in objects(self.scope.module.providers.get(name, {}).get("default_tags")):
            tags.update(as_object(block.get("tags")))
        return tags

    @property
    def path(self) -> str:
        """The path of the construct that makes it, or an empty text."""
        metadata = as_object(as_object(self.body.get("//")).get("metadata"))
        return as_text(metadata.get("path")) or ""


def resources_of(scope: Scope) -> dict[str, Resource]:
    """List the resources of a stack by address."""
    return {
        resource.address: resource
        for block in scope.module.blocks
        if block.mode == "resource"
        for resource in _instances(scope, block)
    }


def block_address(address: str) -> str:
    """Return the address without the instance: `aws_x.y` for `aws_x.y["a"]`."""
    return address.partition("[")[0]


def _instances(scope: Scope, block: Block) -> Iterable[Resource]:
    keys = _keys(scope, block)
    if keys is None:
        yield Resource(address=block.address, block=block, scope=scope, is_counted=False)
        return
    for key, (number, value) in keys.items():
        own = block if not key else replace(block, body=filled(block.body, number, value))
        yield Resource(address=f"{block.address}{key}", block=own, scope=scope, each=value)


def _keys(scope: Scope, block: Block) -> Mapping[str, tuple[object, object]] | None:
    """
    Return the instances by their suffix in addresses, each with its key and its value.

    None when only Terraform knows the instances.
    """
    count, each = block.body.get("count"), block.body.get("for_each")
    if count is not None:
        number = as_text(scope.value(count)) or ""
        if not number.isdecimal() or len(number) > len(str(_MOST)) or int(number) > _MOST:
            return None
        return {f"[{index}]": (index, None) for index in range(int(number))}
    if each is None:
        return {"": (None, None)}
    names = _members(scope.value(each))
    if names is None or len(names) > _MOST or any(scope.symbols.names(name) for name in names):
        return None
    return {
        f"[{json.dumps(name, ensure_ascii=False)}]": (name, scope.symbols.write_value(value))
        for name, value in names.items()
    }


def _members(known: object) -> Mapping[str, object] | None:
    """Return a map as it is, and a set as a map of each member to itself."""
    if isinstance(known, dict):
        return as_object(cast("object", known))
    if not isinstance(known, list):
        return None
    members = [as_text(member) for member in cast("list[object]", known)]
    return None if None in members else {name: name for name in members if name is not None}


def filled(body: Mapping[str, object], key: object, value: object) -> Mapping[str, object]:
    """
    Return arguments with `each` and `count` replaced by the values of one instance.

    Args:
        body: The arguments of the block.
        key: The key of `for_each`, or the number of `count`.
        value: The value of the key in `for_each`; the key itself in a set.
    """
    known = {"each": {"key": key, "value": value}, "count": {"index": key}}
    return {
        name: child if name in {"for_each", "count"} else _filled(child, known)
        for name, child in body.items()
    }


def _filled(written: object, known: Mapping[str, object]) -> object:
    if isinstance(written, dict):
        items = cast("dict[str, object]", written).items()
        return {name: _filled(child, known) for name, child in items}
    if isinstance(written, list):
        return [_filled(child, known) for child in cast("list[object]", written)]
    if not isinstance(written, str) or "${" not in written:
        return written
    whole = _NAMED.fullmatch(written)
    if whole and is_container(found := _find(known, whole["name"])):
        return found
    return _NAMED.sub(lambda one: _text(known, one), written)


def _text(known: Mapping[str, object], one: re.Match[str]) -> str:
    text = as_text(_find(known, one["name"]))
    return one[0] if text is None else f"{literal(text)}"


def _find(known: Mapping[str, object], name: str) -> object:
    found: object = known
    for part in name.split("."):
        found = as_object(found).get(part)
    return found
