"""The jobs of an infra repository that have a session, as the proof of workflows takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.workflow.infra_steps import MINUTES, applied, planned, session
from deploy_access.workflow.job import Job, Workflow
from deploy_access.workflow.runner import Runner
from deploy_access.workflow.step_value import Value, slug

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deploy_access.workflow.infra_pair import InfraPair
    from deploy_access.workflow.stages import Stage
    from deploy_access.workflow.steps import RunScript
    from deploy_access.workflow.triggers import Triggers


def proved(
    pairs: Sequence[InfraPair],
    file: str,
    triggers: Triggers,
    *,
    plans: bool = True,
    applies: bool = False,
) -> Workflow:
    """
    Return what is proved of a workflow: that each role lets its job in, and allows its calls.

    Args:
        pairs: The roles of each account.
        file: The file of the workflow.
        triggers: What starts it; of a workflow that others call, nothing.
        plans: Whether it plans.
        applies: Whether it applies.
    """
    return Workflow(
        repository=pairs[0].repository,
        file=file,
        name=file,
        triggers=triggers,
        jobs=tuple(
            job
            for pair in pairs
            for job in (
                *([_job("plan", pair, pair.plan, planned(pair))] if plans else []),
                *([_job("apply", pair, pair.apply, applied(pair))] if applies else []),
            )
        ),
    )


def _job(verb: str, pair: InfraPair, stage: Stage, script: RunScript) -> Job:
    environment = Value(text=stage.environment) if stage.environment else None
    return Job(
        id=f"{verb}-{slug(pair.environment)}",
        name=verb,
        comment="",
        stage=stage,
        environment=environment,
        needs=(),
        steps=(session(pair, stage), script),
        outputs=(),
        minutes=MINUTES,
        group=Value(text=verb),
        on_pull_requests=False,
        runner=Runner(),
    )
