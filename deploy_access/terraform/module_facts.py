"""The facts about access in one module, block by block."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.terraform.block_body import unknown_number
from deploy_access.terraform.grants import (
    read_all_attachments,
    read_attachment,
    read_attachment_of_many,
    read_inline,
    read_members,
)
from deploy_access.terraform.provider_target import assumed_role
from deploy_access.terraform.resources import (
    RESOURCE_POLICIES,
    read_lifecycle,
    read_provider,
    read_repository,
    read_resource_policy,
)
from deploy_access.terraform.roles import read_identity, read_managed, read_role

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from deploy_access.terraform.blocks import Block
    from deploy_access.terraform.file_facts import Gathered
    from deploy_access.terraform.scope import Scope

READERS: Mapping[str, Callable[[Scope, Block, Gathered], None]] = {
    **dict.fromkeys(RESOURCE_POLICIES, read_resource_policy),
    "aws_ecr_lifecycle_policy": read_lifecycle,
    "aws_ecr_repository": read_repository,
    "aws_iam_group": read_identity,
    "aws_iam_group_membership": read_members,
    "aws_iam_group_policy": read_inline,
    "aws_iam_group_policy_attachment": read_attachment,
    "aws_iam_group_policy_attachments_exclusive": read_all_attachments,
    "aws_iam_openid_connect_provider": read_provider,
    "aws_iam_policy": read_managed,
    "aws_iam_policy_attachment": read_attachment_of_many,
    "aws_iam_role": read_role,
    "aws_iam_role_policy": read_inline,
    "aws_iam_role_policy_attachment": read_attachment,
    "aws_iam_role_policy_attachments_exclusive": read_all_attachments,
    "aws_iam_user": read_identity,
    "aws_iam_user_group_membership": read_members,
    "aws_iam_user_policy": read_inline,
    "aws_iam_user_policy_attachment": read_attachment,
    "aws_iam_user_policy_attachments_exclusive": read_all_attachments,
}


def gather(scope: Scope, found: Gathered) -> None:
    """Add the facts of the module of *scope* to *found*."""
    for provider in scope.module.providers.values():
        assumed = assumed_role(scope, provider)
        found.terraform_roles.update([assumed] if assumed else [])
    for block in scope.module.blocks:
        # A data source only reads what is made elsewhere.
        reader = READERS.get(block.type) if block.mode == "resource" else None
        if reader is None:
            continue
        for own in scope.instances(block):
            if own.perhaps:
                scope.notes.append(unknown_number(scope, own))
            reader(scope, own, found)
