"""The stack `<service>-<environment>`: who on GitHub may deploy a service there."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from constructs_lib import CodeDeploy, EcrRepo, EcsDeployPolicy
from stacks.base import BaseStack
from stacks.estate import SharedRepository
from stacks.parts import make_repository, make_role, role_outputs

if TYPE_CHECKING:
    from constructs import Construct

    from constructs_lib import EcrRepoBase, GithubDeployRole
    from stacks.estate import EcsSettings, ServiceSettings


class ServiceStack(BaseStack):
    """The role that deploys, its own repository of images if it has one, and what it may do."""

    def __init__(self, scope: Construct, settings: ServiceSettings, account: BaseStack) -> None:
        super().__init__(scope, settings.stack, settings.target)
        self.add_dependency(account)
        role = make_role(self, settings.role, settings.issuer, settings.workflow)
        image = self._image(settings, role)
        self.put_outputs(role_outputs(role, settings.target, image))
        if settings.ecs:
            self._deploy_to_ecs(role, settings.ecs)

    def _image(self, settings: ServiceSettings, role: GithubDeployRole) -> EcrRepoBase:
        if isinstance(settings.repository, SharedRepository):
            # Its own role pushes to it, and ECS pulls: deploying needs no access to images, and
            # this stack nothing of that one. So `cdktf deploy '*-prod'` asks for no other.
            shared = settings.repository
            return EcrRepo.from_name(
                self, "Image", name=shared.name, account=shared.account, region=shared.region
            )
        image = make_repository(self, settings.repository)
        image.grant_push(role, cache=settings.repository.push_cache)
        return image

    def _deploy_to_ecs(self, role: GithubDeployRole, ecs: EcsSettings) -> None:
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
        )
        self.put_outputs({"cluster": ecs.cluster, "services": list(ecs.services)})
