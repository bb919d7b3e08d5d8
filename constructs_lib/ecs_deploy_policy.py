"""The managed policy that lets a role deploy to ECS: its services, its task roles, nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from constructs_lib.aws_target import AwsTarget
from constructs_lib.duplicate_resources import claim
from constructs_lib.ecs_deployment_plan import EcsDeploymentPlan
from constructs_lib.ecs_policy_document import ecs_policy_document
from constructs_lib.element import Element
from constructs_lib.keyword_types import checked
from constructs_lib.node_calls import Part
from constructs_lib.provider import AwsProvider, IamPolicy, IamRolePolicyAttachment
from constructs_lib.tree import (
    add_metadata,
    existing_parts,
    resolve,
    tags_or_none,
    terraform_text,
)
from deploy_access.errors import InvalidValue, Problem, reject
from deploy_access.iam import limits
from deploy_access.iam.arns import Arn
from deploy_access.iam.capabilities import EcsCapability  # noqa: TC001 - `checked` reads it
from deploy_access.workflow.setting_checks import check_hints, plain_hints

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from constructs import Construct

    from constructs_lib.codedeploy import CodeDeploy
    from constructs_lib.deploy_role_base import DeployRoleBase
    from deploy_access.iam.statement import PolicyDocument

# Terraform replaces a managed policy when its description changes, so it holds no name that may.
DESCRIPTION = "Deploys to Amazon ECS"

EcsPart = Literal["policy", "attachment"]
"""What may be there before Terraform knows it."""


class EcsDeployPolicy(Part):
    """A managed policy for the services of one cluster, attached to the role that deploys."""

    @checked
    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - the word of every construct
        *,
        role: DeployRoleBase,
        cluster: str,
        services: Sequence[str],
        task_roles: Sequence[str],
        execution_role: str | None,
        families: Sequence[str] | None = None,
        name: str | None = None,
        read_task_definition: bool = False,
        one_off_tasks: Sequence[str] = (),
        codedeploy: CodeDeploy | None = None,
        tag_on_create: bool | None = None,
        also: Sequence[EcsCapability] = (),
        description: str = DESCRIPTION,
        import_existing: bool | Collection[EcsPart] = False,
        workflow: Mapping[str, object] | None = None,
        provider: AwsProvider | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        """
        Make the policy and attach it.

        Args:
            scope: Where it is in the tree; its stack's account and region have the cluster.
            id: Its name there; part of its address in Terraform's state.
            role: The role that deploys, made here or by `from_name`.
            cluster: The cluster's name.
            services: The services' names; none for a role that only runs `one_off_tasks`.
            task_roles: The roles that the containers run with: name, `path/name` or ARN.
            execution_role: The role that pulls images and writes logs; None when there is none.
            families: The task definitions' families that the services run; the services' names
                when left out.
            name: The policy's name; `ROLE-ecs-CLUSTER` when left out. A change replaces it.
            read_task_definition: Whether the workflow reads the definition from AWS, in place of
                a file in the repository.
            one_off_tasks: Families that may be run once, for example migrations. A run may
                override the command.
            codedeploy: Deploy with CodeDeploy, in place of updating the services.
            tag_on_create: Whether definitions and tasks are made with tags. Left out, definitions
                are when they are read from AWS: the new one has the tags of the one before.
            also: What other deployers call: `list-service-deployments`, `list-tasks`, `stop-task`.
            description: What the policy says of itself; empty for nothing. IAM cannot change it,
                so another one replaces the policy: one that is taken over keeps its own.
            import_existing: Whether Terraform takes over what is there: the policy of this name, or
                of `policy` and `attachment` those that are named.
            workflow: Hints for `deploy-access workflow`; docs/workflows.md has the keys.
            provider: An aliased AWS provider.
            tags: Tags of the policy, beside the provider's default ones.

        Raises:
            InvalidValue: Something that AWS would refuse, or that never matches.
            AccessRefused: The role trusts pull requests.
            DuplicateResource: The app makes a policy of this name in this account already.
            TargetUnknown: The stack has no AWS provider yet.
        """
        role.check_may_write(f"deploying to cluster {cluster!r}")
        self._name = f"{role.name}-ecs-{cluster}" if name is None else name
        plan = EcsDeploymentPlan(
            cluster=cluster,
            services=services,
            families=services if families is None else families,
            roles=[resolve(scope, r) for r in _distinct(task_roles, execution_role)],
            read_task_definition=read_task_definition,
            one_off_tasks=one_off_tasks,
            codedeploy=codedeploy,
            tag_on_create=tag_on_create,
            also=also,
        )
        hints = check_hints(workflow)
        reject([*self._problems(plan, task_roles, tags, is_named=name is not None), *hints])
        super().__init__(scope, id)
        # The cluster is in the account and region of the stack, not of the role.
        self._target = AwsTarget.of(scope, provider)
        self._make(self._document(role, plan), description, provider, tags)
        self._add_metadata(role, plan, workflow)
        existing = existing_parts(import_existing, ("policy",))
        if "policy" in existing:
            self._resource.take_over(self.arn, provider)
        attachment = self._attach(role, provider)
        if "attachment" in existing:
            attachment.take_over(f"{role.name}/{self.arn}", provider)

    @property
    def name(self) -> str:
        """The policy's name."""
        return self._name

    @property
    def arn(self) -> str:
        """The ARN, built from account and name."""
        return self._target.iam_arn(f"policy/{self._name}")

    @property
    def resource(self) -> IamPolicy:
        """The Terraform resource; its `.arn` is Terraform's reference."""
        return self._resource.resource

    def _problems(
        self,
        plan: EcsDeploymentPlan,
        task_roles: Sequence[str],
        tags: Mapping[str, str] | None,
        *,
        is_named: bool,
    ) -> list[Problem]:
        problems = [
            *plan.problems(),
            *limits.check_many("task_roles", task_roles, empty=True),
            *limits.check_tags(tags),
        ]
        # The default name holds the cluster's, so a wrong cluster would be reported twice.
        if is_named or not problems:
            problems.extend(limits.check_policy_name(self._name))
        return problems

    def _make(
        self,
        document: PolicyDocument,
        description: str,
        provider: AwsProvider | None,
        tags: Mapping[str, str] | None,
    ) -> None:
        self._resource = Element(
            IamPolicy,
            self,
            "Resource",
            name=self._name,
            description=description or None,
            policy=terraform_text(document.to_json()),
            provider=provider,
            tags=tags_or_none(tags),
        )

    def _document(self, role: DeployRoleBase, plan: EcsDeploymentPlan) -> PolicyDocument:
        if not self._target.same_account(role.target):
            raise InvalidValue(_other_account(role, self._target))
        reject(_check_passed(self._target, plan.roles))
        claim(self, "policy", self._name, self._target)
        document = ecs_policy_document(self._target, plan)
        if document.size > limits.MANAGED_POLICY_SIZE:
            raise InvalidValue(_too_long(document.size, plan.services))
        return document

    def _add_metadata(
        self,
        role: DeployRoleBase,
        plan: EcsDeploymentPlan,
        workflow: Mapping[str, object] | None,
    ) -> None:
        add_metadata(
            self._resource,
            "EcsDeployPolicy",
            role=role.name,
            cluster=plan.cluster,
            services=list(plan.services),
            families=list(plan.families),
            task_definition="aws" if plan.read_task_definition else "file",
            one_off_tasks=list(plan.one_off_tasks),
            codedeploy=plan.codedeploy is not None,
            workflow=plain_hints(workflow),
        )

    def _attach(
        self, role: DeployRoleBase, provider: AwsProvider | None
    ) -> Element[IamRolePolicyAttachment]:
        attachment = Element(
            IamRolePolicyAttachment,
            self,
            "Attachment",
            role=role.name_in(self._target.stack),
            policy_arn=self._resource.attribute("arn"),
            provider=provider,
        )
        role.note_attachment()
        return attachment


