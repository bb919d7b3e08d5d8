"""The scopes of all modules that are read together."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from deploy_access.terraform.module_tree import EFFORT, ModuleTree
from deploy_access.terraform.scope import Scope
from deploy_access.terraform.symbols import Symbols

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from deploy_access.terraform.blocks import Module


def scopes_of(
    modules: Iterable[Module], fill: Callable[[Module], Module] | None = None
) -> list[Scope]:
    """
    Return a scope for each root module; stacks that are read together see each other's outputs.

    Args:
        modules: The root modules.
        fill: Says more about a module than its files do, or leaves it as it is.
    """
    symbols, stacks = Symbols(), dict[str, Scope]()
    fill = fill or _as_it_is
    scopes = [
        Scope(fill(module), symbols, stacks, tree=ModuleTree(left=EFFORT, fill=fill))
        for module in modules
    ]
    stacks.update({scope.module.stack: scope for scope in scopes if scope.module.stack})
    return scopes


def _as_it_is(module: Module) -> Module:
    return module


def with_called(scope: Scope) -> Iterator[Scope]:
    """List the scope of a module, and those of the modules that it calls."""
    yield scope
    for name in scope.module.calls:
        for called in scope.called(name):
            yield from with_called(cast("Scope", called.scope))
