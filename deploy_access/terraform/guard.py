"""
The contents that a stack may have to be planned or run: nothing that leads out of its account.

`terraform plan` runs what the JSON says: a provisioner, a provider or a data source is a program
or an address of somebody's choice. So nothing may lead out of the run's own AWS account.
"""

from __future__ import annotations

import posixpath
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, cast

from deploy_access.errors import Problem
from deploy_access.json_shape import as_list, as_object, as_text
from deploy_access.terraform.block_comments import COMMENT
from deploy_access.terraform.guard_arguments import check_backend, check_settings
from deploy_access.terraform.known_providers import AWS, BUILT_IN_TYPES
from deploy_access.terraform.loaded_names import LOCK, is_loaded
from deploy_access.terraform.provider_target import place_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from deploy_access.terraform.blocks import Block
    from deploy_access.terraform.scope import Scope

# Left out on purpose: `module` (its files are not checked) and `check` (it holds data sources of
# its own).
TOP_LEVEL = {
    *(COMMENT, "terraform", "provider", "resource", "data"),
    *("output", "locals", "variable", "moved", "import", "removed"),
}
# Terraform also takes a `provisioner` there, which runs a program before it destroys:
# https://developer.hashicorp.com/terraform/language/block/removed
_REMOVED = {COMMENT, "from", "lifecycle"}
# These ask an address of their own, whatever the provider was told.
OUTSIDE_TYPES = {"aws_ip_ranges"}
_OWN = "The run works in one account, as its own identity, and starts no other program."


def check_contents(stack: str, document: Mapping[str, object], scope: Scope) -> Iterator[Problem]:
    """
    Find every reason why a stack is not run.

    Args:
        stack: Its name.
        document: Its file, as it is written.
        scope: Its blocks, and what the names in them stand for.
    """
    for key in sorted(set(document) - TOP_LEVEL):
        yield Problem(
            what=f"Stack {stack!r} has a top-level `{key}` block.",
            given=key,
            why="What that brings in is not checked.",
            fix="Write the resources into the stack itself.",
        )
    yield from _check_shape(stack, document, scope)
    yield from _check_removed(stack, document)
    yield from check_settings(stack, document)
    yield from _check_accounts(stack, scope)
    for block in scope.module.blocks:
        yield from _check_block(stack, block)


def check_repeated(stack: str, repeated: Iterable[str]) -> Iterator[Problem]:
    """Refuse a key that is there twice: Terraform reads both as blocks, a check sees the last."""
    for path in repeated:
        if path.rpartition(".")[2] != COMMENT:
            yield Problem(
                what=f"The key {path!r} is there twice in one object of stack {stack!r}.",
                given=path,
                why="Terraform reads both, and only one of them could be checked.",
                fix="Synthesize the stack again.",
            )


def check_beside(stack: str, folder: Path, path: str) -> Iterator[Problem]:
    """
    Refuse what Terraform would load beside a stack's file, as it is not checked.

    Args:
        stack: The stack's name.
        folder: The folder of all stacks.
        path: The stack's file in it.
    """
    place = folder / PurePosixPath(path).parent
    inside = {found.name for found in place.iterdir() if not found.is_dir()}
    for name in sorted(filter(is_loaded, inside - {PurePosixPath(path).name, LOCK})):
        yield Problem(
            what=f"Terraform would load {name!r} with stack {stack!r}.",
            given=str(PurePosixPath(path).with_name(name)),
            why="Only what is synthesized is checked, reviewed and run.",
            fix="Put it into the stack, or remove it.",
        )


def _check_shape(stack: str, document: Mapping[str, object], scope: Scope) -> Iterator[Problem]:
    """Refuse a value in the place of a block, which the other checks would not see."""
    why, fix = "What it says cannot be checked.", "Synthesize the stack again."
    for unread in scope.module.unread:
        if unread.kind == "malformed":
            what = f"In stack {stack!r} {unread.where.address} is no block."
            yield Problem(what=what, given=unread.given, why=why, fix=fix)
    for key in ("terraform", "provider", "removed"):
        if _has_list_in_list(document.get(key)):
            what = f"In stack {stack!r} the `{key}` block has a list in a list."
            yield Problem(what=what, given=key, why=why, fix=fix)


