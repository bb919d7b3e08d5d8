"""Workflows as text: YAML with comments that say why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.workflow.render_steps import render_steps
from deploy_access.workflow.triggers import filter_pattern
from deploy_access.workflow.waiting import IS_OURS, STRANGERS
from deploy_access.workflow.yaml_text import Items, entry, render_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deploy_access.workflow.job import Job, Workflow
    from deploy_access.workflow.runner import Runner
    from deploy_access.workflow.triggers import Ref, Triggers
    from deploy_access.workflow.yaml_text import YamlEntry

_IMAGE = "The image to deploy, by its digest: REGISTRY/REPOSITORY@sha256:..."
_TIMES = "In UTC, on the default branch. GitHub may start a run some minutes late."
_MERGED = "A pull request that is merged is a push as well."
_SHA = 40  # digits of a commit
_BY_NAME = "zizmor: ignore[unpinned-uses] the role trusts this file at this ref"
_WHY_NONE = "Each job asks for what it needs."


def render_workflow(workflow: Workflow, head: Sequence[str]) -> str:
    """
    Write a workflow.

    Args:
        workflow: The workflow.
        head: The comments at its top.
    """
    return render_yaml(
        [
            entry("name", workflow.name, gap=True),
            entry("on", tuple(_on(workflow.triggers)), gap=True),
            entry("permissions", (), after=_WHY_NONE, gap=True),
            entry("jobs", tuple(_jobs(workflow.jobs)), gap=True),
        ],
        head=head,
    )


def render_called(workflow: Workflow, head: Sequence[str]) -> str:
    """Write the workflow that others call."""
    job = workflow.called
    if job is None:
        return ""
    inputs = tuple(
        entry(name, (entry("required", value=True), entry("type", "string")))
        for name, _ in job.inputs
    )
    call = entry("workflow_call", (entry("inputs", inputs),))
    return render_yaml(
        [
            entry("name", job.name, gap=True),
            entry("on", (call,), gap=True),
            entry("permissions", (), after=_WHY_NONE, gap=True),
            entry("jobs", (entry(job.name.lower(), tuple(_called(job))),), gap=True),
        ],
        head=head,
    )


def _on(triggers: Triggers) -> Iterator[YamlEntry]:
    paths = [entry("paths", Items(triggers.paths))] if triggers.paths else []
    if triggers.branches or triggers.tags:
        yield entry(
            "push",
            (
                *([entry("branches", _refs(triggers.branches))] if triggers.branches else []),
                *([entry("tags", _refs(triggers.tags))] if triggers.tags else []),
                *(paths if triggers.branches else []),
            ),
            *([_MERGED] if triggers.branches else []),
        )
    if triggers.release:
        yield entry("release", (entry("types", Items(("published",))),))
    if triggers.pull_request:
        yield entry("pull_request", tuple(paths) or None)
    if triggers.schedule:
        times = Items(((entry("cron", triggers.schedule),),))
        yield entry("schedule", times, _TIMES)
    if triggers.dispatch:
        yield entry("workflow_dispatch", _asked() if triggers.asks_for_image else None)


def _asked() -> tuple[YamlEntry, ...]:
    image = (
        entry("description", _IMAGE),
        entry("required", value=True),
        entry("type", "string"),
    )
    return (entry("inputs", (entry("image", image),)),)


def _refs(refs: Sequence[Ref]) -> Items:
    return Items(tuple(filter_pattern(ref) for ref in refs))


def _jobs(jobs: Sequence[Job]) -> Iterator[YamlEntry]:
    for index, job in enumerate(jobs):
        comments = [job.comment] if job.comment else []
        first = all(one.waiting != job.waiting for one in jobs[:index])
        write = _job if job.calls is None else _call
        body = tuple(write(job, explained=first))
        yield entry(job.id, body, *comments, gap=index > 0)


def _job(job: Job, *, explained: bool) -> Iterator[YamlEntry]:
    """Write a job; what is said of the first one of its kind need not be said again."""
    yield entry("name", job.name)
    yield from _needs(job)
    yield from _condition(job, explained=explained)
    yield from _machine(job)
    yield from _permissions(job)
    yield from _concurrency(job, explained=explained)
    if job.outputs:
        yield entry("outputs", tuple(entry(name, text) for name, text in job.outputs))
    yield entry("steps", render_steps(job.steps))


def _called(job: Job) -> Iterator[YamlEntry]:
    """
    Write the job that others call.

    When it runs, and what it waits for, is said where it is called: a push and a pull request
    may call the same file.
    """
    yield entry("name", job.name)
    yield from _machine(job)
    yield from _permissions(job)
    yield entry("steps", render_steps(job.steps))


def _machine(job: Job) -> Iterator[YamlEntry]:
    """Write what a job runs on, for how long, and in which environment of GitHub."""
    yield entry("runs-on", render_runner(job.runner))
    yield entry("timeout-minutes", job.minutes)
    if job.environment is not None:
        yield entry("environment", job.environment.shown)


def render_runner(runner: Runner) -> str | Items | tuple[YamlEntry, ...]:
    """Write one label as it is, several as a list, and a group with its labels below it."""
    labels = runner.labels[0] if len(runner.labels) == 1 else Items(runner.labels)
    if not runner.group:
        return labels
    below = [entry("labels", labels)] if runner.labels else []
    return (entry("group", runner.group), *below)


def _needs(job: Job) -> Iterator[YamlEntry]:
    if len(job.needs) == 1:
        yield entry("needs", job.needs[0])
    elif job.needs:
        yield entry("needs", Items(job.needs))


def _condition(job: Job, *, explained: bool) -> Iterator[YamlEntry]:
    """Leave out pull requests that get no token, once more in each job that needs one."""
    if job.on_pull_requests:
        yield entry("if", IS_OURS, *((STRANGERS,) if explained else ()))


def _permissions(job: Job) -> Iterator[YamlEntry]:
    wanted = [
        *([entry("contents", "read", after="to check out")] if job.has_files else []),
        entry("id-token", "write", after="to show AWS who runs"),
    ]
    yield entry("permissions", tuple(wanted))


def _concurrency(job: Job, *, explained: bool) -> Iterator[YamlEntry]:
    queue = [entry("queue", job.waiting.queue)] if job.waiting.queue else []
    body = (
        entry("group", job.group.shown),
        entry("cancel-in-progress", value=job.waiting.cancels),
        *queue,
    )
    yield entry("concurrency", body, *(job.waiting.why if explained else ()))


def _call(job: Job, *, explained: bool) -> Iterator[YamlEntry]:
    """Write a job that calls a workflow; by a branch when that is what the role trusts."""
    uses = job.calls or ""
    sha = uses.rpartition("@")[2]
    by_name = "@" in uses and not (len(sha) == _SHA and sha.isalnum())
    yield entry("name", job.name)
    yield from _needs(job)
    yield from _condition(job, explained=explained)
    yield from _permissions(job)
    yield from _concurrency(job, explained=explained)
    yield entry("uses", uses, after=_BY_NAME if by_name else "")
    yield entry("with", tuple(entry(name, value.shown) for name, value in job.inputs))
