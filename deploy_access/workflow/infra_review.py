"""
The review of a change of the stacks, with a real plan.

No job that runs code of the pull request has `id-token`: it hands over JSON. A job that has it runs
the code of the base branch, on what `deploy-access guard` lets through.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.workflow import infra_scripts as scripts
from deploy_access.workflow.infra_job import InfraJob, InfraWorkflow
from deploy_access.workflow.infra_proof import proved
from deploy_access.workflow.infra_steps import (
    MINUTES,
    QUIET,
    download,
    guard,
    prepare,
    session,
    synthesize,
    terraform,
    upload,
)
from deploy_access.workflow.step_value import expression, safe, slug
from deploy_access.workflow.steps import CheckOut, RunScript
from deploy_access.workflow.triggers import Triggers
from deploy_access.workflow.waiting import IS_OURS, OWN, of_pull_request
from deploy_access.workflow.yaml_text import Items, entry

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deploy_access.workflow.infra_pair import InfraPair
    from deploy_access.workflow.infra_settings import InfraSettings

_BASE = expression("github.event.pull_request.base.sha")
# The merge that GitHub tries out, so that what is merged meanwhile shows as no difference.
_HEAD = expression("github.sha")
_FORKS = (
    "A run for a fork or for Dependabot gets no token for AWS: the review above, without a plan,",
    "is all that it gets.",
)


def review_workflow(pairs: Sequence[InfraPair], settings: InfraSettings) -> InfraWorkflow:
    """Return the workflow that runs on pull requests."""
    name = safe(settings.branch)
    on = entry("pull_request", (entry("branches", Items((name,))),))
    jobs = (_both_sides(settings), _offline(settings), *_planned(pairs, settings))
    return InfraWorkflow(
        file="infra-review.yml",
        name="Review the stacks",
        comments=(
            "Says what a change of the stacks does: to access by itself, and to AWS by a plan.",
        ),
        triggers=(on,),
        jobs=jobs,
        proved=proved(pairs, "infra-review.yml", Triggers(pull_request=True)),
        concurrency=(of_pull_request("infra-review"), *OWN.why),
        cancels=True,
    )


def _both_sides(settings: InfraSettings) -> InfraJob:
    side, ref = expression("matrix.side"), expression("matrix.ref")
    sides = Items(
        tuple(
            (entry("side", one), entry("ref", commit))
            for one, commit in (("base", _BASE), ("head", _HEAD))
        )
    )
    return InfraJob(
        id="synth",
        name=f"Synthesize the {side}",
        comments=(
            "Runs the code of the pull request, and so has nothing that it could misuse. Each side",
            "has a machine of its own.",
        ),
        permissions=("contents",),
        runner=settings.runner,
        minutes=20,
        matrix=(entry("include", sides),),
        steps=(
            CheckOut(ref=ref, path=side),
            synthesize(settings),
            upload(side, f"synthesized/{side}", hidden=True),
        ),
    )


def _offline(settings: InfraSettings) -> InfraJob:
    return InfraJob(
        id="review",
        name="Review",
        comments=("Runs the code of the base branch, and reads what the pull request wrote.",),
        permissions=("contents",),
        needs=("synth",),
        runner=settings.runner,
        minutes=20,
        steps=(
            *prepare(settings, _BASE, download("synthesized")),
            RunScript(name="Review", script=scripts.REVIEW),
        ),
    )


def _planned(pairs: Sequence[InfraPair], settings: InfraSettings) -> Iterator[InfraJob]:
    """Plan each account; what is said of the first job need not be said again."""
    for index, pair in enumerate(pairs):
        yield _plan(pair, settings, _FORKS if index == 0 else ())


def _plan(pair: InfraPair, settings: InfraSettings, why: tuple[str, ...]) -> InfraJob:
    return InfraJob(
        id=f"plan-{slug(pair.environment)}",
        name=f"Plan {safe(pair.environment)}",
        permissions=("contents", "id-token"),
        needs=("synth",),
        when=IS_OURS,
        why=why,
        runner=settings.runner,
        minutes=MINUTES,
        steps=(
            *prepare(settings, _BASE, download("synthesized")),
            guard(reads_only=True),
            terraform(),
            session(pair, pair.plan),
            RunScript(name="Plan", script=scripts.PLAN, env=(("ACCOUNT", pair.account), *QUIET)),
            RunScript(name="Show the plan", script=scripts.SHOW_PLAN, env=_of(pair)),
        ),
    )


def _of(pair: InfraPair) -> tuple[tuple[str, str], ...]:
    return (("ACCOUNT", pair.account), ("ENVIRONMENT", safe(pair.environment)))
