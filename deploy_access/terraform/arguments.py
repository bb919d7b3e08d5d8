"""Arguments of a block as text, with `${...}` for what only Terraform knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.json_shape import as_text
from deploy_access.terraform.documents import note_unresolved
from deploy_access.terraform.lookup import attribute

if TYPE_CHECKING:
    from deploy_access.terraform.blocks import Block
    from deploy_access.terraform.estate import Where
    from deploy_access.terraform.scope import Scope


def known(scope: Scope, block: Block, name: str) -> str | None:
    """Return an attribute as text; None when a part of it is known to Terraform only."""
    text = as_text(attribute(scope, block, name))
    return None if not text or scope.symbols.names(text) else text


def written(scope: Scope, block: Block, name: str) -> str:
    """Return an attribute as text, with `${expression}` for each part that is not resolved."""
    text = as_text(attribute(scope, block, name)) or ""
    names = scope.symbols.names(text)
    if not names:
        return text
    note_name(scope, names, scope.module.where(f"{block.address}.{name}"))
    return scope.symbols.write(text)


def note_name(scope: Scope, names: tuple[str, ...], where: Where) -> None:
    """
    Note each expression in a name that nothing resolves.

    Nothing is lost with a name that is made up: whatever refers to it has the same expression.
    """
    given = tuple(one for one in names if one not in scope.module.made_up)
    note_unresolved(scope, given, where)


def policy_name(scope: Scope, block: Block) -> str:
    """
    Return the name of a policy.

    Terraform makes up a name that is left out, so nothing is lost: the policy is called after its
    block, as `PREFIX(generated for ADDRESS)`.
    """
    if block.body.get("name") is not None:
        return written(scope, block, "name")
    prefix = scope.symbols.write(as_text(scope.value(block.body.get("name_prefix"))) or "")
    return f"{prefix}(generated for {block.address})"


def optional(scope: Scope, block: Block, name: str) -> str | None:
    """Return an argument that may be left out; None when it is."""
    return None if block.body.get(name) is None else written(scope, block, name)
