"""
What Terraform's state is told when a resource has another address, or another state, than before.

Terraform knows a resource by its address in one state. What is found under another name, or not at
all, it destroys: also the provider that every role trusts, and the policies of a role in use.
"""

from __future__ import annotations

import re
from functools import cache
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, cast
from weakref import WeakKeyDictionary

from cdktf import App, TerraformElement, TerraformResource, TerraformStack
from constructs import Construct

from constructs_lib.element import override
from constructs_lib.keyword_types import checked
from constructs_lib.tree import stack_of
from deploy_access.errors import InvalidValue, Problem, reject

if TYPE_CHECKING:
    from collections.abc import Iterator

# Type and name; an instance, `[0]`, cannot stand in a `removed` block:
# https://developer.hashicorp.com/terraform/language/block/removed
_ADDRESS = re.compile(r"(module\.[A-Za-z_][\w-]*\.)*[a-z][a-z0-9_]*\.[A-Za-z_][\w-]*")

_forgotten: WeakKeyDictionary[TerraformStack, list[str]] = WeakKeyDictionary()


@checked
def forget(scope: Construct, *addresses: str) -> None:
    """
    Let Terraform forget resources that the stack of *scope* had, and leave them in AWS.

    Without it, what is no longer in a stack is destroyed. The stack that has a resource from now on
    makes it with `import_existing`. Needs Terraform 1.7; when it is applied the call can go.

    Args:
        scope: The stack that had them, or anything in it.
        addresses: As `terraform state list` shows them: `aws_ecr_repository.Image_7B206E61`.

    Raises:
        InvalidValue: What is no address of a resource.
    """
    reject(problem for address in addresses for problem in _check_address(address))
    stack = stack_of(scope)
    known = _forgotten.setdefault(stack, [])
    known += [address for address in dict.fromkeys(addresses) if address not in known]
    blocks = [{"from": address, "lifecycle": {"destroy": False}} for address in known]
    override(stack, "removed", blocks)


@checked
def renamed_from(construct: Construct, former_path: str) -> None:
    """
    Keep the resources of *construct*, which had another id, in place of making them anew.

    Each resource in it gets a `moved` block, also the policies that grants have put under a role:
    so call it after the grants. When it is applied everywhere the call can go.

    Args:
        construct: The construct with its new id.
        former_path: Its former id; for one that was not at the top of the stack, the ids that led
            to it, with `/` between them.

    Raises:
        InvalidValue: The path is the one of today, or nothing in it is a resource.
    """
    path = _path(construct)
    if former_path == path:
        raise InvalidValue(_not_renamed(path))
    resources = [
        cast("TerraformResource", each)
        for each in construct.node.find_all()
        if TerraformResource.is_terraform_resource(each)
    ]
    if not resources:
        raise InvalidValue(_without_resources(path))
    for resource in resources:
        inside = _path(resource).removeprefix(path)
        kind = resource.terraform_resource_type
        resource.move_from_id(former_address(kind, f"{former_path}{inside}"))


def _path(construct: Construct) -> str:
    """Return the ids that lead from the stack to *construct*."""
    return construct.node.path.removeprefix(f"{stack_of(construct).node.path}/")


@cache
def former_address(kind: str, path: str) -> str:
    """Return the address of the resource of a type that was at *path* below its stack."""
    # Asked, not computed: the hash in the name is CDKTF's own affair. An app makes its folder at
    # once, which is not to be that of the user's app.
    with TemporaryDirectory() as folder:
        scope: Construct = TerraformStack(App(outdir=folder), "Former")
        *parents, last = path.split("/")
        for each in parents:
            scope = Construct(scope, each)
        return f"{kind}.{TerraformElement(scope, last).friendly_unique_id}"


def _check_address(address: str) -> Iterator[Problem]:
    if not _ADDRESS.fullmatch(address):
        yield Problem(
            what="Terraform forgets a resource by its address, without a number or key of one.",
            given=address,
            why="A `removed` block that names nothing keeps nothing: the resource is destroyed.",
            fix="Copy it from `terraform state list`, for example "
            "'aws_ecr_repository.Image_7B206E61'.",
        )


def _not_renamed(path: str) -> Problem:
    return Problem(
        what="The construct has this id today.",
        given=path,
        why="A resource moves from one address to another.",
        fix="Give the id that it had before, or remove the call.",
    )


def _without_resources(path: str) -> Problem:
    return Problem(
        what="There is no resource in the construct.",
        given=path,
        why="Only resources have a place in Terraform's state.",
        fix="Name the construct that makes them; call this after the grants.",
    )
