"""What the examples allow, all together: nothing that was wrong by hand is in any of them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from example_programs import STACKS
from synthesized import Synthesized, read_stacks

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from example_programs import Program


@pytest.fixture(name="stacks", scope="session")
def _stacks(synthesize: Callable[[Program], Path]) -> list[Synthesized]:
    return [stack for program in STACKS for stack in read_stacks(synthesize(program)).values()]


def resources(stacks: list[Synthesized], kind: str) -> list[dict[str, Any]]:
    """List the resources of a type in all examples."""
    return [resource for stack in stacks for resource in stack.resources(kind).values()]


def trust_statements(stacks: list[Synthesized]) -> list[dict[str, Any]]:
    """List the statements of all trust policies of the examples."""
    texts = [role["assume_role_policy"] for role in resources(stacks, "aws_iam_role")]
    return [statement for text in texts for statement in json.loads(text)["Statement"]]


def statements(stacks: list[Synthesized]) -> list[dict[str, Any]]:
    """List the statements of all permissions of the examples."""
    kinds = ("aws_iam_role_policy", "aws_iam_policy")
    texts = [policy["policy"] for kind in kinds for policy in resources(stacks, kind)]
    return [statement for text in texts for statement in json.loads(text)["Statement"]]


def many(value: str | list[str]) -> list[str]:
    """Read one text or several, as IAM writes them."""
    return [value] if isinstance(value, str) else value


def test_audience_is_tested(stacks: list[Synthesized]) -> None:
    """Each statement of trust tests `aud` by its exact value, and `sub` besides."""
    for statement in trust_statements(stacks):
        issuer = statement["Principal"]["Federated"].partition("oidc-provider/")[2]
        exact, patterns = statement["Condition"]["StringEquals"], statement["Condition"].copy()
        del patterns["StringEquals"]

        assert f"{issuer}:aud" in exact
        assert f"{issuer}:sub" in {*exact, *patterns.get("StringLike", {})}


def test_nothing_is_tagged(stacks: list[Synthesized]) -> None:
    """Trust is for the one action that the exchange of a token needs."""
    actions = {statement["Action"] for statement in trust_statements(stacks)}

    assert actions == {"sts:AssumeRoleWithWebIdentity"}


def test_star_only_where_aws_has_nothing_narrower(stacks: list[Synthesized]) -> None:
    """Only actions without a resource of their own are allowed on `*`."""
    on_star = {
        action
        for statement in statements(stacks)
        if "*" in many(statement["Resource"])
        for action in many(statement["Action"])
    }

    assert on_star == {
        "ecr:GetAuthorizationToken",
        "ecs:DescribeTaskDefinition",
        "ecs:RegisterTaskDefinition",
    }


def test_services_have_their_cluster(stacks: list[Synthesized]) -> None:
    """The ARN of each service is `service/CLUSTER/SERVICE`."""
    services = [
        arn
        for statement in statements(stacks)
        for arn in many(statement["Resource"])
        if ":service/" in arn
    ]

    assert services
    assert all(arn.count("/") == 2 for arn in services)


def test_roles_are_passed_to_ecs_tasks_only(stacks: list[Synthesized]) -> None:
    """Each statement that passes roles says to which service."""
    passing = [s for s in statements(stacks) if "iam:PassRole" in many(s["Action"])]
    to_ecs_tasks = {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}

    assert passing
    assert all(statement["Condition"] == to_ecs_tasks for statement in passing)


def test_attachments_name_roles(stacks: list[Synthesized]) -> None:
    """A policy is attached to a role by its name, or by Terraform's reference to the name."""
    names = [a["role"] for a in resources(stacks, "aws_iam_role_policy_attachment")]

    assert names
    assert all(re.fullmatch(r"[\w-]+|\$\{aws_iam_role\.\w+\.name\}", name) for name in names)


def test_no_policy_of_aws_that_writes(stacks: list[Synthesized]) -> None:
    """Where AWS's own policies are attached, they only read."""
    attached = [a["policy_arn"] for a in resources(stacks, "aws_iam_role_policy_attachment")]

    assert {arn for arn in attached if arn.startswith("arn:")} == {
        "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly"
    }


def test_repositories_are_hard_to_lose(stacks: list[Synthesized]) -> None:
    """Each repository is immutable and scanned, and has a lifecycle."""
    repositories = resources(stacks, "aws_ecr_repository")

    assert {r["image_tag_mutability"] for r in repositories} == {"IMMUTABLE"}
    assert all(r["image_scanning_configuration"]["scan_on_push"] for r in repositories)
    assert len(resources(stacks, "aws_ecr_lifecycle_policy")) == len(repositories)


def test_no_thumbprint(stacks: list[Synthesized]) -> None:
    """No example repeats a thumbprint that AWS ignores."""
    assert all(
        "thumbprint_list" not in provider
        for provider in resources(stacks, "aws_iam_openid_connect_provider")
    )


def test_one_account_a_stack(stacks: list[Synthesized]) -> None:
    """Every ARN of a stack is in the account that its provider allows, which is said once."""
    for stack in stacks:
        (account,) = stack.provider["allowed_account_ids"]
        arns = re.findall(r"arn:aws:[a-z]+:[a-z0-9-]*:(\d+):", json.dumps(stack.content))

        assert set(arns) <= {account}
