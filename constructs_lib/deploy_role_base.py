"""The role that GitHub deploys with, made here or elsewhere; base of the other role constructs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs_lib.aws_target import AwsTarget
from constructs_lib.node_calls import Part
from constructs_lib.tree import order_stacks, remember_stack

if TYPE_CHECKING:
    from cdktf import TerraformStack
    from constructs import Construct

    from constructs_lib.element import Attribute, Element
    from constructs_lib.provider import AwsProvider, IamRolePolicy
    from deploy_access.iam.statement import PolicyDocument


class DeployRoleBase(Part):
    """A role, by its name; it takes policies in the stack that uses it."""

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - the word of every construct
        *,
        name: str,
        path: str,
        target: AwsTarget,
        provider: AwsProvider | None,
    ) -> None:
        super().__init__(scope, id)
        self._name = name
        self._path = path
        self._target = target
        self._provider = provider
        self._stack = remember_stack(self, scope)
        self._attachments = 0
        self._inline: dict[str, tuple[Element[IamRolePolicy], PolicyDocument]] = {}

    @property
    def name(self) -> str:
        """The name, without the path."""
        return self._name

    @property
    def path(self) -> str:
        """The path: `/`, or `/.../`."""
        return self._path

    @property
    def arn(self) -> str:
        """The ARN, built from account, path and name."""
        return self._target.iam_arn(f"role{self._path}{self._name}")

    @property
    def target(self) -> AwsTarget:
        """The account that it is in."""
        return self._target

    @property
    def stack(self) -> TerraformStack:
        """The stack that this construct is in."""
        return self._stack

    @property
    def provider(self) -> AwsProvider | None:
        """The aliased AWS provider that its policies are made with."""
        return self._provider

    @property
    def name_reference(self) -> str:
        """The name as a policy in the role's own stack refers to it."""
        return str(self._own_name)

    @property
    def _own_name(self) -> str | Attribute:
        return self._name

    def name_in(self, stack: TerraformStack) -> str | Attribute:
        """
        Name the role in a resource of *stack*, so that Terraform makes the role first.

        Across stacks the order is the stacks' order: a reference would read the other's state.
        """
        if stack is self._stack:
            return self._own_name
        order_stacks(stack, self._stack)
        return self._name

    @property
    def is_reachable(self) -> bool:
        """Whether the stack of this construct deploys to the account that the role is in."""
        return AwsTarget.of(self, self._provider).account == self._target.account

    @property
    def inline_policies(self) -> dict[str, tuple[Element[IamRolePolicy], PolicyDocument]]:
        """The inline policies made here, by the id of their construct."""
        return self._inline

    @property
    def attachments(self) -> int:
        """The number of managed policies that are attached here."""
        return self._attachments

    def note_attachment(self) -> None:
        """Count a managed policy that another construct attaches."""
        self._attachments += 1

    def check_may_write(self, what: str) -> None:
        """Refuse *what* when the role trusts pull requests; the trust of this role is not known."""
