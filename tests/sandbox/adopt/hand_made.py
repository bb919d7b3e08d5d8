"""The five systems, as their authors made them: in the console, by Terraform, by the AWS CLI."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from example_programs import (
    COMPOSITE_ACTION,
    PER_ENVIRONMENT,
    PUSH_TO_ECR,
    SHARED_ROLE,
    TOKEN_EXCHANGE,
    as_written,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.server.aws_session import AwsSession

GITHUB = "token.actions.githubusercontent.com"
RETIRED = f"vs{GITHUB}"
FOR_TASKS = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "ecs-tasks.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}


@dataclass(frozen=True, slots=True)
class Account:
    """One account, as somebody sets it up by hand."""

    session: AwsSession
    number: str

    @property
    def iam(self) -> Any:
        """Its IAM."""
        return self.session.client("iam")

    @property
    def ecr(self) -> Any:
        """Its ECR."""
        return self.session.client("ecr")

    def provider(self, thumbprint: str, host: str = GITHUB) -> None:
        """Make the OIDC provider of an issuer."""
        self.iam.create_open_id_connect_provider(
            Url=f"https://{host}",
            ClientIDList=["sts.amazonaws.com"],
            ThumbprintList=[thumbprint],
        )

    def role(self, name: str, trust: Any, **more: str) -> None:
        """Make a role."""
        text = json.dumps(trust).replace("xxxxxxxxxxxx", self.number)
        self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=text, **more)

    def inline(self, role: str, name: str, *statements: Any) -> None:
        """Put a policy into a role."""
        document = {"Version": "2012-10-17", "Statement": list(statements)}
        self.iam.put_role_policy(
            RoleName=role, PolicyName=name, PolicyDocument=json.dumps(document)
        )

    def managed(self, role: str, name: str, document: Any) -> None:
        """Make a policy, and attach it to a role."""
        made = self.iam.create_policy(PolicyName=name, PolicyDocument=json.dumps(document))
        self.iam.attach_role_policy(RoleName=role, PolicyArn=made["Policy"]["Arn"])

    def aws_managed(self, role: str, name: str) -> None:
        """Attach a policy of AWS's own."""
        self.iam.attach_role_policy(RoleName=role, PolicyArn=f"arn:aws:iam::aws:policy/{name}")

    def repository(self, name: str) -> None:
        """Make a repository of images with the defaults of the console."""
        self.ecr.create_repository(repositoryName=name)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandMade:
    """
    A system in an account of its own.

    Attributes:
        name: What it is called here; of the five, the number of its example.
        account: The account's number.
        region: Where its repositories and services are.
        make: Makes all of it.
    """

    name: str
    account: str
    region: str
    make: Callable[[Account], None]

    def __str__(self) -> str:
        """Name it, for the ids of tests."""
        return self.name


def _push_to_ecr(account: Account) -> None:
    example = PUSH_TO_ECR.example
    account.provider("10511baad59c6e2070770b0b0d01234567890123")
    account.role("Githubactions-to-ECR-role", as_written(example, "trust-policy.json"))
    pushing = as_written(example, "push-policy.json")["Statement"]
    account.inline("Githubactions-to-ECR-role", "push-to-ecr", *pushing)
    account.repository("techblue-dev")


def _shared_role(account: Account) -> None:
    example = SHARED_ROLE.example
    account.provider("1c58a3a8518e8759bf075b76b750d4f2df264fcd")
    name, description = "github-actions-deploy", "IAM Role for GitHub Actions Deploy ECS"
    account.role(name, as_written(example, "trust-policy.json"), Description=description)
    account.managed(name, name, as_written(example, "common-policy.json"))
    # As written it is attached to the ARN of the task's role, which IAM refuses; this is meant.
    application = as_written(example, "application-policy.json")
    account.managed(name, "github-actions-deploy-policy", application)
    for task in ("sample-task", "ecsTaskExecutionRole"):
        account.role(task, FOR_TASKS)
    account.repository("sample")


def _per_environment(account: Account) -> None:
    example = PER_ENVIRONMENT.example
    account.provider("6938fd4d98bab03faadb97b34396831e3780aea1")
    name = "dev-github-actions"
    account.role(name, as_written(example, "trust-policy.json"))
    account.managed(name, f"{name}-policy", as_written(example, "push-policy.json"))
    account.aws_managed(name, "AmazonECS_FullAccess")
    account.repository("my-ecr-repo")


def _composite_action(account: Account) -> None:
    account.provider("1234567890" * 4)
    name = "deploy-to-ecs-github-actions"
    account.role(name, as_written(COMPOSITE_ACTION.example, "trust-policy.json"))
    account.aws_managed(name, "AmazonEC2ContainerRegistryPowerUser")
    for task in ("api-prod-task-role", "ecsTaskExecutionRole"):
        account.role(task, FOR_TASKS)
    account.repository("api")


def _token_exchange(account: Account) -> None:
    example = TOKEN_EXCHANGE.example
    account.provider("a031c46782e6e6c662c2c87c76da9aa62ccabd8e", RETIRED)
    account.role("ExampleGithubRole", as_written(example, "trust-policy.json"))
    account.role("github-who-am-i", as_written(example, "organization-trust-policy.json"))


SYSTEMS = (
    HandMade(
        name=str(PUSH_TO_ECR), account="000123456789", region="ap-northeast-1", make=_push_to_ecr
    ),
    HandMade(
        name=str(SHARED_ROLE), account="111122223333", region="ap-northeast-1", make=_shared_role
    ),
    HandMade(
        name=str(PER_ENVIRONMENT),
        account="123456789012",
        region="ap-northeast-1",
        make=_per_environment,
    ),
    HandMade(
        name=str(COMPOSITE_ACTION),
        account="210987654321",
        region="ap-northeast-1",
        make=_composite_action,
    ),
    HandMade(
        name=str(TOKEN_EXCHANGE), account="012345678901", region="us-east-1", make=_token_exchange
    ),
)
