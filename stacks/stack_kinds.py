"""The three kinds of stacks: of an account, of a shared repository, of a deployed service."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from constructs_lib import CodeDeploy, EcrRepo, EcsDeployPolicy, InfraRoles, OidcProvider
from stacks.base_stack import BaseStack
from stacks.estate_plan import SharedRepository
from stacks.shared_constructs import make_registry, make_repository, make_role, role_outputs

if TYPE_CHECKING:
    from constructs import Construct

    from constructs_lib import EcrRepoBase, GithubDeployRole
    from stacks.estate_plan import AccountPlan, EcsPlan, ImagesPlan, InfraPlan, ServicePlan


class AccountStack(BaseStack):
    """
    The OIDC provider of an account, made or looked up, its ECR registry, and its roles of infra.

    A provider that is looked up and missing fails the plan.
    """

    def __init__(self, scope: Construct, plan: AccountPlan) -> None:
        super().__init__(scope, plan.stack, plan.target)
        # `from_lookup`: a plan without the provider fails here, not at the first deploy.
        if plan.oidc_provider == "existing":
            github = OidcProvider.from_lookup(self, "Github", issuer=plan.issuer)
        else:
            taken = "oidc_provider" in plan.import_existing
            github = OidcProvider(self, "Github", issuer=plan.issuer, import_existing=taken)
        if plan.registry:
            make_registry(self, plan.registry)
        self.put_outputs({"oidc_provider_arn": github.arn, "account_id": plan.target.account})
        self._github = github

    def add_infra(self, plan: InfraPlan, region: str) -> None:
        """Add the roles with which the infra repository plans and applies."""
        infra = InfraRoles(
            self,
            "Infra",
            oidc_provider=self._github,
            plan_subjects=plan.plan_subjects,
            apply_subjects=plan.apply_subjects,
            terraform_role=plan.terraform_role,
            state=plan.state,
            name=plan.name,
            permissions_boundary=plan.permissions_boundary,
            accept=plan.accept,
        )
        self.put_outputs(
            {
                "plan_role_arn": infra.plan.arn,
                "apply_role_arn": infra.apply.arn,
                "region": region,
            }
        )


class ImagesStack(BaseStack):
    """A shared repository and its push role."""

    def __init__(self, scope: Construct, plan: ImagesPlan, account: BaseStack) -> None:
        super().__init__(scope, plan.stack, plan.target)
        self.add_dependency(account)
        image = make_repository(self, plan.repository)
        role = make_role(self, plan.role, plan.issuer, plan.workflow)
        image.grant_push(
            role, cache=plan.repository.push_cache, policy_name=plan.repository.push_policy_name
        )
        self.put_outputs(role_outputs(role, plan.target, image))


class ServiceStack(BaseStack):
    """The role that deploys, its repository of images, and its permissions on ECS."""

    def __init__(self, scope: Construct, plan: ServicePlan, account: BaseStack) -> None:
        super().__init__(scope, plan.stack, plan.target)
        self.add_dependency(account)
        taken = "role" in plan.import_existing
        role = make_role(self, plan.role, plan.issuer, plan.workflow, import_existing=taken)
        image = self._image(plan, role)
        self.put_outputs(role_outputs(role, plan.target, image))
        if plan.ecs:
            taken = "ecs_policy" in plan.import_existing
            self._deploy_to_ecs(role, plan.ecs, import_existing=taken)

    def _image(self, plan: ServicePlan, role: GithubDeployRole) -> EcrRepoBase:
        if isinstance(plan.repository, SharedRepository):
            # Another role pushes to it, and ECS pulls. Deploying needs no access to images, so this
            # stack does not depend on that one, and `cdktf deploy '*-prod'` deploys no other.
            shared = plan.repository
            return EcrRepo.from_name(
                self, "Image", name=shared.name, account=shared.account, region=shared.region
            )
        image = make_repository(self, plan.repository, plan.import_existing)
        taken = "push_policy" in plan.import_existing
        image.grant_push(
            role,
            cache=plan.repository.push_cache,
            policy_name=plan.repository.push_policy_name,
            import_existing=taken,
        )
        if plan.promoted is not None:
            tested = plan.promoted
            EcrRepo.from_name(
                self, "Tested", name=tested.name, account=tested.account, region=tested.region
            ).grant_pull(role)
        return image

    def _deploy_to_ecs(
        self, role: GithubDeployRole, ecs: EcsPlan, *, import_existing: bool
    ) -> None:
        EcsDeployPolicy(
            self,
            "Ecs",
            role=role,
            cluster=ecs.cluster,
            services=ecs.services,
            families=ecs.families,
            task_roles=ecs.task_roles,
            execution_role=ecs.execution_role,
            read_task_definition=ecs.read_task_definition,
            one_off_tasks=ecs.one_off_tasks,
            codedeploy=CodeDeploy(**asdict(ecs.codedeploy)) if ecs.codedeploy else None,
            tag_on_create=ecs.tag_on_create,
            also=ecs.also,
            import_existing=import_existing,
            name=ecs.policy_name,
        )
        self.put_outputs({"cluster": ecs.cluster, "services": list(ecs.services)})
