"""The base of every stack: its AWS provider, its backend, and the versions that it accepts."""

from __future__ import annotations

from typing import TYPE_CHECKING

# First, so that the Node process behind `cdktf` starts with the provider's shortcut.
from constructs_lib import AwsTarget, constrain_aws_provider  # isort: skip
from cdktf import (
    LocalBackend,
    S3Backend,
    S3BackendAssumeRoleConfig,
    TerraformOutput,
    TerraformStack,
)

from constructs_lib.provider import AwsProvider, AwsProviderAssumeRole, AwsProviderDefaultTags

if TYPE_CHECKING:
    from collections.abc import Mapping

    from constructs import Construct

    from stacks.estate_plan import S3State, Target

TERRAFORM = ">= 1.11"
"""The first version that locks a state in S3 without a DynamoDB table (`use_lockfile`)."""


class BaseStack(TerraformStack):
    """A stack that deploys to one account and refuses every other."""

    def __init__(self, scope: Construct, name: str, target: Target) -> None:
        super().__init__(scope, name)
        _make_provider(self, target)
        # After the provider, whose exact version this replaces.
        constrain_aws_provider(self)
        # Not discovered from the provider: that would ask Node for what is known here.
        AwsTarget.set(self, account=target.account, region=target.region)
        self.add_override("terraform.required_version", TERRAFORM)
        if target.state is None:
            _keep_state_beside(self, name)
        else:
            _keep_state_in_s3(self, name, target.state)

    def put_outputs(self, outputs: Mapping[str, str | list[str]]) -> None:
        """Make outputs at the top of the stack, where Terraform gets their names unchanged."""
        for name, value in outputs.items():
            TerraformOutput(self, name, value=value)


def _make_provider(stack: TerraformStack, target: Target) -> None:
    role, tags = target.assume_role, dict(target.tags)
    AwsProvider(
        stack,
        "Aws",
        region=target.region,
        # Terraform stops at once when its credentials are of any other account.
        allowed_account_ids=[target.account],
        assume_role=[AwsProviderAssumeRole(role_arn=role)] if role else None,
        default_tags=[AwsProviderDefaultTags(tags=tags)] if tags else None,
    )


def _keep_state_beside(stack: TerraformStack, name: str) -> None:
    # cdktf's own default is the same file by its absolute path, which differs between machines.
    LocalBackend(stack, path=f"../../../terraform.{name}.tfstate")


def _keep_state_in_s3(stack: TerraformStack, name: str, state: S3State) -> None:
    S3Backend(
        stack,
        bucket=state.bucket,
        region=state.region,
        # A contract: with another key Terraform would start with an empty state.
        key=f"{state.key_prefix}{name}.tfstate",
        encrypt=True,
        kms_key_id=state.kms_key,
        assume_role=_assume(state.role_arn),
    )
    # cdktf 0.21 has no argument for it.
    stack.add_override("terraform.backend.s3.use_lockfile", value=True)


def _assume(role_arn: str | None) -> S3BackendAssumeRoleConfig | None:
    return S3BackendAssumeRoleConfig(role_arn=role_arn) if role_arn else None