def _check_removed(stack: str, document: Mapping[str, object]) -> Iterator[Problem]:
    """Refuse a `removed` block that says more than what is no longer managed."""
    for block in as_list(document.get("removed")):
        for key in sorted(set(as_object(block)) - _REMOVED):
            yield Problem(
                what=f"A `removed` block of stack {stack!r} has a `{key}`.",
                given=key,
                why="It may run programs; `from` and `lifecycle` say all that is needed.",
                fix="Remove it from the block.",
            )


def _has_list_in_list(value: object) -> bool:
    """Whether a list is in a list, which Terraform takes for a block where a block belongs."""
    if isinstance(value, list):
        given = cast("list[object]", value)
        return any(isinstance(one, list) or _has_list_in_list(one) for one in given)
    return any(map(_has_list_in_list, as_object(value).values()))


def _check_accounts(stack: str, scope: Scope) -> Iterator[Problem]:
    providers = scope.module.providers.items()
    own = [body for name, body in providers if name.partition(".")[0] == AWS]
    without_role = [body for body in own if not as_list(scope.value(body.get("assume_role")))]
    accounts = sorted({place_of(scope, body).account or "" for body in without_role} - {""})
    if len(accounts) > 1:
        yield Problem(
            what=f"The AWS providers of stack {stack!r} are of several accounts, and assume no "
            "role.",
            given=", ".join(accounts),
            why="One Terraform run has the keys of one account.",
            fix="Give the others an `assume_role`.",
        )


def _check_block(stack: str, block: Block) -> Iterator[Problem]:
    where = f"{block.address} of stack {stack!r}"
    known = block.type.startswith("aws_") or block.type in BUILT_IN_TYPES
    if not known or block.type in OUTSIDE_TYPES:
        what = f"{where} asks something that is not AWS."
        yield Problem(what=what, given=block.type, why=_OWN, fix="Remove it from the stack.")
    reference = _provider_of(block).partition(".")[0]
    if reference not in {AWS, "terraform"}:
        what = f"{where} uses the provider {reference!r}."
        yield Problem(what=what, given=reference, why=_OWN, fix="Use the provider 'aws'.")
    for key in ("provisioner", "connection"):
        if key in block.body:
            what = f"{where} has a `{key}`, which runs programs."
            yield Problem(what=what, given=key, why=_OWN, fix="Remove it from the resource.")
    if block.type == "terraform_remote_state":
        yield from _check_remote_state(block, f"{where}, a state that it reads,")


def _provider_of(block: Block) -> str:
    """Name the provider configuration that a block uses: `aws`, or `aws.` and an alias."""
    written = as_text(block.body.get("provider")) or block.type.partition("_")[0]
    return written.removeprefix("${").removesuffix("}")


def _check_remote_state(block: Block, where: str) -> Iterator[Problem]:
    kind, config = as_text(block.body.get("backend")) or "", block.body.get("config", {})
    yield from check_backend(kind, as_object(config), where)
    path = as_object(config).get("path")
    if not isinstance(config, dict) or _is_expression(path):
        yield Problem(
            what=f"{where} has a configuration that only Terraform can compute.",
            given=block.body.get("config"),
            why="It could be any file.",
            fix="Write the place of the state as plain text.",
        )
    elif kind == "local" and not _stays_inside(as_text(path) or ""):
        yield Problem(
            what=f"{where} lies outside of the working folder.",
            given=path,
            why="That is a file of something else, or the state of what is really deployed.",
            fix='Let both stacks use LocalBackend(path="../../../terraform.<stack>.tfstate").',
        )


def _is_expression(path: object) -> bool:
    """Whether Terraform computes a text, in which any other may be hidden: `${"/etc"}`."""
    return isinstance(path, str) and ("${" in path or "%{" in path)


def _stays_inside(path: str) -> bool:
    """Whether a path, seen from a stack's folder, stays in the working folder."""
    # The stack's name has no slash, so any name stands for all.
    seen = posixpath.normpath(posixpath.join("cdktf.out/stacks/stack", path))
    return not seen.startswith(("/", ".."))
