"""The three kinds of stacks: of an account, of a shared repository, of a deployed service."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from constructs_lib import CodeDeploy, EcrRepo, EcsDeployPolicy, InfraRoles, OidcProvider
from constructs_lib.ecs_deploy_policy import DESCRIPTION

from .base_stack import BaseStack
from .part_plans import NamedRepository, NoRepository, SharedRepository
from .shared_constructs import (
    forget_provider,
    forget_repository,
    let_push,
    make_registry,
    make_repository,
    make_role,
    role_outputs,
    stand_in_role,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from constructs import Construct

    from constructs_lib import EcrRepoBase, GithubDeployRole
    from constructs_lib.deploy_role_base import DeployRoleBase
    from constructs_lib.ecs_deploy_policy import EcsPart
    from constructs_lib.oidc_provider import OidcProviderBase

    from .error_collector import ErrorCollector
    from .estate_plan import AccountPlan, ImagesPlan, ServicePlan
    from .part_plans import EcsPlan, InfraPlan, RepositoryPlan

# The keys of the file, and the constructs' words.
_ECS_PARTS: Mapping[str, EcsPart] = {"ecs_policy": "policy", "ecs_attachment": "attachment"}

# Each construct by itself: one that is refused does not hide what is wrong with the next.


class AccountStack(BaseStack):
    """
    The OIDC provider of an account, made or looked up, its ECR registry, and its roles of infra.

    A provider that is looked up and missing fails the plan.
    """

    def __init__(self, scope: Construct, plan: AccountPlan, errors: ErrorCollector) -> None:
        super().__init__(scope, plan.stack, plan.target)
        github = errors.attempt(plan.entry, lambda: self._provider(plan))
        self.put_outputs(
            {
                **({"oidc_provider_arn": github.arn} if github else {}),
                "account_id": plan.target.account,
            }
        )
        if plan.registry:
            with errors.about(f"{plan.entry}.registry"):
                make_registry(self, plan.registry)
        if plan.infra and github:
            with errors.about(plan.infra.entry, plan.infra):
                self._add_infra(plan.infra, github, plan.target.region)

    def _provider(self, plan: AccountPlan) -> OidcProviderBase:
        # `from_lookup`: a plan without the provider fails here, not at the first deploy.
        issuer, audiences = plan.issuer, plan.audiences
        if plan.forget:
            forget_provider(self)
        if plan.oidc_provider == "existing":
            return OidcProvider.from_lookup(self, "Github", issuer=issuer, audiences=audiences)
        taken = "oidc_provider" in plan.import_existing
        return OidcProvider(
            self, "Github", issuer=issuer, audiences=audiences, import_existing=taken
        )

    def _add_infra(self, plan: InfraPlan, github: OidcProviderBase, region: str) -> None:
        """Add the roles with which the infra repository plans and applies."""
        infra = InfraRoles(
            self,
            "Infra",
            oidc_provider=github,
            plan_subjects=plan.plan_subjects,
            apply_subjects=plan.apply_subjects,
            terraform_role=plan.terraform_role,
            state=plan.state,
            name=plan.name,
            audience=plan.audience,
            permissions_boundary=plan.permissions_boundary,
            accept=plan.accept,
            workflow=plan.workflow,
        )
        self.put_outputs(
            {
                "plan_role_arn": infra.plan.arn,
                "apply_role_arn": infra.apply.arn,
                "region": region,
            }
        )


class ImagesStack(BaseStack):
    """
    A shared repository and its push role.

    Attributes:
        role: The role; None when it is refused.
    """

    def __init__(
        self, scope: Construct, plan: ImagesPlan, account: BaseStack, errors: ErrorCollector
    ) -> None:
        super().__init__(scope, plan.stack, plan.target, after=account)
        entry, repository = plan.entry, plan.repository
        parts = plan.import_existing
        image = make_repository(
            self, repository, errors, entry, import_existing=parts, forgotten=bool(plan.forget)
        )
        self.role = errors.attempt(entry, lambda: self._role(plan), plan.role)
        role = self.role or stand_in_role(self, plan.role, plan.issuer, errors, entry)
        with errors.about(entry, plan.role, repository):
            let_push(
                image or _stand_in_image(self),
                role,
                repository,
                import_existing="push_policy" in parts,
            )
        if image is not None and self.role is not None:
            self.put_outputs(role_outputs(self.role, plan.target, image))

    def _role(self, plan: ImagesPlan) -> GithubDeployRole:
        return make_role(
            self,
            plan.role,
            plan.issuer,
            plan.workflow,
            import_existing=plan.import_existing,
        )


class ServiceStack(BaseStack):
    """
    The role that deploys, its repository of images, and its permissions on ECS.

    Attributes:
        role: The role; None when it is refused.
    """

    def __init__(
        self, scope: Construct, plan: ServicePlan, account: BaseStack, errors: ErrorCollector
    ) -> None:
        super().__init__(scope, plan.stack, plan.target, after=account)
        self.role = errors.attempt(plan.entry, lambda: self._role(plan), plan.role)
        role = self.role or stand_in_role(self, plan.role, plan.issuer, errors, plan.entry)
        image = self._image(plan, role, errors)
        if self.role is not None:
            self.put_outputs(role_outputs(self.role, plan.target, image))
        ecs = plan.ecs
        if ecs is not None:
            with errors.about(f"{plan.entry}.ecs", plan.role, ecs):
                self._deploy_to_ecs(role, ecs, plan.import_existing)

    def _role(self, plan: ServicePlan) -> GithubDeployRole:
        return make_role(
            self,
            plan.role,
            plan.issuer,
            plan.workflow,
            import_existing=plan.import_existing,
        )

    def _image(
        self, plan: ServicePlan, role: DeployRoleBase, errors: ErrorCollector
    ) -> EcrRepoBase | None:
        entry, found = plan.entry, plan.repository
        if isinstance(found, NoRepository):
            return None
        if isinstance(found, SharedRepository):
            # Another role pushes to it, and ECS pulls. Deploying needs no access to images, so this
            # stack does not depend on that one, and `cdktf deploy '*-prod'` deploys no other.
            image = errors.attempt(entry, lambda: self._named("Image", found), found)
            if image and plan.forget:
                with errors.about(entry, plan.role, found):
                    self._hand_over(image, role, plan, found)
            return image
        image = make_repository(
            self,
            found,
            errors,
            entry,
            import_existing=plan.import_existing,
            forgotten=bool(plan.forget),
        )
        place = found.origins.get("push_policy_name", entry)
        with errors.about(place, plan.role, found, by=entry):
            self._let_push(image or _stand_in_image(self), role, plan, found)
        return image

    def _let_push(
        self,
        image: EcrRepoBase,
        role: DeployRoleBase,
        plan: ServicePlan,
        found: RepositoryPlan | NamedRepository,
    ) -> None:
        let_push(image, role, found, import_existing="push_policy" in plan.import_existing)
        if plan.promoted is not None:
            self._named("Tested", plan.promoted).grant_pull(role)

    def _hand_over(
        self, image: EcrRepoBase, role: DeployRoleBase, plan: ServicePlan, found: SharedRepository
    ) -> None:
        """Leave the repository to the stack that has it from now on, and let the role push on."""
        forget_repository(self)
        if (found.account, found.region) == (plan.target.account, plan.target.region):
            let_push(image, role, found)

    def _named(self, construct_id: str, found: SharedRepository) -> EcrRepoBase:
        return EcrRepo.from_name(
            self, construct_id, name=found.name, account=found.account, region=found.region
        )

    def _deploy_to_ecs(
        self, role: DeployRoleBase, ecs: EcsPlan, import_existing: Collection[str]
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
            import_existing=[part for key, part in _ECS_PARTS.items() if key in import_existing],
            description=DESCRIPTION if ecs.policy_description is None else ecs.policy_description,
            name=ecs.policy_name,
        )
        self.put_outputs({"cluster": ecs.cluster, "services": list(ecs.services)})


def _stand_in_image(stack: BaseStack) -> EcrRepoBase:
    """Refer to a repository in place of one that is refused, so that its policy is checked too."""
    return EcrRepo.from_name(stack, "RefusedImage", name="refused")
