"""The plan of workflows: from roles and options to jobs with their steps."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue, reject
from deploy_access.workflow.build_steps import built
from deploy_access.workflow.durations import duration_of
from deploy_access.workflow.images import image_for
from deploy_access.workflow.job import Job, Workflow, shape_of
from deploy_access.workflow.job_context import JobContext
from deploy_access.workflow.job_settings import JobSettings
from deploy_access.workflow.job_steps import job_steps
from deploy_access.workflow.option_checks import check_asked, check_texts, nothing_to_do
from deploy_access.workflow.stages import in_order, is_builder, stages_of
from deploy_access.workflow.step_value import is_known, safe, slug
from deploy_access.workflow.triggers import bundles_of
from deploy_access.workflow.value_source import FromStacks, Inputs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deploy_access.workflow.deployer import Deployer
    from deploy_access.workflow.options import Options
    from deploy_access.workflow.stages import Stage
    from deploy_access.workflow.step_value import Value
    from deploy_access.workflow.triggers import Bundle


def plan_workflows(deployers: Sequence[Deployer], options: Options) -> list[Workflow]:
    """
    Plan the workflows of every repository that the roles trust.

    Raises:
        InvalidValue: No role is left, or something that is wanted cannot be done.
    """
    every = stages_of(deployers, options)
    reject([*check_texts(options), *check_asked(deployers, every, options)])
    planned = [
        Plan(repository, bundle, options).workflow()
        for repository, found in every.items()
        if (stages := in_order(found, options))
        for bundle in bundles_of(stages, options)
    ]
    if not planned:
        raise InvalidValue(nothing_to_do(deployers, options))
    return planned


@dataclass(frozen=True, slots=True)
class Plan:
    """
    The plan of one workflow.

    Attributes:
        repository: Where it belongs, `owner/name`.
        bundle: Its stages and what starts it.
        options: The options of the command.
    """

    repository: str
    bundle: Bundle
    options: Options

    def workflow(self) -> Workflow:
        """Return the workflow: a job for each stage, each after the one before."""
        jobs: list[Job] = []
        for stage in self.bundle.stages:
            image, needs = self.image(stage, jobs), self._needs(stage, jobs)
            jobs.append(self.job(stage, image, needs, self.source(stage)))
        workflow = Workflow(
            repository=self.repository,
            file=f"{'-'.join(map(slug, self._names))}.yml",
            name=safe(" ".join(self._names)),
            triggers=replace(self.bundle.triggers, asks_for_image=self._asks_for_image),
            jobs=tuple(jobs),
        )
        return workflow if self.options.reusable is None else reusing(workflow, self)

    def image(self, stage: Stage, jobs: Sequence[Job]) -> Value | None:
        """Name the image that a job deploys; None when it builds one, or deploys nothing."""
        building = [job for job in jobs if job.stage in self._builders]
        return image_for(stage, building, self.bundle.triggers)

    @property
    def _names(self) -> list[str]:
        """Return the words of its name: what it does, its repository, what tells it from others."""
        does = {_kind(stage.deployer) for stage in self.bundle.stages}
        verb = "Check" if does == {"check"} else "Push" if does == {"push"} else "Deploy"
        name = self.repository.partition("/")[2]
        return [verb, name, *([self.bundle.name] if self.bundle.name else [])]

    @property
    def _builders(self) -> list[Stage]:
        stages = self.bundle.stages
        return [stage for stage in stages if is_builder(stage, stages)]

    @property
    def _others(self) -> list[Stage]:
        return [stage for stage in self.bundle.stages if stage not in self._builders]

    @property
    def _asks_for_image(self) -> bool:
        """Whether the image is an input of the run: no job builds it."""
        waiting = [s for s in self._others if s.deployer.targets and not s.deployer.images]
        return bool(waiting) and not self._builders

    def source(self, stage: Stage) -> FromStacks:
        """Tell apart the variables of jobs that have no GitHub environment of their own."""
        alike = [one for one in self.bundle.stages if one.environment is None]
        apart = stage.environment is None and len(alike) > 1
        label = "BUILD" if stage in self._builders else slug(stage.label).replace("-", "_").upper()
        return FromStacks(always=self.options.variables, suffix=f"_{label}" if apart else "")

    def _needs(self, stage: Stage, jobs: list[Job]) -> tuple[str, ...]:
        building = [j.id for j in jobs if j.stage in self._builders]
        if stage in self._builders:
            return ()
        before = [j.id for j in jobs if j.stage not in self._builders]
        return (
            *(building if stage.deployer.targets and not stage.deployer.images else ()),
            *before[-1:],
        )

    def job(
        self,
        stage: Stage,
        image: Value | None,
        needs: tuple[str, ...],
        source: FromStacks | Inputs,
    ) -> Job:
        """Plan the job of a stage; *image* is what it deploys, when it builds none."""
        context = self._making(stage, source)
        id_, name = self._id(stage)
        environment = (
            source.fill("environment", stage.environment, None) if stage.environment else None
        )
        group = source.fill("concurrency-group", self._group(stage), None)
        return Job(
            id=id_,
            name=name,
            comment=self._comment(stage),
            stage=stage,
            environment=environment,
            needs=needs,
            steps=job_steps(context, image),
            outputs=self._outputs(context) if stage in self._builders else (),
            minutes=duration_of(stage.deployer, self.options).minutes,
            group=group,
            runner=context.runner,
            variables=tuple(_origin(source).variables.values()),
        )

    def _id(self, stage: Stage) -> tuple[str, str]:
        """Give the job an id, and a name for the run's page."""
        if stage in self._builders:
            name = "build" if len(self._builders) == 1 else f"build-{slug(stage.deployer.name)}"
            return name, "Build and push"
        does = {"check": "check", "push": "push"}.get(_kind(stage.deployer), "deploy")
        if len(self._others) == 1:
            return does, does.capitalize()
        alike = [one for one in self._others if slug(one.label) == slug(stage.label)]
        label = stage.label if len(alike) == 1 else f"{stage.label} as {stage.deployer.name}"
        roles = {one.deployer.name for one in alike}
        number = "" if len(roles) == len(alike) else f"-{alike.index(stage) + 1}"
        return f"{does}-{slug(label)}{number}", f"{does.capitalize()} to {safe(label)}"

    def _group(self, stage: Stage) -> str:
        """Name what no two runs may do at once: one environment, or building."""
        id_, _ = self._id(stage)
        label = slug(stage.environment or self.repository.partition("/")[2])
        return id_ if "-" in id_ else f"{id_}-{label}"

    def _comment(self, stage: Stage) -> str:
        pushers = [s for s in self._others if s.deployer.images]
        if stage is self.bundle.stages[0] or stage not in pushers or len(pushers) == 1:
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
                alone=len(self._others) == 1,
            ),
            source=source,
            repository=self.repository,
            wait=lasts.wait,
            seconds=lasts.seconds,
            apart=self._id(stage)[0] if self._shares_images(stage) else "",
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


