"""The look for drift: what is in AWS, and is not as the stacks say."""

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
from deploy_access.workflow.stages import Ref
from deploy_access.workflow.step_value import expression, safe, slug
from deploy_access.workflow.steps import CheckOut, RunScript
from deploy_access.workflow.triggers import Triggers
from deploy_access.workflow.yaml_text import Items, entry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deploy_access.workflow.infra_pair import InfraPair
    from deploy_access.workflow.infra_settings import InfraSettings

_TITLE = "Drift: AWS is not as the stacks say"
_RUN = (
    f"{expression('github.server_url')}/{expression('github.repository')}"
    f"/actions/runs/{expression('github.run_id')}"
)


def drift_workflow(pairs: Sequence[InfraPair], settings: InfraSettings) -> InfraWorkflow:
    """Return the workflow that runs at times."""
    times = entry("schedule", Items(((entry("cron", settings.drift),),)), "In UTC.")
    ref = Ref(kind="branch", name=settings.branch)
    looks = [_looked_after(one, settings) for one in pairs]
    return InfraWorkflow(
        file="infra-drift.yml",
        name="Look for drift",
        comments=(
            "Plans every stack of the default branch, and keeps an issue while AWS differs.",
        ),
        triggers=(times, entry("workflow_dispatch", None)),
        jobs=(_head_alone(settings), *looks, _issue(pairs, settings)),
        proved=proved(
            pairs,
            "infra-drift.yml",
            Triggers(branches=(ref,), schedule=settings.drift, dispatch=True),
        ),
        concurrency=("infra-drift",),
        cancels=True,
    )


def _head_alone(settings: InfraSettings) -> InfraJob:
    return InfraJob(
        id="synth",
        name="Synthesize",
        permissions=("contents",),
        runner=settings.runner,
        minutes=20,
        steps=(
            CheckOut(path="head"),
            synthesize(settings),
            upload("synthesized", "synthesized", hidden=True),
        ),
    )


def _looked_after(pair: InfraPair, settings: InfraSettings) -> InfraJob:
    name = slug(pair.environment)
    return InfraJob(
        id=f"plan-{name}",
        name=f"Plan {safe(pair.environment)}",
        permissions=("contents", "id-token"),
        needs=("synth",),
        runner=settings.runner,
        minutes=MINUTES,
        steps=(
            *prepare(settings, "", download("synthesized", name="synthesized")),
            guard(reads_only=True),
            terraform(),
            session(pair, pair.plan),
            RunScript(
                name="Plan every stack",
                script=scripts.DRIFT,
                env=(("ACCOUNT", pair.account), ("ENVIRONMENT", name), *QUIET),
            ),
            upload(f"drift-{name}", "drift"),
        ),
    )


def _issue(pairs: Sequence[InfraPair], settings: InfraSettings) -> InfraJob:
    names = " ".join(slug(one.environment) for one in pairs)
    return InfraJob(
        id="issue",
        name="Keep the issue",
        permissions=("issues",),
        needs=tuple(f"plan-{slug(one.environment)}" for one in pairs),
        when="always()",
        why=("What could not be planned is said too.",),
        runner=settings.runner,
        minutes=10,
        steps=(
            download("drift", pattern="drift-*"),
            RunScript(
                name="Keep the issue",
                script=scripts.ISSUE,
                env=(
                    ("GH_TOKEN", expression("github.token")),
                    ("GH_REPO", expression("github.repository")),
                    ("ENVIRONMENTS", names),
                    ("TITLE", _TITLE),
                    ("RUN", _RUN),
                ),
            ),
        ),
    )
