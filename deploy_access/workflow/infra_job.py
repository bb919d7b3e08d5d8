"""The workflows of an infra repository, and their jobs, as YAML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.workflow.render import render_runner
from deploy_access.workflow.render_steps import render_steps
from deploy_access.workflow.yaml_text import Items, entry, render_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deploy_access.workflow.job import Workflow
    from deploy_access.workflow.runner import Runner
    from deploy_access.workflow.steps import Step
    from deploy_access.workflow.yaml_text import YamlEntry

_WHY_NONE = "Each job asks for what it needs."
_PERMISSIONS = {
    "actions": ("read", "to find the last deploy"),
    "contents": ("read", "to check out"),
    "id-token": ("write", "to show AWS who runs"),
    "issues": ("write", "to keep the issue"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class InfraJob:
    """
    A job.

    Attributes:
        id: Its id.
        name: What the run's page shows.
        permissions: What its token may do, by GitHub's word.
        comments: What a reader should know of it.
        needs: The jobs before it.
        when: Its condition, or nothing.
        why: Why it has that condition.
        runner: What it runs on; None where it calls a workflow.
        minutes: How long it may take.
        matrix: What it is repeated for, as `strategy.matrix` has it.
        environment: The GitHub environment, or nothing.
        group: What no two runs do at once, or nothing.
        outputs: What it hands to later jobs: name to expression.
        steps: What it does.
        calls: The workflow that it calls, as `uses:` names it, or nothing.
        inputs: What that workflow is told.
    """

    id: str
    name: str
    permissions: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    when: str = ""
    why: tuple[str, ...] = ()
    runner: Runner | None = None
    minutes: int = 0
    matrix: tuple[YamlEntry, ...] | str = ""
    environment: str = ""
    group: str = ""
    outputs: tuple[tuple[str, str], ...] = ()
    steps: tuple[Step, ...] = ()
    calls: str = ""
    inputs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InfraWorkflow:
    """
    A workflow.

    Attributes:
        file: Its file's name in `.github/workflows`.
        name: Its name.
        comments: What it is for, at its top.
        triggers: What is below `on:`.
        jobs: Its jobs.
        proved: Its jobs that have a session, each with its role, as the proof takes them.
        concurrency: What no two runs of it do at once, with the reasons; nothing for no such limit.
        cancels: Whether a newer run cancels the one that is at work.
    """

    file: str
    name: str
    comments: tuple[str, ...]
    triggers: tuple[YamlEntry, ...]
    jobs: tuple[InfraJob, ...]
    proved: Workflow
    concurrency: tuple[str, ...] = ()
    cancels: bool = False


def render_infra(workflow: InfraWorkflow, head: Sequence[str]) -> str:
    """
    Write a workflow.

    Args:
        workflow: The workflow.
        head: The comments at its top.
    """
    return render_yaml(
        [
            entry("name", workflow.name, *workflow.comments, gap=True),
            entry("on", workflow.triggers, gap=True),
            entry("permissions", (), after=_WHY_NONE, gap=True),
            *_concurrency(workflow),
            entry("jobs", tuple(_jobs(workflow.jobs)), gap=True),
        ],
        head=head,
    )


def _concurrency(workflow: InfraWorkflow) -> Iterator[YamlEntry]:
    if workflow.concurrency:
        group, *why = workflow.concurrency
        cancels = entry("cancel-in-progress", value=workflow.cancels)
        yield entry("concurrency", (entry("group", group), cancels), *why, gap=True)


def _jobs(jobs: Sequence[InfraJob]) -> Iterator[YamlEntry]:
    for index, job in enumerate(jobs):
        body = tuple(_call(job) if job.calls else _job(job))
        yield entry(job.id, body, *job.comments, gap=index > 0)


def _job(job: InfraJob) -> Iterator[YamlEntry]:
    yield from _head(job)
    if job.runner is not None:
        yield entry("runs-on", render_runner(job.runner))
    yield entry("timeout-minutes", job.minutes)
    if job.matrix:
        every = entry("fail-fast", value=False)
        yield entry("strategy", (every, entry("matrix", job.matrix)))
    if job.environment:
        yield entry("environment", job.environment)
    if job.group:
        no_cancel = entry("cancel-in-progress", value=False)
        yield entry("concurrency", (entry("group", job.group), no_cancel))
    yield from _permissions(job)
    if job.outputs:
        yield entry("outputs", tuple(entry(name, text) for name, text in job.outputs))
    yield entry("steps", render_steps(job.steps))


def _head(job: InfraJob) -> Iterator[YamlEntry]:
    yield entry("name", job.name)
    if job.needs:
        yield entry("needs", job.needs[0] if len(job.needs) == 1 else Items(job.needs))
    if job.when:
        yield entry("if", job.when, *job.why)


def _permissions(job: InfraJob) -> Iterator[YamlEntry]:
    known = {name: _PERMISSIONS[name] for name in sorted(job.permissions)}
    yield entry(
        "permissions", tuple(entry(name, level, after=why) for name, (level, why) in known.items())
    )


def _call(job: InfraJob) -> Iterator[YamlEntry]:
    yield from _head(job)
    yield from _permissions(job)
    yield entry("uses", job.calls)
    yield entry("with", tuple(entry(name, text) for name, text in job.inputs))
