"""
Every kind of generated workflow against the gate, in a moto whose roles are made by hand.

No Terraform: the roles get the policies that were synthesized, as far as nothing in them is left
to Terraform.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from compared_calls import called, judged
from job_runs import JobRuns, key
from workflow.workflow_estate import synthesize_kinds

from deploy_access.partition import partition_of
from deploy_access.terraform.reader import read_estate as read
from sandbox.attempts.generated_job import GeneratedJobs, read_generated
from sandbox.attempts.job_prerequisite import furnish_jobs, remove_images
from sandbox.server.aws_session import AwsSession, sign_in
from sandbox.server.child_process import Processes
from sandbox.server.moto_server import start_server
from sandbox.server.working_folder import WorkingFolder
from sandbox.terraform.prerequisite import read_prerequisites
from sandbox.terraform.prerequisite_setup import furnish
from sandbox.terraform.sandbox_estate import read_sandbox_estate
from sandbox.verify.expected_state import read_item

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from deploy_access.terraform.estate import Estate, Role

pytestmark = pytest.mark.slow

REGIONS = {"777788889999": "cn-north-1"}
REGION = "eu-central-1"
READING = "acme/reading"


@dataclass(kw_only=True)
class Kinds(JobRuns):
    """The jobs of every kind, and how each of them ran."""

    generated: GeneratedJobs


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kinds]:
    """
    Make the estate of every kind in a moto of its own, and run each of its jobs once.
    """
    out = synthesize_kinds(tmp_path_factory.mktemp("kinds"))
    folder, processes = WorkingFolder(tmp_path_factory.mktemp("moto") / "box"), Processes()
    folder.create()
    moto, sessions = start_server(folder, processes).endpoint, dict[str, AwsSession]()

    def session(account: str) -> AwsSession:
        if account not in sessions:
            region = REGIONS.get(account, REGION)
            partition = partition_of(region)
            assert partition is not None
            sessions[account] = sign_in(moto, account, region, partition.name)
        return sessions[account]

    made = Kinds(generated=read_generated(out), moto=moto, session=session)
    furnish(read_prerequisites(read_sandbox_estate(out)), session)
    furnish_jobs(made.generated.jobs, session)
    make_access(read(out), out, session)
    made.run(*made.generated.jobs)
    yield made
    processes.end_all()


def make_access(estate: Estate, out: Path, session: Callable[[str], AwsSession]) -> None:
    """Make the roles with their policies, the providers, and the policies of repositories."""
    for one in estate.providers:
        session(str(one.account)).client("iam").create_open_id_connect_provider(
            Url=f"https://{one.url}", ClientIDList=list(one.audiences)
        )
    for role in estate.roles:
        if role.arn and role.trust:
            make_role(role, session(str(role.account)))
    for resource in read_sandbox_estate(out).resources("aws_ecr_repository_policy"):
        item = read_item(resource)
        assert item is not None
        session(item.place.account).client("ecr", item.place.region).set_repository_policy(
            repositoryName=item.name, policyText=json.dumps(item.facts["document"])
        )


def make_role(role: Role, session: AwsSession) -> None:
    """Make a role with the policies that the stacks give it."""
    iam = session.client("iam")
    assert role.trust is not None
    iam.create_role(
        RoleName=role.name,
        AssumeRolePolicyDocument=str(role.trust.content),
        MaxSessionDuration=role.max_session_duration or 3600,
    )
    for number, policy in enumerate(role.policies):
        assert policy.document is not None
        iam.put_role_policy(
            RoleName=role.name,
            PolicyName=f"policy-{number}",
            PolicyDocument=str(policy.document.content),
        )


def test_every_kind_is_let_through(kinds: Kinds) -> None:
    """Each call of each generated job is allowed by its role, as AWS decides it."""
    assert kinds.generated.jobs
    assert kinds.refused == {}


def test_the_gate_judges_what_the_generator_lists(kinds: Kinds) -> None:
    """Calls, resources and condition keys of each job are those that `calls_of` says."""
    jobs = {key(one): one.planned for one in kinds.generated.jobs}

    seen = {name: judged(kinds.judgements[name], job) for name, job in jobs.items()}

    assert seen == {name: called(job, seen[name]) for name, job in jobs.items()}


def test_a_definition_from_aws_is_registered_with_its_tags(kinds: Kinds) -> None:
    """A role that may read a definition and may not tag the new one is refused, as by AWS."""
    (job,) = (one for one in kinds.generated.jobs if one.planned.stage.repository == READING)
    no_tags = {"Effect": "Deny", "Action": "ecs:TagResource", "Resource": "*"}
    iam = kinds.session(str(job.planned.deployer.role.account)).client("iam")
    iam.put_role_policy(
        RoleName=job.role,
        PolicyName="no-tags",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [no_tags]}),
    )

    # The other jobs have registered this family without tags since.
    furnish_jobs([job], kinds.session)
    remove_images([job], kinds.session)

    assert kinds.run(job) == ["ecs:RegisterTaskDefinition: AccessDeniedException"]
