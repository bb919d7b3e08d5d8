"""
The deploy of the stacks, in waves: each stack is planned, approved and applied.

The plan that is shown to the reviewers is made by a role that reads, and the plan that is applied
by Terraform's own. Both have to say the same; otherwise the difference is shown, and it stops.
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
    roles_of,
    session,
    synthesize,
    terraform,
    upload,
)
from deploy_access.workflow.stages import Ref
from deploy_access.workflow.step_value import expression, safe
from deploy_access.workflow.steps import CheckOut, RunScript
from deploy_access.workflow.triggers import Triggers
from deploy_access.workflow.waiting import NEWEST
from deploy_access.workflow.yaml_text import Items, entry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deploy_access.workflow.infra_pair import InfraPair
    from deploy_access.workflow.infra_settings import InfraSettings

WAVES = 6
"""The most waves of one deploy, as a workflow has a fixed number of jobs."""
_STACK: tuple[tuple[str, str], ...] = (
    ("ACTION", expression("matrix.action")),
    ("DIRECTORY", expression("matrix.directory")),
    ("STACK", expression("matrix.stack")),
)
_APPROVED = f"plan-{expression('matrix.stack')}-{expression('matrix.action')}"


def deploy_workflow(pairs: Sequence[InfraPair], settings: InfraSettings) -> InfraWorkflow:
    """Return the workflow that runs on pushes to the default branch."""
    push = entry("push", (entry("branches", Items((safe(settings.branch),))),))
    everything = (
        entry("description", "Plan every stack, changed or not"),
        entry("type", "boolean"),
        entry("default", value=False),
    )
    by_hand = entry("workflow_dispatch", (entry("inputs", (entry("everything", everything),)),))
    ref = Ref(kind="branch", name=settings.branch)
    triggers = Triggers(branches=(ref,), dispatch=True)
    return InfraWorkflow(
        file="infra-deploy.yml",
        name="Deploy the stacks",
        comments=(
            "Deploys what changed since the last deploy, in waves: a stack after those that it",
            "needs, and what is gone last.",
        ),
        triggers=(push, by_hand),
        jobs=(_ordered(pairs, settings), *map(_called, range(1, WAVES + 1))),
        proved=proved(pairs, "infra-deploy.yml", triggers, applies=True),
        concurrency=("infra-deploy", *NEWEST.why),
    )


def _ordered(pairs: Sequence[InfraPair], settings: InfraSettings) -> InfraJob:
    numbers = range(1, WAVES + 1)
    outputs = [f"{kind}_{number}" for number in numbers for kind in ("has_wave", "wave")]
    ours = (("GH_TOKEN", expression("github.token")), ("GH_REPO", expression("github.repository")))
    asked = (("WORKFLOW", "infra-deploy.yml"), *ours)
    commit = "steps.deployed.outputs.commit"
    return InfraJob(
        id="plan",
        name="Order the stacks",
        permissions=("actions", "contents"),
        runner=settings.runner,
        minutes=20,
        outputs=tuple((one, expression(f"steps.waves.outputs.{one}")) for one in outputs),
        steps=(
            CheckOut(path="head"),
            RunScript(
                name="Find the deployed commit",
                script=scripts.DEPLOYED,
                env=asked,
                id="deployed",
                when=expression("!inputs.everything"),
            ),
            CheckOut(ref=expression(commit), path="base", when=f"{commit} && {commit} != 'none'"),
            synthesize(settings),
            RunScript(
                name="Order the stacks that changed",
                script=scripts.WAVES,
                env=(("ROLES", roles_of(pairs)), ("WAVES", str(WAVES))),
                id="waves",
            ),
            upload("synthesized", "synthesized", hidden=True),
        ),
    )


def _called(number: int) -> InfraJob:
    before = (f"wave-{number - 1}",) if number > 1 else ()
    return InfraJob(
        id=f"wave-{number}",
        name=f"Wave {number}",
        permissions=("contents", "id-token"),
        needs=("plan", *before),
        when=f"needs.plan.outputs.has_wave_{number} == 'true'",
        calls="$/.github/workflows/infra-deploy-wave.yml",
        inputs=(("wave", expression(f"needs.plan.outputs.wave_{number}")),),
    )


def wave_workflow(pairs: Sequence[InfraPair], settings: InfraSettings) -> InfraWorkflow:
    """Return the workflow that the other one calls for each wave."""
    wave = (entry("type", "string"), entry("required", value=True))
    on = entry("workflow_call", (entry("inputs", (entry("wave", wave),)),))
    return InfraWorkflow(
        file="infra-deploy-wave.yml",
        name="Deploy a wave",
        comments=(
            "Plans each stack, waits for the reviewers of its account, and applies what they saw.",
        ),
        triggers=(on,),
        jobs=(_plan_of_wave(pairs, settings), _apply_of_wave(pairs, settings)),
        # Another workflow calls it, and is proved with its jobs.
        proved=proved(pairs, "infra-deploy-wave.yml", Triggers(), plans=False),
    )


def _plan_of_wave(pairs: Sequence[InfraPair], settings: InfraSettings) -> InfraJob:
    return InfraJob(
        id="plan",
        name=f"Plan {expression('matrix.stack')}",
        permissions=("contents", "id-token"),
        runner=settings.runner,
        minutes=MINUTES,
        matrix=expression("fromJSON(inputs.wave)"),
        steps=(
            *prepare(settings, "", download("synthesized", name="synthesized")),
            guard(reads_only=True),
            terraform(),
            session(pairs[0], pairs[0].plan, of_matrix="plan_role"),
            RunScript(name="Plan", script=scripts.PLAN_STACK, env=(*_STACK, *QUIET)),
            upload(_APPROVED, "plans"),
        ),
    )


def _apply_of_wave(pairs: Sequence[InfraPair], settings: InfraSettings) -> InfraJob:
    stack = expression("matrix.stack")
    return InfraJob(
        id="apply",
        name=f"Apply {stack}",
        permissions=("contents", "id-token"),
        needs=("plan",),
        runner=settings.runner,
        minutes=MINUTES,
        matrix=expression("fromJSON(inputs.wave)"),
        environment=expression("matrix.environment"),
        group=f"infra-stack-{stack}",
        steps=(
            *prepare(settings, "", download("synthesized", name="synthesized")),
            download("approved", name=_APPROVED),
            guard(reads_only=False),
            terraform(),
            session(pairs[0], pairs[0].apply, of_matrix="apply_role"),
            RunScript(
                name="Apply what was approved",
                script=scripts.APPLY_STACK,
                env=(*_STACK, *QUIET),
            ),
            RunScript(
                name="Say who holds the lock",
                script=scripts.LOCKED,
                env=_STACK[1:],
                when="failure()",
            ),
        ),
    )
