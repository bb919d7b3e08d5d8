"""A workflow and its jobs, before anything is written."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING, cast

from deploy_access.github.run import AUDIENCE
from deploy_access.workflow.step_value import Value
from deploy_access.workflow.steps import AssumeRole, CheckOut, Together
from deploy_access.workflow.waiting import EVERY, NEWEST, OWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.workflow.deployer import Deployer
    from deploy_access.workflow.runner import Runner
    from deploy_access.workflow.stages import Stage
    from deploy_access.workflow.steps import Step
    from deploy_access.workflow.triggers import Triggers
    from deploy_access.workflow.value_source import GithubVariable
    from deploy_access.workflow.waiting import Waiting


# What a step is about, which is not written.
_ABOUT = {"codedeploy", "family", "images", "name", "source_images", "target"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """
    A job of a workflow.

    Attributes:
        id: Its id.
        name: What the run's page shows.
        comment: What a reader should know, or nothing.
        stage: The role, and how it is reached.
        environment: The GitHub environment, or None.
        needs: The jobs before it.
        steps: What it does.
        outputs: What it hands to later jobs: name to expression.
        minutes: How long it may take.
        group: What no two runs do at once.
        on_pull_requests: Whether pull requests start it, and nothing else does.
        runner: What it runs on.
        calls: The called workflow that has the steps, as `uses:` names it, or None.
        inputs: What the called workflow is told.
        variables: The GitHub variables that it reads.
    """

    id: str
    name: str
    comment: str
    stage: Stage
    environment: Value | None
    needs: tuple[str, ...]
    steps: tuple[Step, ...]
    outputs: tuple[tuple[str, str], ...]
    minutes: int
    group: Value
    on_pull_requests: bool
    runner: Runner
    calls: str | None = None
    inputs: tuple[tuple[str, Value], ...] = ()
    variables: tuple[GithubVariable, ...] = ()

    @property
    def deployer(self) -> Deployer:
        """The role."""
        return self.stage.deployer

    @property
    def waiting(self) -> Waiting:
        """What becomes of a run that comes while another one is at work."""
        if self.on_pull_requests:
            return OWN
        only_pushes = bool(self.deployer.images) and not self.deployer.targets
        return EVERY if only_pushes and self.stage.has("queue") else NEWEST

    @property
    def has_files(self) -> bool:
        """Whether it checks out the repository."""
        return any(isinstance(step, CheckOut) for step in self.steps)

    @property
    def has_session(self) -> bool:
        """Whether it assumes its role."""
        return any(isinstance(step, AssumeRole) for step in self.steps)

    @property
    def audience(self) -> str:
        """The `aud` of the token with which it assumes its role."""
        asked = (step.audience for step in self.steps if isinstance(step, AssumeRole))
        return next(asked, None) or AUDIENCE

    def flat(self) -> Iterator[Step]:
        """Return the steps, with those of a composite action in its place."""
        for step in self.steps:
            yield from step.steps if isinstance(step, Together) else (step,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """
    A workflow of one repository.

    Attributes:
        repository: Where it belongs, `owner/name`.
        file: Its file's name in `.github/workflows`.
        name: Its name.
        triggers: What starts it.
        jobs: Its jobs.
        called: The job of the workflow that it calls, or None.
        reusable: `OWNER/REPO/.github/workflows/FILE@REF` of that, or None.
    """

    repository: str
    file: str
    name: str
    triggers: Triggers
    jobs: tuple[Job, ...]
    called: Job | None = None
    reusable: str | None = None


def shape_of(job: Job) -> object:
    """Describe what is written of *job* into a called workflow, but for its name."""
    return (
        shape_of_value(job.steps),
        shape_of_value(job.environment),
        job.minutes,
        job.runner,
    )


def shape_of_value(value: object) -> object:
    """Describe what is written of steps, or of one of their values."""
    if isinstance(value, Value):
        return value.shown
    if isinstance(value, tuple):
        return tuple(shape_of_value(one) for one in cast("tuple[object, ...]", value))
    if not is_dataclass(value):
        return value
    written = [f.name for f in fields(value) if _is_written(f.name, getattr(value, f.name))]
    return type(value).__name__, tuple(shape_of_value(getattr(value, name)) for name in written)


def _is_written(name: str, value: object) -> bool:
    return name not in _ABOUT or isinstance(value, Value)
