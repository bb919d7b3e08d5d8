"""Where each synthesized stack deploys to, and where it keeps its state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue, Problem
from deploy_access.json_shape import objects
from deploy_access.terraform.blocks import read_module
from deploy_access.terraform.provider_target import assumed_role, place_of
from deploy_access.terraform.scopes import scopes_of
from deploy_access.terraform.sources import Reading

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from deploy_access.terraform.scope import Scope
    from deploy_access.terraform.sources import StackFile


@dataclass(frozen=True, slots=True, kw_only=True)
class S3Backend:
    """
    Where a stack keeps its state.

    Attributes:
        bucket: The bucket's name.
        region: The bucket's region.
        key: The state's name in it.
        kms_key: The ARN of the key that encrypts it, or None for a key of S3.
        role_arn: The role that reads and writes it, or None for the caller's own.
    """

    bucket: str
    region: str
    key: str
    kms_key: str | None
    role_arn: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """
    One synthesized stack.

    Attributes:
        name: Its name, for example `account-prod`.
        account: The account that its AWS provider deploys to, or None when it is not known.
        region: The region of that provider, or None.
        role_arn: The role that the provider assumes, or None for the caller's own.
        backend: Its state in S3, or None when it is kept elsewhere.
        dependencies: The stacks that the manifest names as needed before it.
        resource_types: Terraform's types of its resources.
    """

    name: str
    account: str | None
    region: str | None
    role_arn: str | None
    backend: S3Backend | None
    dependencies: tuple[str, ...] = ()
    resource_types: frozenset[str] = frozenset()


def read_stacks(out: Path) -> dict[str, Stack]:
    """
    Read every stack of *out*, by name.

    Raises:
        InvalidValue: There is no synthesized output, or it is not as CDKTF writes it.
    """
    if not out.is_dir():
        raise InvalidValue(_no_output(out))
    sources = Reading().stacks(out)
    scopes = scopes_of([read_module(source.file, source.stack) for source in sources])
    stacks = [_stack(*found) for found in zip(sources, scopes, strict=True)]
    return {stack.name: stack for stack in stacks}


def _stack(source: StackFile, scope: Scope) -> Stack:
    name = source.stack or ""
    provider = scope.module.providers.get("aws", {})
    place = place_of(scope, provider)
    return Stack(
        name=name,
        account=place.account,
        region=place.region,
        role_arn=assumed_role(scope, provider),
        backend=_backend(name, scope, source.file.content),
        dependencies=source.dependencies,
        resource_types=frozenset(b.type for b in scope.module.blocks if b.mode == "resource"),
    )


def _backend(stack: str, scope: Scope, content: Mapping[str, object]) -> S3Backend | None:
    for terraform in objects(content.get("terraform")):
        for backend in objects(terraform.get("backend")):
            for written in objects(backend.get("s3")):
                return _s3_backend(stack, scope, written)
    return None


def _s3_backend(stack: str, scope: Scope, written: Mapping[str, object]) -> S3Backend:
    known = {name: scope.known(written.get(name)) for name in ("bucket", "region", "key")}
    missing = sorted(name for name, text in known.items() if text is None)
    if missing:
        raise InvalidValue(
            Problem(
                what=f"The S3 backend of stack {stack!r} is not written out.",
                given=missing,
                why="The bucket, its region and the key are what a state is found by.",
                fix="Give each as plain text.",
            )
        )
    return S3Backend(
        **{name: str(text) for name, text in known.items()},
        kms_key=scope.known(written.get("kms_key_id")),
        role_arn=scope.known(written.get("role_arn")) or assumed_role(scope, written),
    )


def _no_output(out: Path) -> Problem:
    return Problem(
        what="There is no synthesized output.",
        given=str(out),
        why="The command reads what the stacks were synthesized into, and nothing else.",
        fix="Run `python main.py` or `cdktf synth`, or say where it is with `--out`.",
    )
