"""The steps of a job: check out, assume the role, build, deploy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.workflow.build_steps import build_steps
from deploy_access.workflow.deploy_steps import deploy_steps
from deploy_access.workflow.step_value import expression, slug
from deploy_access.workflow.steps import (
    AssumeRole,
    Build,
    CheckOut,
    Deploy,
    Render,
    SayWho,
    Together,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deploy_access.workflow.job_context import JobContext
    from deploy_access.workflow.step_value import Value
    from deploy_access.workflow.steps import Step

# A session's name has at most 64 characters, and a run with its attempt takes 26 of them.
_ROOM = 36


def job_steps(context: JobContext, image: Value | None) -> tuple[Step, ...]:
    """
    Return the steps of a job, in their order.

    Args:
        context: What they are made from.
        image: The image that is deployed; None when this job builds it.
    """
    session = _assume_role(context)  # first, as what it is told comes first among the inputs
    body = list(_body(context, image))
    files = [CheckOut()] if _needs_files(body) else []
    return (*files, session, *body)


def _body(context: JobContext, image: Value | None) -> Iterator[Step]:
    deployer = context.deployer
    if image is None and deployer.images:
        yield from build_steps(context)
    given = image and context.source.pass_on("image", image)
    for place in range(len(deployer.targets)):
        yield from deploy_steps(context, place, given)
    if not deployer.images and not deployer.targets:
        yield SayWho()


def _needs_files(steps: Sequence[Step]) -> bool:
    return any(
        isinstance(step, Build)
        or (isinstance(step, Together) and (step.root == "./" or _needs_files(step.steps)))
        or (isinstance(step, Render) and step.file is not None)
        or (isinstance(step, Deploy) and step.codedeploy is not None)
        for step in steps
    )


def _assume_role(context: JobContext) -> AssumeRole:
    role, fill = context.deployer.role, context.source.fill
    region, account = context.deployer.place
    arn = role.arn or f"arn:aws:iam::{account}:role/{role.name}"
    return AssumeRole(
        role=fill("role-to-assume", arn, "AWS_ROLE_ARN"),
        region=fill("aws-region", region, "AWS_REGION"),
        account=fill("account-id", account, "AWS_ACCOUNT_ID"),
        session=_session(context),
        seconds=context.seconds,
        audience=context.audience,
    )


def _session(context: JobContext) -> str:
    """Name the session after the repository and the run, as CloudTrail shows it."""
    name = slug(context.repository.partition("/")[2], longest=_ROOM)
    run = f"{expression('github.run_id')}-{expression('github.run_attempt')}"
    return f"{'github' if context.is_called else name}-{run}"
