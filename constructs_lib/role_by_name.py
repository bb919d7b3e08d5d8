"""A role that another construct of the same app makes, referred to by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs_lib.deploy_role_base import DeployRoleBase

if TYPE_CHECKING:
    from cdktf import TerraformStack
    from constructs import Construct

    from constructs_lib.aws_target import AwsTarget
    from constructs_lib.element import Attribute
    from constructs_lib.provider import AwsProvider


class RoleByName(DeployRoleBase):
    """A reference that shares the order, the trust and the totals of the role that it names."""

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - the word of every construct
        *,
        made: DeployRoleBase,
        target: AwsTarget,
        provider: AwsProvider | None,
    ) -> None:
        super().__init__(
            scope, id, name=made.name, path=made.path, target=target, provider=provider
        )
        self._made = made

    def name_in(self, stack: TerraformStack) -> str | Attribute:
        """Name the role in a resource of *stack*, so that Terraform makes the role first."""
        return self._made.name_in(stack)

    def note_attachment(self) -> None:
        """Count a managed policy that another construct attaches."""
        self._made.note_attachment()

    def check_may_write(self, what: str) -> None:
        """
        Refuse *what* when the role trusts pull requests.

        Raises:
            AccessRefused: It does, and `pull-request-write` is not accepted.
        """
        self._made.check_may_write(what)
