"""What a reader of blocks asks of the module that they stand in; `scope.Scope` answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy_access.terraform.blocks import Block, BlockKey, Module
    from deploy_access.terraform.estate import Unread
    from deploy_access.terraform.provider_target import ProviderTarget
    from deploy_access.terraform.symbols import Symbols


class Resolver(Protocol):
    """
    One module, and what its names stand for.

    Without this type the modules that compute attributes would import the scope, which imports
    them.
    """

    @property
    def module(self) -> Module:
        """The module."""
        ...

    @property
    def symbols(self) -> Symbols:
        """Where what is not resolved is kept."""
        ...

    @property
    def siblings(self) -> Mapping[str, Resolver]:
        """The modules of other stacks, by the name of the stack."""
        ...

    @property
    def notes(self) -> list[Unread]:
        """What was found to be wrong while something was looked up."""
        ...

    @property
    def blocks(self) -> Mapping[BlockKey, Block]:
        """The blocks of the module."""
        ...

    def value(self, raw: object) -> object:
        """Resolve everything in *raw*; what is not resolved is a symbol."""
        ...

    def text(self, raw: object) -> str | None:
        """Resolve *raw* to a text; None when it is none."""
        ...

    def once(self, *key: str, raw: object) -> object:
        """Resolve *raw*, which belongs to *key*, and remember it."""
        ...

    def place(self, block: Block) -> ProviderTarget:
        """Say in which account and region *block* is."""
        ...
