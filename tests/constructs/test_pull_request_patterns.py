"""Patterns that trust pull requests of several repositories, on a role that may write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from synth import ACCOUNT, PARAMETER, synth

from constructs_lib import (
    EcrRepo,
    EcsDeployPolicy,
    GithubDeployRole,
    GithubOwner,
    OidcProvider,
    Statement,
    Subject,
)
from deploy_access.audit.catalogue import SUBJECT_RULES
from deploy_access.audit.refused import AccessRefused

if TYPE_CHECKING:
    from collections.abc import Callable

    from cdktf import TerraformStack

WRITE = Statement(sid="Write", actions=["ssm:PutParameter"], resources=[PARAMETER])
READ = Statement(sid="Read", actions=["ssm:GetParameter"], resources=[PARAMETER])
# Every other rule about subjects is accepted, as the pattern is wide on purpose.
WIDE = dict.fromkeys(SUBJECT_RULES - {"pull-request-write"}, "a test")
PATTERNS = [
    pytest.param(GithubOwner("acme", owner_id=1).pull_request(), id="owner"),
    pytest.param(GithubOwner("acme").pull_request(), id="owner, legacy"),
    pytest.param(Subject.custom_pattern("repo:acme/*:pull_request"), id="any repository"),
    pytest.param(Subject.custom_pattern("repo:acme/web*:pull_request"), id="names alike"),
    pytest.param(Subject.custom_pattern("repo:acme@1/*:pull_request"), id="ids"),
    pytest.param(Subject.custom_pattern("repo:*/*:pull_request"), id="everybody"),
    pytest.param(Subject.custom_pattern("repo:*:pull_request"), id="everybody, shorter"),
    pytest.param(Subject.custom_pattern("repo:acme/web:pull*"), id="beginning of it"),
]


def role(stack: TerraformStack, subject: Subject, **more: Any) -> GithubDeployRole:
    """Make a role that trusts a subject, for which all but its writing is accepted."""
    github = OidcProvider.from_account(stack, "Github")
    return GithubDeployRole(
        stack,
        "Deploy",
        name="web",
        oidc_provider=github,
        subjects=[subject],
        accept=WIDE,
        **more,
    )


def push(made: GithubDeployRole) -> None:
    """Let the role push."""
    EcrRepo(made.stack, "Image", name="web").grant_push(made)


def deploy(made: GithubDeployRole) -> None:
    """Let the role deploy."""
    EcsDeployPolicy(
        made.stack,
        "Ecs",
        role=made,
        cluster="main",
        services=["web"],
        task_roles=["web-task"],
        execution_role="execution",
    )


def add(made: GithubDeployRole) -> None:
    """Let the role write."""
    made.add_statement(WRITE)


@pytest.mark.parametrize("subject", PATTERNS)
@pytest.mark.parametrize("give", [push, deploy, add])
def test_what_writes_is_refused(
    stack: TerraformStack, subject: Subject, give: Callable[[GithubDeployRole], None]
) -> None:
    """However it is given, a role that trusts pull requests by a pattern may not write."""
    made = role(stack, subject)

    with pytest.raises(AccessRefused) as caught:
        give(made)

    assert {found.rule for found in caught.value.findings} == {"pull-request-write"}


@pytest.mark.parametrize("subject", PATTERNS)
@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"statements": [WRITE]}, id="statement"),
        pytest.param({"managed_policies": [f"arn:aws:iam::{ACCOUNT}:policy/p"]}, id="policy"),
    ],
)
def test_what_writes_from_the_start_is_refused(
    stack: TerraformStack, subject: Subject, more: Any
) -> None:
    """What writes is refused with the role."""
    with pytest.raises(AccessRefused) as caught:
        role(stack, subject, **more)

    assert {found.rule for found in caught.value.findings} == {"pull-request-write"}


@pytest.mark.parametrize("subject", PATTERNS)
def test_what_reads_is_taken(stack: TerraformStack, subject: Subject) -> None:
    """Such a role may read."""
    role(stack, subject, statements=[READ])

    assert synth(stack).paths("aws_iam_role_policy") == ["Deploy/Statements"]
