"""The resources of a stack by address, each instance of `count` and `for_each` by itself."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from deploy_access.json_shape import as_object, as_text, objects
from deploy_access.terraform.definitions import made_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from deploy_access.terraform.blocks import Block
    from deploy_access.terraform.scope import Scope
    from deploy_access.terraform.snapshot import ScopedStack

_INSTANCE = re.compile(r'\[(?:"(?:[^"\\]|\\.)*"|[^\[\]"]*)\]$')


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """
    A resource of a stack.

    Attributes:
        address: Terraform's address, with the instance.
        block: Its block.
        scope: The module of the block, which resolves the names in it.
        is_counted: Whether it is one known instance; False for a block of unknown `count`.
    """

    address: str
    block: Block
    scope: Scope
    is_counted: bool = True

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
        """Return a digest of all that *value* is made of."""
        return made_of(self.scope, value)

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
        own.address: Resource(
            address=own.address, block=own, scope=scope, is_counted=not own.perhaps
        )
        for block in scope.module.blocks
        if block.mode == "resource"
        for own in scope.instances(block)
    }


def stack_resources(stack: ScopedStack) -> dict[str, Resource]:
    """List the resources of a stack by address, with those of the modules that a plan calls."""
    found = resources_of(stack.scope)
    for module in stack.modules:
        found |= resources_of(module)
    return found


def block_address(address: str) -> str:
    """Return the address without the instance: `aws_x.y` for `aws_x.y["a"]`."""
    return _INSTANCE.sub("", address) if address.endswith("]") else address
