"""
Runs Terraform in the session of a job that plans or applies, so that the gate judges its calls.

What it needs is made before: the role that Terraform assumes, as `deploy-access bootstrap` writes
it, and a change by hand that it finds and takes back.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from deploy_access.bootstrap.plan import ACCOUNT_STACK, BootstrapOptions, plan_bootstrap
from deploy_access.errors import InvalidValue
from deploy_access.iam.role_arn import parse_role
from deploy_access.terraform.reader import read_estate
from deploy_access.terraform.stacks import read_stacks

from ..errors import StepFailed
from ..server.aws_session import AwsError, is_missing
from .job import APPLY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from deploy_access.bootstrap.roles import BootstrapRole

    from ..gate.judge import Judgement
    from ..sandbox import Sandbox
    from .job import DeployJob, TerraformWork
    from .job_run import JobOutcome

BY_HAND = "changed by hand"
"""The description that a role gets, which no stack gives it."""


def furnish_terraform_roles(sandbox: Sandbox) -> None:
    """
    Give the roles that Terraform assumes the trust and the policies that a bootstrap writes.

    Those that the stacks make themselves stay as they are.
    """
    for role in _bootstrap_roles(sandbox):
        account = parse_role(role.arn)["account"]
        if (account, f"{role.path}{role.name}") not in sandbox.prerequisites.roles:
            continue
        iam = sandbox.session(account).client("iam")
        trust = role.trust.to_json()
        iam.update_assume_role_policy(RoleName=role.name, PolicyDocument=trust)
        for name, policy in role.policies.items():
            iam.put_role_policy(
                RoleName=role.name, PolicyName=name, PolicyDocument=policy.to_json()
            )


def _bootstrap_roles(sandbox: Sandbox) -> Iterator[BootstrapRole]:
    stacks, estate = read_stacks(sandbox.out), read_estate(sandbox.out)
    for name in stacks:
        if name.startswith(ACCOUNT_STACK):
            wanted = name.removeprefix(ACCOUNT_STACK)
            try:
                yield from plan_bootstrap(wanted, stacks, BootstrapOptions(), estate).roles
            except InvalidValue:  # an account that cannot be bootstrapped has no such role
                continue


def change_by_hand(jobs: Iterable[DeployJob], sandbox: Sandbox) -> dict[str, str]:
    """
    Change the description of each role whose job applies, which is in the stack that it applies.

    Returns:
        The descriptions before, by ARN.
    """
    before: dict[str, str] = {}
    for job in jobs:
        if job.terraform and job.terraform.command == APPLY:
            iam, name = _iam(job.role_arn, sandbox)
            try:
                before[job.role_arn] = _description(iam, name)
            except AwsError as error:
                # Of a stack that is not applied; its job says so.
                if not is_missing(error):
                    raise
                continue
            iam.update_role_description(RoleName=name, Description=BY_HAND)
    return before


def change_back(before: dict[str, str], sandbox: Sandbox) -> None:
    """
    Give the roles the descriptions that they had, if Terraform was kept from doing so.
    """
    for role_arn, text in before.items():
        iam, name = _iam(role_arn, sandbox)
        if _description(iam, name) != text:
            iam.update_role_description(RoleName=name, Description=text)


def _iam(role_arn: str, sandbox: Sandbox) -> tuple[Any, str]:
    role = parse_role(role_arn)
    return sandbox.session(role["account"]).client("iam"), role["name"]


def _description(iam: Any, name: str) -> str:
    return iam.get_role(RoleName=name)["Role"].get("Description", "")


def run_terraform(work: TerraformWork, outcome: JobOutcome, sandbox: Sandbox) -> JobOutcome:
    """
    Go on with Terraform in the session of a job that has made its calls.

    Returns:
        The outcome with what the gate let through, or where it stopped Terraform.
    """
    session = outcome.session
    if session is None:  # it was refused before
        return outcome
    stack = sandbox.estate.stacks[work.stack]
    terraform = replace(sandbox.terraform, keys={stack.account: session.keys})
    judged = len(sandbox.gate.judgements)
    try:
        applies = work.command == APPLY
        said = terraform.apply(stack) if applies else terraform.count_without_role(stack)
    except StepFailed as error:
        refused = _last_refusal(sandbox.gate.judgements[judged:])
        where = refused.need.action if refused else f"terraform {work.command}"
        code = refused.refused().fault.query if refused else "failed"
        return replace(outcome, refused=where, code=code, message=str(error))
    through = (one.need.action for one in sandbox.gate.judgements[judged:] if one.is_allowed)
    return replace(outcome, done=(*outcome.done, *through), terraform=said)


def _last_refusal(judgements: Iterable[Judgement]) -> Judgement | None:
    """
    Return what stopped Terraform: it goes on after other refusals, such as that of workspaces.
    """
    refused = [one for one in judgements if not one.is_allowed]
    return refused[-1] if refused else None
