"""
The changes that may give access and are not compared.

Sources: the pages of the resources in
https://registry.terraform.io/providers/hashicorp/aws/latest/docs
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.resource_diff.argument_values import (
    has_reference,
    is_policy,
    parsed,
    resolve,
)
from deploy_access.resource_diff.instances import block_address
from deploy_access.review.model import Notice
from deploy_access.terraform.module_facts import READERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from deploy_access.resource_diff.model import ResourceChange
    from deploy_access.terraform.estate import Estate, IdentityProvider
    from deploy_access.terraform.snapshot import ScopedStack, Snapshot


PROVIDER = "aws_iam_openid_connect_provider"
_WHAT = "It may give access, and is not compared."
_TWICE = "A key stands twice in one object, and only the last one is compared."
_GIVE = (
    *("aws_iam_", "aws_ssoadmin_", "aws_ram_", "aws_rolesanywhere_", "aws_organizations_"),
    *("aws_cloudformation_stack", "aws_cloudcontrolapi_", "awscc_", "aws_eks_access_"),
    *("aws_lakeformation_permissions", "aws_cognito_identity_pool_roles_attachment"),
    *("aws_lambda_permission", "aws_lambda_layer_version_permission", "aws_lambda_function_url"),
    *("aws_kms_grant", "aws_kms_ciphertext", "aws_s3_bucket_acl", "aws_s3_bucket_ownership"),
    *("aws_s3_bucket_public_access_block", "aws_s3_account_public_access_block"),
    *("aws_ami_launch_permission", "aws_snapshot_create_volume_permission"),
)
"""The beginnings of types that give access."""
_HOLD_BACK = (
    *("aws_organizations_policy", "aws_s3_bucket_public_access_block"),
    *("aws_s3_account_public_access_block", "aws_s3_bucket_ownership"),
)
"""The types that hold access back: their end gives access."""
_ACLS = {"acl", "grant"}
_COMPARED = READERS.keys() - {PROVIDER}


def unseen(changes: Iterable[ResourceChange], base: Snapshot, head: Snapshot) -> Iterator[Notice]:
    """List the changes that may give access and that `access_diff` does not compare."""
    for change in changes:
        side = base if change.action == "destroy" else head
        stack = side.stacks.get(change.stack)
        if change.action not in {"move", "forget"} and _gives(change, stack):
            is_provider = change.type == PROVIDER
            what = provider_notice(change, base.estate, head.estate) if is_provider else _WHAT
            if what:
                stacks = (change.stack,)
                yield Notice(kind="access", address=change.address, what=what, stacks=stacks)
    yield from _repeated(base, head)


def _gives(change: ResourceChange, stack: ScopedStack | None) -> bool:
    # What gives access and goes takes access away; only a barrier that goes gives some.
    if change.action == "destroy":
        return change.type.startswith(_HOLD_BACK)
    if change.type in _COMPARED:
        return stack is not None and _opens_bucket(change, stack)
    return change.type.startswith(_GIVE) or (stack is not None and _has_policy(change, stack))


def _opens_bucket(change: ResourceChange, stack: ScopedStack) -> bool:
    """Whether the access control list of a bucket is new or changed."""
    told = {one.name.partition("[")[0] for one in change.attributes}
    given = _ACLS & (_body(change, stack).keys() if change.action == "create" else told)
    return change.type == "aws_s3_bucket" and bool(given)


def _has_policy(change: ResourceChange, stack: ScopedStack) -> bool:
    """Whether an argument holds a policy document, or may hold one."""
    for key, value in _body(change, stack).items():
        found = resolve(stack.scope, value)
        if is_policy(found) or is_policy(parsed(found)):
            return True
        if key.endswith("policy") and "policy" in change.type and has_reference(found):
            return True
    return False


def _body(change: ResourceChange, stack: ScopedStack) -> Mapping[str, object]:
    kind, _, name = block_address(change.address).partition(".")
    block = stack.scope.blocks.get(("resource", kind, name, None))
    return block.body if block else {}


def _repeated(base: Snapshot, head: Snapshot) -> Iterator[Notice]:
    """List the keys that stand twice in one object: Terraform reads both, JSON readers the last."""
    for name, stack in head.stacks.items():
        before = base.stacks.get(name)
        if before is None or not before.source.is_same(stack.source):
            for path in stack.source.file.repeated:
                yield Notice(kind="access", address=path, what=_TWICE, stacks=(name,))


def provider_notice(change: ResourceChange, base: Estate, head: Estate) -> str:
    """
    Return the notice about an OIDC provider; empty where only roles that are compared trust it.

    A role that trusted a provider before it was made lets tokens in from now on, unchanged.
    """
    made = next((one for one in head.providers if _is_made_by(one, change)), None)
    if made is None:
        return "It lets in tokens, to roles that trust it."
    trusting = _trusting(made, head)
    if change.action == "create" and trusting and not _trusting(made, base):
        return ""
    who = ", ".join(f"`{name}`" for name in trusting) or "No role that was read trusts it"
    lead = "These roles trust it: " if trusting else ""
    return f"AWS takes tokens of `{made.url}` for roles that trust it. {lead}{who}."


def _is_made_by(provider: IdentityProvider, change: ResourceChange) -> bool:
    where = provider.where
    return where.address == change.address and (where.stack or change.stack) == change.stack


def _trusting(provider: IdentityProvider, estate: Estate) -> list[str]:
    """Name the roles of its account whose trust policies name it."""
    named = (f"oidc-provider/{provider.url}", f"{provider.where.address}.arn")
    return sorted(
        role.name
        for role in estate.roles
        if role.trust
        and role.account == provider.account
        and any(text in str(role.trust.content) for text in named)
    )
