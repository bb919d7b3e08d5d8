"""The modules that a module calls, each instance by itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from deploy_access.terraform.blocks import Block, read_module
from deploy_access.terraform.estate import Unread
from deploy_access.terraform.module_tree import MOST_MODULES
from deploy_access.terraform.resolver import ModuleCall

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.terraform.blocks import Module
    from deploy_access.terraform.module_tree import ModuleTree
    from deploy_access.terraform.resolver import Resolver


def calls_of(scope: Resolver, tree: ModuleTree, name: str) -> Iterator[tuple[ModuleCall, Module]]:
    """List the instances of a module that *scope* calls by *name*; nothing for one not read."""
    configuration = scope.module.calls.get(name)
    if configuration is None:
        return
    address = f"{scope.module.prefix}module.{name}"
    body = scope.module.modules.get(name, {})
    block = Block("module", "module", name, body, address)
    for own in scope.instances(block):
        if tree.modules == 0:
            scope.notes.append(_too_many(scope, address))
            return
        tree.modules -= 1
        above = scope.caller.call if scope.caller else own
        # It is there only if the module that calls it is.
        call = replace(
            own, perhaps=own.perhaps or above.perhaps, rests_on=own.rests_on or above.rests_on
        )
        read = read_module(configuration, scope.module.stack, call)
        module = replace(read, file=scope.module.file)
        written = body.get("count", body.get("for_each"))
        caller = ModuleCall(scope, call, written)
        yield caller, tree.fill(module) if tree.fill else module


def _too_many(scope: Resolver, address: str) -> Unread:
    return Unread(
        kind="module",
        what=f"There are more than {MOST_MODULES} modules, and this one is not read.",
        given=address,
        where=scope.module.where(address),
    )
