"""What was wrong with the systems as they were made by hand is refused while it is written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from example_programs import as_written

# First, so that the Node process behind `cdktf` starts with the provider's shortcut.
from constructs_lib.provider import AwsProvider, IamRole  # isort: skip
from cdktf import App, TerraformStack

from constructs_lib import (
    EcrRepo,
    EcsDeployPolicy,
    GithubDeployRole,
    GithubOwner,
    GithubRepo,
    OidcProvider,
    Subject,
)
from deploy_access.audit.refused import AccessRefused
from deploy_access.errors import DeployAccessError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from constructs_lib import OidcProviderBase

ACCOUNT = "000123456789"
WORKFLOWS_ACCOUNT = "767397806995"
GITHUB = "token.actions.githubusercontent.com"
MAIN = GithubRepo("acme/sample", owner_id=1, repo_id=2).branch("main")


@pytest.fixture(name="stack")
def _stack(tmp_path: Path) -> TerraformStack:
    stack = TerraformStack(App(outdir=str(tmp_path)), "trap")
    AwsProvider(stack, "Aws", region="ap-northeast-1", allowed_account_ids=[ACCOUNT])
    return stack


def make_role(
    stack: TerraformStack,
    *subjects: Subject,
    oidc_provider: OidcProviderBase | None = None,
    accept: Mapping[str, str] | None = None,
) -> GithubDeployRole:
    """Make a role that trusts *subjects*."""
    return GithubDeployRole(
        stack,
        "Deploy",
        name="deploy",
        oidc_provider=oidc_provider or OidcProvider.from_account(stack, "Github"),
        subjects=subjects,
        accept=accept,
    )


def role_of_another_account(stack: TerraformStack) -> None:
    """Trust the provider of the account in the policies, in the one that the workflow names."""
    arn = f"arn:aws:iam::{WORKFLOWS_ACCOUNT}:oidc-provider/{GITHUB}"
    make_role(stack, MAIN, oidc_provider=OidcProvider.from_arn(stack, "Github", arn=arn))


def deploy(
    stack: TerraformStack, *, service: str = "sample", task_roles: tuple[str, ...] = ()
) -> None:
    """Let a role deploy *service*."""
    EcsDeployPolicy(
        stack,
        "Ecs",
        role=GithubDeployRole.from_name(stack, "Deploy", name="deploy"),
        cluster="sample",
        services=[service],
        task_roles=task_roles,
        execution_role=None,
    )


def pass_a_role_by_its_arn(stack: TerraformStack) -> None:
    """Refer to a task role that Terraform makes by its ARN, which no plan knows."""
    task = IamRole(stack, "Task", name="task", assume_role_policy="{}")
    deploy(stack, task_roles=(task.arn,))


def deploy_a_closed_pull_request(stack: TerraformStack) -> None:
    """Push with what the token of a closed pull request carries."""
    pull_request = GithubRepo("acme/api", owner_id=1, repo_id=2).pull_request()
    EcrRepo(stack, "Image", name="api").grant_push(make_role(stack, pull_request))


def make_the_environments_alike(stack: TerraformStack) -> None:
    """Make the same repository for two environments in one account."""
    EcrRepo(stack, "Dev", name="my-ecr-repo")
    EcrRepo(stack, "Stg", name="my-ecr-repo")


def make_a_short_role(stack: TerraformStack) -> None:
    """Take the duration of a session for that of the role."""
    GithubDeployRole(
        stack,
        "Deploy",
        name="deploy",
        oidc_provider=OidcProvider.from_account(stack, "Github"),
        subjects=[MAIN],
        max_session_duration=900,
    )


def trap(
    build: Callable[[TerraformStack], object], message: str, *, name: str
) -> pytest.ParameterSet:
    """Name what is built, and what it is refused with."""
    return pytest.param(build, message, id=name)


TRAPS = [
    trap(
        role_of_another_account,
        "Role 'deploy' is in account 000123456789, its OIDC provider in another. "
        "Got '767397806995'",
        name="000 role of another account",
    ),
    trap(
        lambda stack: OidcProvider(stack, "Github", thumbprints=["10511baad59c6e20707"]),
        "thumbprints of 40 hex digits. Got ['10511baad59c6e20707']",
        name="000 thumbprint cut off",
    ),
    trap(
        lambda stack: deploy(stack, service="service/sample"),
        "Pass the service's name, not its ARN: the rest of the ARN is known here.",
        name="001 service without its cluster",
    ),
    trap(
        pass_a_role_by_its_arn,
        "A role is passed by its name. Got '${aws_iam_role.Task.arn}'",
        name="001 task role by its ARN",
    ),
    trap(
        lambda stack: GithubDeployRole.from_name(
            stack, "Deploy", name=f"arn:aws:iam::{ACCOUNT}:role/deploy"
        ),
        "The name of a role has 1 to 64 letters, digits",
        name="001 attached to an ARN",
    ),
    trap(
        lambda stack: EcrRepo(stack, "Image", name="*"),
        "A repository is named by 2 to 256 lower-case letters and digits",
        name="002 push to every repository",
    ),
    trap(
        lambda stack: deploy(stack, service="*"),
        "A service is named by 1 to 255 letters, digits, `_` or `-`. Got '*'",
        name="002 deploy every service",
    ),
    trap(
        lambda stack: deploy(stack, task_roles=("*",)),
        "`iam:PassRole` on any other text matches nothing, or every role.",
        name="002 pass every role",
    ),
    trap(
        make_the_environments_alike,
        "repository 'my-ecr-repo' is made twice in account 000123456789",
        name="002 environments alike",
    ),
    trap(
        deploy_a_closed_pull_request,
        "Whoever opens a pull request runs code with what pushing to repository 'api' allows",
        name="003 closed pull request",
    ),
    trap(
        lambda stack: OidcProvider(
            stack, "Github", issuer="https://vstoken.actions.githubusercontent.com"
        ),
        "This issuer was GitHub's in the beta of 2021.",
        name="004 retired issuer",
    ),
    trap(
        lambda stack: make_role(stack, GithubOwner("hogehoge").any_repo()),
        'accept it by name and say why: accept={"org-wide": "<reason>"}',
        name="004 whole organization",
    ),
    trap(
        lambda stack: make_role(
            stack, GithubOwner("hogehoge").any_repo(), accept={"org-wide": " "}
        ),
        "Accepting 'org-wide' needs a reason.",
        name="004 whole organization without a reason",
    ),
    trap(
        lambda stack: GithubDeployRole.from_arn(
            stack, "Deploy", arn="arn:aws:iam::0123456789012:role/ExampleGithubRole"
        ),
        "`arn` is that of a role, as text. Got 'arn:aws:iam::0123456789012:",
        name="004 account of thirteen digits",
    ),
    trap(
        make_a_short_role,
        "`max_session_duration` is 3600 to 43200 seconds. Got 900.",
        name="004 duration of a session",
    ),
]


@pytest.mark.parametrize(("build", "message"), TRAPS)
def test_refused(
    stack: TerraformStack, build: Callable[[TerraformStack], object], message: str
) -> None:
    """What failed at apply, at the first deploy, or never loudly, is refused while writing it."""
    with pytest.raises(DeployAccessError, match=re.escape(message)):
        build(stack)


@pytest.mark.parametrize(
    ("example", "file", "rule"),
    [
        pytest.param("000-push-to-ecr", "trust-policy.json", "bad-ref", id="000"),
        pytest.param("001-shared-role-separate-state", "trust-policy.json", "repo-wide", id="001"),
        pytest.param("002-stack-per-environment", "trust-policy.json", "repo-wide", id="002"),
        pytest.param(
            "003-deploy-with-composite-action", "trust-policy.json", "repo-wide", id="003"
        ),
        pytest.param("004-token-exchange", "trust-policy.json", "repo-wide", id="004"),
        pytest.param(
            "004-token-exchange", "organization-trust-policy.json", "org-wide", id="004 org"
        ),
    ],
)
def test_trust_as_written(stack: TerraformStack, example: str, file: str, rule: str) -> None:
    """Each subject that an author trusted is refused by a rule that says why."""
    (subject,) = subjects_of(as_written(example, file))

    with pytest.raises(AccessRefused) as refused:
        make_role(stack, subject)

    assert [finding.rule for finding in refused.value.findings] == [rule]


def test_accepted(stack: TerraformStack) -> None:
    """With a reason, a whole organization is trusted."""
    everybody = GithubOwner("hogehoge").any_repo()

    assert make_role(stack, everybody, accept={"org-wide": "only says who it is"})


def subjects_of(trust: dict[str, Any]) -> Iterator[Subject]:
    """Express what a policy compares `sub` with."""
    for statement in trust["Statement"]:
        for operator, conditions in statement["Condition"].items():
            make = Subject.custom if operator == "StringEquals" else Subject.custom_pattern
            yield from (make(conditions[key]) for key in conditions if key.endswith(":sub"))