def _distinct(task_roles: Sequence[str], execution_role: str | None) -> list[str]:
    """List each role once: one role may be both."""
    listed = [task_roles] if isinstance(task_roles, str) else list(task_roles)
    return list(dict.fromkeys([*listed, *([] if execution_role is None else [execution_role])]))


def _check_passed(target: AwsTarget, roles: Sequence[str]) -> Iterator[Problem]:
    for role in roles:
        arn = None if limits.is_reference(role) else Arn.parse(role)
        if arn is not None:
            yield from target.check_partition(role)
            if arn.account != target.account and not limits.is_reference(target.account):
                yield Problem(
                    what="A task takes on roles of its own account only.",
                    given=role,
                    why=f"The cluster is in account {target.account}, so ECS refuses this one.",
                    fix="Pass a role of that account, by its name.",
                )


def _other_account(role: DeployRoleBase, target: AwsTarget) -> Problem:
    return Problem(
        what=f"Role {role.name!r} is in another account than the cluster.",
        given={"role": role.target.account, "cluster": target.account},
        why="A policy is attached to roles of its own account only.",
        fix="Make the role in the account that it deploys to.",
    )


def _too_long(size: int, services: Sequence[str]) -> Problem:
    return Problem(
        what=f"The policy has {size} characters without white space; IAM takes "
        f"{limits.MANAGED_POLICY_SIZE}.",
        given=f"{len(services)} services",
        why="IAM refuses it at apply, and this limit cannot be raised.",
        fix="Split the services over two EcsDeployPolicy with a name each.",
    )
