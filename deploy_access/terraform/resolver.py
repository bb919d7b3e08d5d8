"""The interface of `scope.Scope` that the readers of single blocks use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deploy_access.terraform.blocks import Block, BlockKey, Module
    from deploy_access.terraform.estate import Unread
    from deploy_access.terraform.expression_values import Names
    from deploy_access.terraform.provider_target import ProviderTarget
    from deploy_access.terraform.symbols import Symbols


@dataclass(frozen=True, slots=True)
class ModuleCall:
    """
    The call of a module.

    Attributes:
        scope: The module that calls it.
        call: The block that calls it, which is one instance.
        decided_by: What decides whether there is this instance: its `count` or `for_each`.
    """

    scope: Resolver
    call: Block
    decided_by: object = None

    @property
    def arguments(self) -> Mapping[str, object]:
        """What the call says."""
        return self.call.body

    def argument(self, name: str) -> object:
        """Return the value of an argument."""
        return self.scope.once("module", self.call.address, name, raw=self.call.body[name])


@dataclass(frozen=True, slots=True)
class Called:
    """
    A module that is called.

    Attributes:
        scope: The module.
        index: The instance, for one of several.
        is_uncertain: Whether it is not known how many there are.
    """

    scope: Resolver
    index: str | int | None
    is_uncertain: bool


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
    def caller(self) -> ModuleCall | None:
        """The call of the module; None for a root module."""
        ...

    @property
    def has_defaults(self) -> bool:
        """Whether a value may rest on the default of a variable that another value replaces."""
        ...

    def called(self, name: str) -> Sequence[Called]:
        """Return the instances of a module that this one calls; nothing for one not read."""
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

    def place_of_provider(self, name: str) -> ProviderTarget:
        """Return the account and the region of a provider."""
        ...

    def place(self, block: Block) -> ProviderTarget:
        """Return the account and the region of *block*."""
        ...
