"""The examples deployed: real Terraform, the real AWS provider, and an AWS on this machine."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from example_programs import (
    ADOPTED,
    COMPOSITE_ACTION,
    LOOKED_UP,
    PER_ENVIRONMENT,
    PUSH_TO_ECR,
    SHARED_ROLE,
    STACKS,
    TOKEN_EXCHANGE,
    Program,
)
from with_terraform import give_up, planned_policies

from sandbox import MissingTool, Sandbox, StepFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from pathlib import Path

    from sandbox.verify.verification import Verification

pytestmark = pytest.mark.terraform

Json = dict[str, Any]

ACCOUNT = "000123456789"
GITHUB = "token.actions.githubusercontent.com"
PROVIDER_ARN = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{GITHUB}"

SUBJECTS = {
    PUSH_TO_ECR: {
        ("Githubactions-to-ECR-role", "repo:Test-User/techblue-dev:ref:refs/heads/main", "exact"),
    },
    SHARED_ROLE: {
        ("github-actions-deploy", "repo:acme@123456/sample@456789:environment:production", "exact"),
    },
    PER_ENVIRONMENT: {
        (f"{environment}-github-actions", f"repo:{repository}:{context}", "exact")
        for repository in ("mycompany-inc/my-repo", "mycompany-inc@123456/my-repo@456789")
        for environment, context in (
            ("dev", "ref:refs/heads/develop"),
            ("stg", "environment:stg"),
            ("prod", "environment:prod"),
        )
    },
    COMPOSITE_ACTION: {
        (
            "deploy-to-ecs-github-actions",
            "repo:acme@123456/api@567890:ref:refs/heads/main",
            "exact",
        ),
    },
    TOKEN_EXCHANGE: {
        (
            "ExampleGithubRole",
            "repo:yutaro1985@123456/github-actions-oidc-test@456789:ref:refs/heads/main",
            "exact",
        ),
        ("github-who-am-i", "repo:hogehoge@234567/*", "pattern"),
        ("gitlab-deploy", "project_path:hogehoge/web:ref_type:branch:ref:main", "exact"),
        (
            "bitbucket-deploy",
            "{6d1d5c0a-7a5e-4f3b-8d25-0b6f5f0c9a37}:{b2e4c7d8-1f60-4c39-a7e5-93d0c1a2b4f6}:*",
            "pattern",
        ),
    },
}
"""Role, subject and how they are compared: all that may assume anything."""


@contextmanager
def running(out: Path) -> Generator[Sandbox]:
    """Start a sandbox; without Terraform skip, but fail where CI promises that it is there."""
    sandbox = Sandbox(out)
    try:
        sandbox.start()
        yield sandbox
    except MissingTool as error:
        give_up(str(error))
    finally:
        sandbox.close()


@dataclass(frozen=True, slots=True)
class Deployed:
    """
    An example that is deployed.

    Attributes:
        program: Which one.
        sandbox: Where.
        first_plans: What Terraform said it would do, while the accounts were empty.
        verification: What was made, read back and compared; every stack was planned again.
    """

    program: Program
    sandbox: Sandbox
    first_plans: list[Json]
    verification: Verification


@pytest.fixture(name="deployed", scope="module", params=STACKS, ids=str)
def _deployed(
    request: pytest.FixtureRequest, synthesize: Callable[[Program], Path]
) -> Iterator[Deployed]:
    program: Program = request.param
    stacks = STACKS[program]
    with running(synthesize(program)) as sandbox, ThreadPoolExecutor(2) as pool:
        plans = list(pool.map(sandbox.plan, stacks))
        sandbox.apply()
        # A second plan that wants a change raises here.
        yield Deployed(program, sandbox, plans, sandbox.verify())


def test_first_plan_shows_every_policy(deployed: Deployed) -> None:
    """Before anything exists a reviewer reads each policy in full."""
    found = [p for plan in deployed.first_plans for p in planned_policies(plan)]

    assert found
    for address, text, unknown in found:
        assert unknown is False, address
        assert json.loads(str(text)), address


def test_made_as_written(deployed: Deployed) -> None:
    """What AWS holds is what was synthesized, all of it, and a second plan changes nothing."""
    assert deployed.verification.differences == ()
    assert deployed.verification.unread == ()


def test_who_may_assume(deployed: Deployed) -> None:
    """The trust policies that AWS stores let in these subjects and no others, by `aud` too."""
    trusts = deployed.verification.trusts

    assert {(t.role, t.subject, t.match) for t in trusts} == SUBJECTS[deployed.program]
    assert all(set(trust.claims) == {"aud"} for trust in trusts)


def test_outputs_name_what_was_made(deployed: Deployed) -> None:
    """Roles and repositories in the outputs, built from names, are those that AWS has made."""
    for stack in deployed.sandbox.estate:
        outputs = {k.lower(): v for k, v in deployed.sandbox.outputs(stack.name).items()}
        session = deployed.sandbox.session(stack.account)
        roles = {role["Arn"] for role in session.client("iam").list_roles()["Roles"]}
        repositories = session.client("ecr").describe_repositories()["repositories"]

        assert {v for k, v in outputs.items() if k.endswith("role_arn")} <= roles
        assert {v for k, v in outputs.items() if k.endswith(("_url", "_uri"))} <= {
            repository["repositoryUri"] for repository in repositories
        }


@pytest.fixture(name="empty", params=[LOOKED_UP], ids=str)
def _empty(
    request: pytest.FixtureRequest, synthesize: Callable[[Program], Path]
) -> Iterator[Sandbox]:
    with running(synthesize(request.param)) as sandbox:
        yield sandbox


def make_provider_by_hand(sandbox: Sandbox, *, audience: str) -> None:
    """Make the provider as its author did in the console."""
    sandbox.session(ACCOUNT).client("iam").create_open_id_connect_provider(
        Url=f"https://{GITHUB}", ClientIDList=[audience], ThumbprintList=["1234567890" * 4]
    )


def test_lookup_of_a_missing_provider(empty: Sandbox) -> None:
    """Where nobody has made the provider, the plan fails and names it."""
    with pytest.raises(StepFailed, match=GITHUB) as failed:
        empty.plan("push-to-ecr")

    assert "not found" in str(failed.value)


def test_lookup_of_a_provider_for_another_audience(empty: Sandbox) -> None:
    """Where the provider does not take our tokens, the plan fails and says how to repair it."""
    make_provider_by_hand(empty, audience="https://github.com/Test-User")

    with pytest.raises(StepFailed) as failed:
        empty.plan("push-to-ecr")

    # Terraform wraps lines.
    message = " ".join(str(failed.value).split())
    assert "does not take the audience sts.amazonaws.com" in message
    assert f"--open-id-connect-provider-arn {PROVIDER_ARN}" in message


def test_lookup(empty: Sandbox) -> None:
    """Where the provider is right, the role trusts it and it stays as it is."""
    make_provider_by_hand(empty, audience="sts.amazonaws.com")

    empty.apply()

    verification = empty.verify()
    assert verification.differences == ()
    assert {trust.role for trust in verification.trusts} == {"Githubactions-to-ECR-role"}


@pytest.mark.parametrize("empty", [ADOPTED], ids=str, indirect=True)
def test_adoption(empty: Sandbox) -> None:
    """The provider made by hand becomes Terraform's, and nothing about it changes."""
    make_provider_by_hand(empty, audience="sts.amazonaws.com")
    iam = empty.session(ACCOUNT).client("iam")
    before = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=PROVIDER_ARN)

    (change,) = [
        resource["change"]
        for resource in empty.plan("push-to-ecr")["resource_changes"]
        if resource["type"] == "aws_iam_openid_connect_provider"
    ]
    empty.apply()

    assert (change["actions"], change["importing"]) == (["no-op"], {"id": PROVIDER_ARN})
    after = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=PROVIDER_ARN)
    assert {k: after[k] for k in ("ClientIDList", "ThumbprintList", "CreateDate")} == {
        k: before[k] for k in ("ClientIDList", "ThumbprintList", "CreateDate")
    }
    assert empty.changes("push-to-ecr") is None
