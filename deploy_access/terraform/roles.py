"""Roles, users, groups and managed policies that a module makes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deploy_access.iam.arns import account_of
from deploy_access.terraform.arguments import known, optional, policy_name, written
from deploy_access.terraform.documents import read_document
from deploy_access.terraform.estate import Identity, NamedPolicy, Role
from deploy_access.terraform.file_facts import Managed
from deploy_access.terraform.grants import attached, grants_of_role
from deploy_access.terraform.metadata import acceptances, construct_of
from deploy_access.terraform.premises import kept_by_aws, of_argument, premises_of

if TYPE_CHECKING:
    from deploy_access.terraform.blocks import Block
    from deploy_access.terraform.file_facts import Gathered
    from deploy_access.terraform.scope import Scope

# https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html: one hour by default.
SESSION_SECONDS = 3600


def read_role(scope: Scope, block: Block, found: Gathered) -> None:
    """Read an `aws_iam_role`, with its inline policies and attachments."""
    place, arn = scope.place(block), known(scope, block, "arn")
    trust = read_document(scope, block, "assume_role_policy", block.body.get("assume_role_policy"))
    found.roles.append(
        Role(
            account=account_of(arn or "") or place.account,
            name=written(scope, block, "name"),
            path=optional(scope, block, "path") or "/",
            arn=arn,
            where=scope.module.where(block.address),
            trust=trust,
            boundary=_boundary(scope, block),
            max_session_duration=_seconds(scope, block),
            accept=acceptances(block),
            construct=construct_of(block),
            region=place.region,
            premises=premises_of(scope, block),
        )
    )
    found.grants += grants_of_role(scope, block)


def read_identity(scope: Scope, block: Block, found: Gathered) -> None:
    """Read an `aws_iam_user` or an `aws_iam_group`."""
    found.identities.append(
        Identity(
            kind="user" if block.type == "aws_iam_user" else "group",
            account=scope.place(block).account or account_of(known(scope, block, "arn") or ""),
            name=written(scope, block, "name"),
            where=scope.module.where(block.address),
            boundary=_boundary(scope, block),
            premises=premises_of(scope, block),
        )
    )


def read_managed(scope: Scope, block: Block, found: Gathered) -> None:
    """Read an `aws_iam_policy`."""
    arn = written_arn(scope, block)
    found.managed.append(
        Managed(
            account=account_of(arn) or scope.place(block).account,
            name=policy_name(scope, block),
            path=optional(scope, block, "path") or "/",
            arn=arn,
            document=read_document(
                scope, block, "policy", block.body.get("policy"), premises_of(scope, block)
            ),
            where=scope.module.where(block.address),
            is_imported=block.address in scope.module.imported,
        )
    )


def written_arn(scope: Scope, block: Block) -> str:
    """Return the ARN of a policy, or Terraform's reference to it, by which it is found as well."""
    return known(scope, block, "arn") or f"${{{block.address}.arn}}"


def _boundary(scope: Scope, block: Block) -> NamedPolicy | None:
    arn = optional(scope, block, "permissions_boundary")
    if not arn:
        return None
    where = scope.module.where(f"{block.address}.permissions_boundary")
    premises = (
        *of_argument(scope, block, "permissions_boundary", "the boundary is there"),
        *kept_by_aws(scope, block, "permissions_boundary"),
    )
    return attached(arn, where, premises)


def _seconds(scope: Scope, block: Block) -> int | None:
    given = block.body.get("max_session_duration")
    if given is None:
        return SESSION_SECONDS
    text = written(scope, block, "max_session_duration")
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None
