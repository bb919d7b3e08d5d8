"""The plan of workflows: from roles and options to jobs with their steps."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue, reject
from deploy_access.workflow.audience import asked_audience
from deploy_access.workflow.build_steps import built
from deploy_access.workflow.durations import duration_of
from deploy_access.workflow.images import image_for
from deploy_access.workflow.job import Job, Workflow, shape_of
from deploy_access.workflow.job_context import JobContext
from deploy_access.workflow.job_names import JobNames, of_choice
from deploy_access.workflow.job_settings import JobSettings
from deploy_access.workflow.job_steps import job_steps
from deploy_access.workflow.option_checks import check_asked, check_texts, nothing_to_do
from deploy_access.workflow.plan_checks import (
    check_definitions,
    check_environments,
    check_githubs,
    check_schedules,
)
from deploy_access.workflow.promotion import source_of
from deploy_access.workflow.services import with_services
from deploy_access.workflow.setting_checks import check_capacity
from deploy_access.workflow.settings import HINTS
from deploy_access.workflow.stages import chosen, kind_of, labelled, stages_of
from deploy_access.workflow.step_value import Value, expression, is_known, safe, slug
from deploy_access.workflow.triggers import bundles_of
from deploy_access.workflow.value_source import FromStacks, Inputs
from deploy_access.workflow.waiting import of_pull_request

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deploy_access.workflow.deployer import Deployer, ImageRepository
    from deploy_access.workflow.options import Options
    from deploy_access.workflow.stages import Stage
    from deploy_access.workflow.triggers import Bundle


def plan_workflows(deployers: Sequence[Deployer], options: Options) -> list[Workflow]:
    """
    Plan the workflows of every repository that the roles trust.

    Raises:
        InvalidValue: No role is left, or something that is wanted cannot be done.
    """
    raw = stages_of(deployers, options)
    every = {name: labelled(with_services(stages)) for name, stages in raw.items()}
    said = {key: options.value(HINTS[key]) for key in ("launch_type", "capacity_provider")}
    reject(
        [
            *check_texts(options),
            *check_asked(deployers, every, options),
            *check_capacity("deploy-access workflow", said),
        ]
    )
    planned = [
        Plan(repository, bundle, options, every=stages).workflow()
        for repository, stages in every.items()
        for bundle in bundles_of(chosen(stages, options), options)
    ]
    if not planned:
        raise InvalidValue(nothing_to_do(deployers, options))
    used = [job.stage for workflow in planned for job in workflow.jobs]
    of_stages = (check_environments, check_githubs, check_schedules)
    reject([*check_definitions(planned), *(one for check in of_stages for one in check(used))])
    return planned


@dataclass(frozen=True)
class Plan:
    """
    The plan of one workflow.

    Attributes:
        repository: Where it belongs, `owner/name`.
        bundle: Its stages and what starts it.
        options: The options of the command.
        every: All stages of the repository, whatever was asked for.
    """

    repository: str
    bundle: Bundle
    options: Options
    every: Sequence[Stage]

    @cached_property
    def names(self) -> JobNames:
        """What everything in it is called."""
        return JobNames(repository=self.repository, every=self.every, stages=self.bundle.stages)

    def workflow(self) -> Workflow:
        """Return the workflow: a job for each stage, each after the one before of its service."""
        jobs: list[Job] = []
        for stage in self.bundle.stages:
            image, needs = self.image(stage, jobs), self._needs(stage, jobs)
            jobs.append(self.job(stage, image, needs, self.source(stage)))
        choice = of_choice(self.options, self.every, self.bundle.stages)
        words = self.names.of_workflow(self.bundle.service, self.bundle.name, *choice)
        workflow = Workflow(
            repository=self.repository,
            file=f"{'-'.join(map(slug, words))}.yml",
            name=safe(" ".join(words)),
            triggers=replace(self.bundle.triggers, asks_for_image=self._asks_for_image),
            jobs=tuple(jobs),
        )
        return workflow if self.options.reusable is None else reusing(workflow, self)

    def source_stage(self, stage: Stage) -> Stage | None:
        """Return the stage whose image another one copies; None where it builds its own."""
        return source_of(stage, self.bundle.stages, self.every, self.options)

    def _promoted(self, stage: Stage) -> tuple[Value, ImageRepository] | None:
        """Name the image that a stage copies, by the digest that the job before hands on."""
        source = self.source_stage(stage)
        if source is None:
            return None
        images, (job, _) = source.deployer.images[0], self.names.of_job(source)
        text = f"{images.registry}/{images.name}@"
        output = "image" if self.options.variables else "digest"
        found = expression(f"needs.{job}.outputs.{output}")
        return Value(text=text, template=found if output == "image" else f"{text}{found}"), images

    def _hands_on(self, stage: Stage) -> bool:
        """Whether later jobs use what it has pushed."""
        copied = [self.source_stage(one) for one in self.bundle.stages]
        return stage in self.names.builders or stage in copied

    def image(self, stage: Stage, jobs: Sequence[Job]) -> Value | None:
        """Name the image that a job deploys; None when it builds one, or deploys nothing."""
        building = [job for job in jobs if job.stage in self.names.builders]
        return image_for(stage, building, self.bundle.triggers)

    @property
    def _asks_for_image(self) -> bool:
        """Whether the image is an input of the run: no job builds it."""
        waiting = [s for s in self.names.others if s.deployer.targets and not s.deployer.images]
        return bool(waiting) and not self.names.builders

    def source(self, stage: Stage) -> FromStacks:
        """Return the source of a job's values, with variables of its own."""
        return FromStacks(always=self.options.variables, suffix=self.names.suffix(stage))

    def _needs(self, stage: Stage, jobs: list[Job]) -> tuple[str, ...]:
        """Name the jobs that build for a stage, and the one before it of its service."""
        builders = self.names.builders
        if stage in builders:
            return ()
        waits = stage.deployer.targets and not stage.deployer.images
        of_service = [job for job in jobs if job.stage.service == stage.service]
        own = [job for job in of_service if job.stage in builders]
        building = own or [job for job in jobs if job.stage in builders and not job.stage.service]
        before = [job for job in of_service if job.stage not in builders]
        return tuple(job.id for job in (*(building if waits else ()), *before[-1:]))

    def job(
        self,
        stage: Stage,
        image: Value | None,
        needs: tuple[str, ...],
        source: FromStacks | Inputs,
    ) -> Job:
        """Plan the job of a stage; *image* is what it deploys, when it builds none."""
        context = self._making(stage, source)
        id_, name = self.names.of_job(stage)
        environment = (
            source.fill("environment", stage.environment, None) if stage.environment else None
        )
        return Job(
            id=id_,
            name=safe(name),
            comment=self._comment(stage),
            stage=stage,
            environment=environment,
            needs=needs,
            steps=job_steps(context, image),
            outputs=self._outputs(context) if self._hands_on(stage) else (),
            minutes=duration_of(stage.deployer, self.options).minutes,
            group=self._group(stage),
            on_pull_requests=self.bundle.triggers.pull_request,
            runner=context.runner,
            variables=tuple(_origin(source).variables.values()),
        )

    def _group(self, stage: Stage) -> Value:
        name = safe(self.names.of_group(stage))
        if not self.bundle.triggers.pull_request:
            return Value(text=name)
        return Value(text=name, template=of_pull_request(name))

    def _comment(self, stage: Stage) -> str:
        others = [s for s in self.names.others if s.service == stage.service]
        pushers = [s for s in others if s.deployer.images]
        copies = self.source_stage(stage) is not None
        if copies or stage in others[:1] or stage not in pushers or len(pushers) == 1:
            return ""
        return "Has a repository of its own, so it builds its own image."

    def _making(self, stage: Stage, source: FromStacks | Inputs) -> JobContext:
        lasts = duration_of(stage.deployer, self.options)
        return JobContext(
            deployer=stage.deployer,
            settings=JobSettings(
                options=self.options,
                hints=stage.deployer.hints,
                environment=stage.label,
                alone=self.names.is_alone(stage),
                service=stage.service,
            ),
            source=source,
            repository=self.repository,
            wait=lasts.wait,
            seconds=lasts.seconds,
            audience=asked_audience(stage.trusted, stage.deployer.place[0]),
            apart=self.names.of_job(stage)[0] if self._shares_images(stage) else "",
            services=() if stage.service in self.options.services else self.options.services,
            promoted=self._promoted(stage),
            on_server=stage.is_on_server,
            root=root_of(stage),
            shares_place=self.names.shares_place(stage),
        )

    def _shares_images(self, stage: Stage) -> bool:
        """Whether another job pushes to a repository of this one."""
        own = {images.arn for images in stage.deployer.images}
        others = [one for one in self.bundle.stages if one is not stage]
        return any(images.arn in own for one in others for images in one.deployer.images)

    def _outputs(self, context: JobContext) -> tuple[tuple[str, str], ...]:
        """Hand on the digest; the whole image where the registry is known to this job alone."""
        images = context.deployer.images[0]
        image = built(context).template
        if self.options.variables or not is_known(images.registry + images.name):
            return (("image", image),)
        return (("digest", image.rpartition("@")[2]),)


