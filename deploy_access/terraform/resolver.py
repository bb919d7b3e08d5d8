"""The interface of `scope.Scope` that the readers of single blocks use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy_access.terraform.blocks import Block, BlockKey, Module
    from deploy_access.terraform.estate import Unread
    from deploy_access.terraform.expression_values import Names
    from deploy_access.terraform.provider_target import ProviderTarget
    from deploy_access.terraform.symbols import Symbols


class Resolver(Protocol):
    """
    One module, and the values of its names.

    Without this type `attributes` and `policy_data` would import `scope`, which imports them.
    """

    @property
    def module(self) -> Module:
        """The module."""
        ...

    @property
    def symbols(self) -> Symbols:
        """The expressions that are not resolved."""
        ...

    @property
    def notes(self) -> list[Unread]:
        """The mistakes that were found while values were looked up."""
        ...

    @property
    def blocks(self) -> Mapping[BlockKey, Block]:
        """The blocks of the module."""
        ...

    @property
    def firm(self) -> Resolver:
        """The same module without the defaults of its variables."""
        ...

    def value(self, raw: object) -> object:
        """Resolve everything in *raw*; an expression that is not resolved becomes a symbol."""
        ...

    def value_for(self, raw: object, names: Names) -> object:
        """Resolve everything in *raw*, which may have *names* in it; null is a value."""
        ...

    def instances(self, block: Block) -> tuple[Block, ...]:
        """Return the blocks that *block* makes."""
        ...

    def stack_behind(self, name: str) -> Resolver | None:
        """Return the stack whose outputs a remote state passes on; None when it was not read."""
        ...

    def spend(self, effort: int) -> None:
        """Count what is computed; raise `UnknownError` when it is too much."""
        ...

    def bounded(self, found: object) -> object:
        """Return a value; raise `UnknownError` when it is longer than any policy."""
        ...

    def text(self, raw: object) -> str | None:
        """Resolve *raw* to a text; None when it is none."""
        ...

    def once(self, *key: str, raw: object) -> object:
        """Resolve *raw*, and remember it under *key*."""
        ...

    def made_of(self, value: object) -> str:
        """Return a digest of a value and of the definitions of all names in it."""
        ...

    def place(self, block: Block) -> ProviderTarget:
        """Return the account and the region of *block*."""
        ...
