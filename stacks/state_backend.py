"""Where a stack keeps its state."""

from __future__ import annotations

from typing import TYPE_CHECKING

# First, so that the Node process behind `cdktf` starts with the provider's shortcut.
from constructs_lib.element import Element, override  # isort: skip
from cdktf import LocalBackend, S3Backend, S3BackendAssumeRoleConfig

if TYPE_CHECKING:
    from cdktf import TerraformStack

    from .part_plans import S3State

TERRAFORM = ">= 1.11"
"""The first version that locks a state in S3 without a DynamoDB table (`use_lockfile`)."""


def keep_state(stack: TerraformStack, name: str, state: S3State | None) -> None:
    """Keep the state of the stack called *name* in S3, or without a place there beside the app."""
    override(stack, "terraform.required_version", TERRAFORM)
    if state is None:
        # cdktf's own default is the same file by its absolute path, which differs between machines.
        Element(LocalBackend, stack, None, path=f"../../../terraform.{name}.tfstate")
    else:
        _keep_state_in_s3(stack, name, state)


def _keep_state_in_s3(stack: TerraformStack, name: str, state: S3State) -> None:
    Element(
        S3Backend,
        stack,
        None,
        bucket=state.bucket,
        region=state.region,
        # A contract: with another key Terraform would start with an empty state.
        key=f"{state.key_prefix}{name}.tfstate",
        encrypt=True,
        kms_key_id=state.kms_key,
        assume_role=_assume(state.role_arn),
    )
    # cdktf 0.21 has no argument for it.
    override(stack, "terraform.backend.s3.use_lockfile", True)


def _assume(role_arn: str | None) -> S3BackendAssumeRoleConfig | None:
    return S3BackendAssumeRoleConfig(role_arn=role_arn) if role_arn else None
