"""An ECR repository, made here or elsewhere, and the grants of push and pull on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs_lib.ecr_grant_policy import Grant, GrantPolicy, grant_id
from constructs_lib.inline_policy import put_inline_policy
from constructs_lib.keyword_types import checked
from constructs_lib.node_calls import Part
from constructs_lib.tree import order_stacks, remember_stack, warn
from deploy_access.errors import InvalidValue, Problem, reject
from deploy_access.iam.ecr_capabilities import (
    PULL_ACTIONS,
    READ_ACTIONS,
    pull_images,
    push_images,
    read_images,
)
from deploy_access.iam.limits import is_reference
from deploy_access.iam.statement import PolicyDocument

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cdktf import TerraformStack
    from constructs import Construct

    from constructs_lib.aws_target import AwsTarget
    from constructs_lib.deploy_role_base import DeployRoleBase
    from constructs_lib.element import Element
    from constructs_lib.provider import EcrRepository
    from deploy_access.iam.statement import Statement


class EcrRepoBase(Part):
    """A repository, by its name, account and region."""

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - the word of every construct
        *,
        name: str,
        target: AwsTarget,
    ) -> None:
        super().__init__(scope, id)
        self._name = name
        self._target = target
        self._stack = remember_stack(self, scope)
        # One warning for each role and grant, however often it is granted.
        self._told: set[tuple[DeployRoleBase, Grant]] = set()

    @property
    def name(self) -> str:
        """The name, with its namespaces: `team/web`."""
        return self._name

    @property
    def arn(self) -> str:
        """The ARN, built from account, region and name."""
        return self._target.arn("ecr", f"repository/{self._name}")

    @property
    def registry(self) -> str:
        """The host name of its registry."""
        target = self._target
        return f"{target.account}.dkr.ecr.{target.region}.{target.dns_suffix}"

    @property
    def url(self) -> str:
        """The name that images are tagged with: `REGISTRY/NAME`."""
        return f"{self.registry}/{self._name}"

    @property
    def target(self) -> AwsTarget:
        """The account and region that it is in."""
        return self._target

    @checked
    def grant_push(
        self,
        role: DeployRoleBase,
        *,
        cache: bool = False,
        policy_name: str | None = None,
        import_existing: bool = False,
    ) -> None:
        """
        Let *role* log in and push; a second call for the same role adds to the first.

        Args:
            role: It gets an inline policy. When it is in another account than the repository,
                the repository's own policy, where it is made here, lets it in as well.
            cache: Also read layers, for a registry cache or for copying an image.
            policy_name: The inline policy's name; `ecr-push-REPOSITORY` when left out.
            import_existing: Whether Terraform takes over the policy that the role has.

        Raises:
            AccessRefused: The role trusts pull requests.
            InvalidValue: Role and repository are both made elsewhere, in other accounts; or IAM
                takes no such name, or the policy has another one already.
            TargetUnknown: They are in two stacks, and one does not say its account.
        """
        role.check_may_write(f"pushing to repository {self.name!r}")
        statements = push_images(self._arn_in(role), cache=cache or self._reads_layers(role))
        policy = GrantPolicy(policy_name, import_existing)
        self._grant(role, "push", statements, statements[-1].actions, policy)

    @checked
    def grant_pull(
        self,
        role: DeployRoleBase,
        *,
        policy_name: str | None = None,
        import_existing: bool = False,
    ) -> None:
        """
        Let *role* log in and pull.

        Args:
            role: It gets an inline policy.
            policy_name: The inline policy's name; `ecr-pull-REPOSITORY` when left out.
            import_existing: Whether Terraform takes over the policy that the role has.

        Raises:
            InvalidValue: Role and repository are both made elsewhere, in other accounts.
            TargetUnknown: They are in two stacks, and one does not say its account.
        """
        policy = GrantPolicy(policy_name, import_existing)
        self._grant(role, "pull", pull_images(self._arn_in(role)), PULL_ACTIONS, policy)

    @checked
    def grant_read(
        self,
        role: DeployRoleBase,
        *,
        policy_name: str | None = None,
        import_existing: bool = False,
    ) -> None:
        """
        Let *role* describe the repository, list its images and read what their scans found.

        It pulls nothing. What Amazon Inspector finds in an enhanced scan needs
        `inspector2:ListFindings` as well, which AWS gives for all resources only.

        Args:
            role: It gets an inline policy.
            policy_name: The inline policy's name; `ecr-read-REPOSITORY` when left out.
            import_existing: Whether Terraform takes over the policy that the role has.

        Raises:
            InvalidValue: Role and repository are both made elsewhere, in other accounts.
            TargetUnknown: They are in two stacks, and one does not say its account.
        """
        policy = GrantPolicy(policy_name, import_existing)
        self._grant(role, "read", read_images(self._arn_in(role)), READ_ACTIONS, policy)

    def _grant(
        self,
        role: DeployRoleBase,
        grant: Grant,
        statements: Sequence[Statement],
        actions: Sequence[str],
        policy: GrantPolicy,
    ) -> None:
        reject(policy.check())
        same_account = self._target.same_account(role.target)
        if not role.is_reachable and not self._owns_policy:
            raise InvalidValue(_out_of_reach(self, role))
        if role.is_reachable:
            # Under the role, so that the policy lies in the role's account and state.
            order_stacks(role.stack, self._stack)
            self._grant_to_role(role, grant, statements, policy)
        if not same_account:
            self._grant_in_repository(role, grant, actions)

    def _grant_to_role(
        self,
        role: DeployRoleBase,
        grant: Grant,
        statements: Sequence[Statement],
        policy: GrantPolicy,
    ) -> None:
        suffix = self._suffix(role)
        construct_id = grant_id(grant, suffix)
        reject(policy.check_renamed(role, construct_id))
        put_inline_policy(
            role,
            construct_id,
            policy.name_for(grant, suffix),
            PolicyDocument(tuple(statements)),
            depends_on=self._resources(role.stack),
            construct="EcrRepo",
            import_existing=policy.exists,
            grant=grant,
            repository=self.name,
        )

    def _grant_in_repository(
        self, role: DeployRoleBase, grant: Grant, actions: Sequence[str]
    ) -> None:
        del actions
        if (role, grant) not in self._told:
            warn(role, [_needs_grant_there(self, role, grant)])
        self._told.add((role, grant))

    @property
    def _owns_policy(self) -> bool:
        return False

    def _resources(self, stack: TerraformStack) -> list[Element[EcrRepository]]:
        del stack
        return []

    def _arn_in(self, role: DeployRoleBase) -> str:
        self._target.readable_in(role.stack)
        return self.arn

    def _reads_layers(self, role: DeployRoleBase) -> bool:
        """Whether an earlier push grant on this repository was also for a cache."""
        known = role.inline_policies.get(grant_id("push", self._suffix(role)))
        return known is not None and set(PULL_ACTIONS) <= set(known[1].statements[-1].actions)

    def _suffix(self, role: DeployRoleBase) -> str:
        name = self._place(role) if is_reference(self._name) else self._name
        # `+` is legal in IAM's names and not in ECR's, so two repositories never get one suffix.
        plain = name.replace("/", "+")
        here = (role.target.account, role.target.region)
        there = (self._target.account, self._target.region)
        if here == there:
            return plain
        return "-".join([*(part for part in there if not is_reference(part)), plain])

    def _place(self, role: DeployRoleBase) -> str:
        """Return the path in the tree, without the stack when *role* is in the same one."""
        path = self.node.path
        if role.stack is self._stack:
            path = path.removeprefix(f"{self._stack.node.path}/")
        return f"/{path}"  # no name of a repository begins with `/`


def _needs_grant_there(repository: EcrRepoBase, role: DeployRoleBase, grant: Grant) -> str:
    return (
        f"Role {role.name!r} may {grant} to repository {repository.name!r} of account "
        f"{repository.target.account} only when that repository's own policy lets it in, and the "
        "repository is made elsewhere. Grant the role there as well: "
        f"`GithubDeployRole.from_name(..., account=...)` and `EcrRepo.grant_{grant}`."
    )


def _out_of_reach(repository: EcrRepoBase, role: DeployRoleBase) -> Problem:
    return Problem(
        what=f"Neither role {role.name!r} nor repository {repository.name!r} can be given a "
        "policy from this stack.",
        given={"role": role.target.account, "repository": repository.target.account},
        why="The role is in another account than the stack, and the repository is made elsewhere.",
        fix="Grant in the stack that makes the repository, or in one of the role's account.",
    )
