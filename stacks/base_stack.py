"""The base of every stack: its AWS provider, its backend, and the versions that it accepts."""

from __future__ import annotations

from typing import TYPE_CHECKING

# First, so that the Node process behind `cdktf` starts with the provider's shortcut.
from constructs_lib import AwsTarget, constrain_aws_provider  # isort: skip
from cdktf import TerraformOutput, TerraformStack

from constructs_lib.element import Element
from constructs_lib.provider import AwsProvider, AwsProviderAssumeRole, AwsProviderDefaultTags
from constructs_lib.tree import order_stacks, remember_root

from .state_backend import keep_state

if TYPE_CHECKING:
    from collections.abc import Mapping

    from constructs import Construct

    from .part_plans import Target


class BaseStack(TerraformStack):
    """
    A stack that deploys to one account and refuses every other.

    Attributes:
        outputs: What it has given out so far, by name.
    """

    def __init__(
        self, scope: Construct, name: str, target: Target, *, after: BaseStack | None = None
    ) -> None:
        super().__init__(scope, name)
        remember_root(self, scope)
        if after is not None:
            order_stacks(self, after)
        _make_provider(self, target)
        # After the provider, whose exact version this replaces.
        constrain_aws_provider(self)
        # Not discovered from the provider: that would ask Node for what is known here.
        AwsTarget.set(self, account=target.account, region=target.region)
        keep_state(self, name, target.state)
        self.outputs: dict[str, str | list[str]] = {}

    def put_outputs(self, outputs: Mapping[str, str | list[str]]) -> None:
        """Make outputs at the top of the stack, where Terraform gets their names unchanged."""
        for name, value in outputs.items():
            Element(TerraformOutput, self, name, value=value)
            self.outputs[name] = value


def _make_provider(stack: TerraformStack, target: Target) -> None:
    role, tags = target.assume_role, dict(target.tags)
    Element(
        AwsProvider,
        stack,
        "Aws",
        region=target.region,
        # Terraform stops at once when its credentials are of any other account.
        allowed_account_ids=[target.account],
        assume_role=[AwsProviderAssumeRole(role_arn=role)] if role else None,
        default_tags=[AwsProviderDefaultTags(tags=tags)] if tags else None,
    )
