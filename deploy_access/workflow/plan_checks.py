"""What is wrong with workflows that were planned: jobs that would take each other's files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.errors import Problem
from deploy_access.workflow.option_checks import AsGiven
from deploy_access.workflow.stages import kind_of
from deploy_access.workflow.step_value import is_known
from deploy_access.workflow.steps import Deploy, Render, RunTask

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from deploy_access.workflow.job import Job, Workflow
    from deploy_access.workflow.stages import Stage


def check_definitions(workflows: Iterable[Workflow]) -> Iterator[Problem]:
    """
    Find files of task definitions that are for two families.

    A file names its family, and the role of the other one may not deploy that.
    """
    found: dict[tuple[str, str], set[str]] = {}
    for workflow in workflows:
        for file, family in (pair for job in workflow.jobs for pair in _definitions(job)):
            found.setdefault((workflow.repository, file), set()).add(family)
    for (_, file), families in found.items():
        if len(families) > 1:
            yield _shared(file, sorted(families))


def check_environments(stages: Iterable[Stage]) -> Iterator[Problem]:
    """Find environments that the tokens of a server call otherwise than the trust policy."""
    for stage in stages:
        if ":" in (stage.environment or "") and not stage.has("encoded colon"):
            yield Problem(
                what=f"Role {stage.deployer.name!r} would let no run into its environment.",
                given=stage.environment,
                why="A GitHub Enterprise Server before 3.19 leaves the `:` in `sub` as it is, and "
                "the trust policy has `%3A` for it.",
                fix="Rename the environment, or say that the server is a later release: "
                '`server_version = "3.19"` in `[github]`, or as a hint of the role.',
            )


def check_githubs(stages: Iterable[Stage]) -> Iterator[Problem]:
    """Find repositories of one name on two GitHubs: no workflow runs on both."""
    found: dict[str, dict[str, set[str]]] = {}
    for stage in stages:
        hosts = found.setdefault(stage.repository, {}).setdefault(stage.deployer.name, set())
        hosts.update(one.issuer.host for one in stage.trusted)
    for repository, roles in found.items():
        if not set[str].intersection(*roles.values()):
            given = (f"{role}: {' and '.join(sorted(hosts))}" for role, hosts in roles.items())
            yield Problem(
                what=f"The roles of {repository} let in runs of different GitHubs.",
                given=AsGiven(", ".join(given)),
                why="A repository on one of them is not that of the same name on another, and each "
                "lets in the jobs of its own roles only.",
                fix="Choose the roles of one GitHub with `--role NAME`.",
            )


def check_schedules(stages: Iterable[Stage]) -> Iterator[Problem]:
    """Find schedules of roles that deploy services: their runs would deploy as well."""
    for stage in stages:
        schedule = stage.hint("schedule")
        if schedule and kind_of(stage) != "run":
            yield Problem(
                what=f"Role {stage.deployer.name!r} has a schedule, and does more than run tasks.",
                given=schedule,
                why="A run at that time would build and deploy what is on the default branch.",
                fix="Give the tasks a role of their own, with `one_off_tasks` and no services.",
            )


def _definitions(job: Job) -> Iterator[tuple[str, str]]:
    """List the files that a job renders, each with the family that its role asks for."""
    steps = list(job.flat())
    files = {step.id: step.file.text for step in steps if isinstance(step, Render) and step.file}
    for step in steps:
        if isinstance(step, Deploy | RunTask) and step.rendered in files:
            family = step.family if isinstance(step, Deploy) else step.task.family
            if is_known(family) and family not in _unbound(job):
                yield files[step.rendered], family


def _unbound(job: Job) -> set[str]:
    """Name the families that are guessed: any may be deployed."""
    targets = job.deployer.targets
    return {one.family for target in targets for one in target.services if not one.is_bound}


def _shared(file: str, families: list[str]) -> Problem:
    return Problem(
        what=f"{file} would be the task definition of {len(families)} families.",
        given=AsGiven(", ".join(families)),
        why="A file names one family, and the role of another may not deploy it.",
        fix="Name a file for each: `{service}` and `{environment}` in `--task-definition` are "
        "filled in, and `--task-definition SERVICE=FILE` names the file of one.",
    )
