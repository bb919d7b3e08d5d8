"""The steps that deploy to ECS: tasks that run once, then each service."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.workflow.build_steps import built
from deploy_access.workflow.step_value import is_known, slug
from deploy_access.workflow.steps import Appspec, Deploy, Render, RunTask, Task, Together
from deploy_access.workflow.value_source import Inputs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.workflow.deployer import EcsService, EcsTarget
    from deploy_access.workflow.job_context import JobContext
    from deploy_access.workflow.step_value import Value
    from deploy_access.workflow.steps import Step
    from deploy_access.workflow.value_source import ValueSource

ACTION = "deploy-to-ecs"
"""The folder of the action that renders and deploys, under `.github/actions`."""


def action_of(service: str) -> str:
    """Name the folder of the action of a service; each has its own, as they may differ."""
    return f"{ACTION}-{slug(service)}" if service else ACTION


def deploy_steps(context: JobContext, place: int, given: Value | None) -> Iterator[Step]:
    """
    Make the steps that deploy to one cluster.

    Args:
        context: What they are made from.
        place: Which of the role's clusters it is.
        given: The image of another job; None when this job builds it.
    """
    target, wanted = context.deployer.targets[place], context.services
    services = [s for s in target.services if not wanted or s.name in wanted]
    own = {service.family for service in services}
    one = _Deployment(context=context, place=place, source=context.source)
    first = services[0].name if services else None
    for family in target.one_off if services or not target.services else ():
        if family not in own:
            yield from one.run_task(family, given or built(context), first or family)
    for service in services:
        image = given or built(context, service.name)
        if context.settings.options.composite:
            yield _together(context, place, service, image)
        else:
            yield from one.deploy(service, image)


def _together(context: JobContext, place: int, service: EcsService, image: Value) -> Together:
    """Make a step that uses the composite action; its inputs are those of the steps inside."""
    inputs = Inputs(inner=context.source, variables=True)
    inside = _Deployment(context=context, place=place, source=inputs)
    image = inputs.pass_on("image", image)
    steps = inside.deploy(service, image)
    return Together(
        name=f"Deploy {service.name if is_known(service.name) else 'the service'}",
        root=context.root,
        path=f".github/actions/{action_of(context.settings.service)}",
        inputs=tuple(inputs.given.items()),
        steps=steps,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Deployment:
    """
    What is deployed to one cluster of a role.

    Attributes:
        context: What the steps are made from.
        place: Which of the role's clusters it is.
        source: Where values come from; inputs of their own in a composite action.
    """

    context: JobContext
    place: int
    source: ValueSource

    @property
    def target(self) -> EcsTarget:
        """The cluster."""
        return self.context.deployer.targets[self.place]

    @property
    def _is_inside(self) -> bool:
        """Whether it is the one thing that an action does."""
        return self.source is not self.context.source

    @property
    def _mark(self) -> str:
        """What tells the names of a further cluster from those of the first."""
        return "" if self.place == 0 or self._is_inside else f"-{self.place + 1}"

    def _variable(self, name: str) -> str:
        """Name the GitHub variable of this cluster."""
        return name if self.place == 0 else f"{name}_{self.place + 1}"

    def _count(self) -> tuple[int, int]:
        """Count the services of the clusters before this one, and those of all."""
        counts = [len(one.services) for one in self.context.deployer.targets]
        return sum(counts[: self.place]), sum(counts)

    def deploy(self, service: EcsService, image: Value) -> tuple[Render, Deploy]:
        """Render the definition of a service, and deploy it."""
        index = self.target.services.index(service)
        before, total = self._count()
        mark = "" if total == 1 or self._is_inside else f"-{before + index + 1}"
        cluster = self._cluster
        variable = self._variable("ECS_SERVICES")
        name = self.source.fill(f"service{mark}", service.name, variable, index=index)
        container = self.context.settings.container(service.name)
        render = Render(
            id=f"render{mark}",
            name="" if name.template else service.name,
            container=self.source.fill(f"container{mark}", container, None),
            image=image,
            file=self._file(service, mark),
            family=self._family(service, mark),
            target=self.target,
        )
        runs_first = service.family in self.target.one_off
        first = self._task(service.family, container) if runs_first else None
        return render, self._deployed(service, render, (cluster, name), mark, first)

    def _deployed(
        self,
        service: EcsService,
        render: Render,
        names: tuple[Value, Value],
        mark: str,
        first: Task | None,
    ) -> Deploy:
        group = service.codedeploy
        fill = self.source.fill
        if group is None:
            application = deployment_group = appspec = None
        else:
            application = fill(f"codedeploy-application{mark}", group.application, None)
            deployment_group = fill(f"codedeploy-group{mark}", group.group, None)
            appspec = self._appspec(service, mark)
        return Deploy(
            rendered=render.id,
            cluster=names[0],
            service=names[1],
            family=service.family,
            target=self.target,
            minutes=self.context.wait,
            codedeploy=group,
            application=application,
            group=deployment_group,
            appspec=appspec,
            first=first,
        )

    def _appspec(self, service: EcsService, mark: str) -> Appspec:
        """Name CodeDeploy's file: one that is written here where the port is known."""
        settings = self.context.settings
        container, port = settings.container(service.name), settings.number("container_port")
        words = filter(None, [settings.service, self._name(service) if mark else ""])
        own = f"{'-'.join(['appspec', *dict.fromkeys(map(slug, words))])}.yaml"
        if port is None or settings.is_option("appspec"):
            file = settings.given("appspec") or own
        else:
            file = f".github/{own}"
        made = port if file.startswith(".github/") else None
        return Appspec(file=file, container=container, port=made)

    @property
    def _cluster(self) -> Value:
        variable = self._variable("ECS_CLUSTER")
        return self.source.fill(f"cluster{self._mark}", self.target.cluster, variable)

    def _reads(self, service: EcsService) -> bool:
        return self.target.reads_definition and not self.context.settings.asks_for_file(
            service.name
        )

    def _file(self, service: EcsService, mark: str) -> Value | None:
        if self._reads(service):
            return None
        file = self.context.settings.definition(self._name(service), named=self._is_one_of_many)
        return self.source.fill(f"task-definition{mark}", file, None)

    @property
    def _is_one_of_many(self) -> bool:
        return self._count()[1] > 1 or self.context.shares_place

    def _name(self, service: EcsService) -> str:
        """Name a service for its file: with its cluster, where another has one of its name."""
        targets = self.context.deployer.targets
        alike = [one for target in targets for one in target.services if one.name == service.name]
        return f"{self.target.cluster}-{service.name}" if len(alike) > 1 else service.name

    def _family(self, service: EcsService, mark: str) -> Value | None:
        if not self._reads(service):
            return None
        variable = f"ECS_FAMILY{mark.replace('-', '_')}"
        return self.source.fill(f"family{mark}", service.family, variable)

    def run_task(self, family: str, image: Value, service: str) -> Iterator[Step]:
        """Render a definition of its own, and run it once."""
        settings, key = self.context.settings, f"{slug(family)}{self._mark}"
        container = settings.container(service, family)
        reads = self.target.reads_definition and not settings.asks_for_file(family, extra=True)
        file = settings.definition(family, named=True, extra=True)
        fill, cluster = self.source.fill, self._cluster
        yield Render(
            id=f"render-{key}",
            name=family if is_known(family) else "",
            container=fill(f"{key}-container", container, None),
            image=image,
            file=None if reads else fill(f"{key}-task-definition", file, None),
            family=fill(f"{key}-family", family, "ECS_TASK_FAMILY") if reads else None,
            target=self.target,
        )
        yield RunTask(
            rendered=f"render-{key}",
            cluster=cluster,
            task=self._task(family, container),
            target=self.target,
            minutes=self.context.wait,
        )

    def _task(self, family: str, container: str) -> Task:
        settings = self.context.settings
        command = settings.of_service("migration", family)
        overrides = [{"name": container, "command": ["sh", "-c", command]}] if command else None
        subnets = ",".join(settings.texts("subnets"))
        groups = ",".join(settings.texts("security_groups"))
        fill = self.source.fill
        return Task(
            family=family,
            subnets=fill("subnets", subnets or "${subnets}", "ECS_SUBNETS"),
            security_groups=fill("security-groups", groups or "${groups}", "ECS_SECURITY_GROUPS"),
            overrides=json.dumps(overrides, ensure_ascii=False) if overrides else None,
            tags=self.target.tags_tasks,
            launch_type=settings.instead("launch_type", of="capacity_provider"),
            capacity_provider=settings.instead("capacity_provider", of="launch_type"),
            has_public_ip=settings.flag("public_ip"),
        )