def _kind(deployer: Deployer) -> str:
    if deployer.targets:
        return "push-and-deploy" if deployer.images else "deploy"
    return "push" if deployer.images else "check"


def reusing(workflow: Workflow, plan: Plan) -> Workflow:
    """Have the jobs of the most common shape call one workflow; among equals, those that deploy."""
    made = [_called(workflow, job, plan) for job in workflow.jobs]
    shapes = [(shape_of(job), tuple(given)) for job, given in made]
    deploys = [bool(job.deployer.targets) for job in workflow.jobs]
    inside = [job.environment is not None for job in workflow.jobs]
    places = range(len(made))
    chosen = max(places, key=lambda i: (deploys[i], shapes.count(shapes[i]), inside[i], i))
    jobs = tuple(
        replace(job, calls=_uses(workflow, plan), inputs=tuple(given.items()))
        if shape == shapes[chosen]
        else job
        for job, (_, given), shape in zip(workflow.jobs, made, shapes, strict=True)
    )
    called, given = made[chosen]
    name = "Deploy" if deploys[chosen] else "Push"
    called = replace(called, name=name, inputs=tuple(given.items()))
    return replace(workflow, jobs=jobs, called=called, reusable=plan.options.reusable)


def _uses(workflow: Workflow, plan: Plan) -> str:
    """Name the called workflow: one of the same repository is that of the same commit."""
    path, _, ref = (plan.options.reusable or "").partition("@")
    own = path.removeprefix(f"{workflow.repository}/")
    return f"$/{own}" if own != path else f"{path}@{re.sub('^refs/(heads|tags)/', '', ref)}"


def _called(workflow: Workflow, job: Job, plan: Plan) -> tuple[Job, dict[str, Value]]:
    """Plan a job anew with inputs for its values; return it with what each input is given."""
    image = plan.image(job.stage, workflow.jobs[: workflow.jobs.index(job)])
    inputs = Inputs(inner=plan.source(job.stage), variables=False)
    return plan.job(job.stage, image, (), inputs), inputs.given