def _origin(source: FromStacks | Inputs) -> FromStacks:
    inner = source.inner if isinstance(source, Inputs) else source
    return inner if isinstance(inner, FromStacks) else FromStacks()


def reusing(workflow: Workflow, plan: Plan) -> Workflow:
    """Have the jobs of the most common shape call one workflow; among equals, those that deploy."""
    made = [_called(workflow, job, plan) for job in workflow.jobs]
    shapes = [(shape_of(job), tuple(given)) for job, given in made]
    deploys = [bool(job.deployer.targets) for job in workflow.jobs]
    inside = [job.environment is not None for job in workflow.jobs]
    places = range(len(made))
    chosen = max(places, key=lambda i: (deploys[i], shapes.count(shapes[i]), inside[i], i))
    jobs = tuple(
        replace(job, calls=_uses(workflow, plan, job.stage), inputs=tuple(given.items()))
        if shape == shapes[chosen]
        else job
        for job, (_, given), shape in zip(workflow.jobs, made, shapes, strict=True)
    )
    called, given = made[chosen]
    name = kind_of(called.stage).capitalize()
    called = replace(called, name=name, inputs=tuple(given.items()))
    return replace(workflow, jobs=jobs, called=called, reusable=plan.options.reusable)


def root_of(stage: Stage) -> str:
    """Return what `uses:` has before a path of its own repository."""
    return "$/" if stage.has("own files by `$/`") else "./"


def _uses(workflow: Workflow, plan: Plan, stage: Stage) -> str:
    """Name the called workflow: one of the same repository is that of the same commit."""
    path, _, ref = (plan.options.reusable or "").partition("@")
    own = path.removeprefix(f"{workflow.repository}/")
    if own != path:
        return f"{root_of(stage)}{own}"
    return f"{path}@{re.sub('^refs/(heads|tags)/', '', ref)}"


def _called(workflow: Workflow, job: Job, plan: Plan) -> tuple[Job, dict[str, Value]]:
    """Plan a job anew with inputs for its values; return it with what each input is given."""
    image = plan.image(job.stage, workflow.jobs[: workflow.jobs.index(job)])
    inputs = Inputs(inner=plan.source(job.stage), variables=False)
    return plan.job(job.stage, image, (), inputs), inputs.given
