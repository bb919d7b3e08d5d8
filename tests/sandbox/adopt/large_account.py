"""An account of 50 roles, 20 repositories of images and 3 issuers; GitHub reaches half of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hand_made import FOR_TASKS, GITHUB, HandMade

if TYPE_CHECKING:
    from account_exports import Answers
    from hand_made import Account

NUMBER = "333344445555"
REGION = "eu-west-1"
GITLAB = "gitlab.com"
TERRAFORM_CLOUD = "app.terraform.io"

SERVICES = tuple(f"svc-{n:02}" for n in range(10))
TOOLS = tuple(f"tool-{n:02}" for n in range(15))
READERS = TOOLS[::3]
"""Those that read a bucket by a policy of their own, which no construct writes."""
OURS = (*(f"{name}-deploy" for name in SERVICES), *(f"{name}-role" for name in TOOLS))
"""The roles that GitHub reaches: ten that push and deploy, fifteen that do something else."""


def make_large_account(account: Account) -> None:
    """Make all of it."""
    for host in (GITHUB, GITLAB, TERRAFORM_CLOUD):
        account.provider("6938fd4d98bab03faadb97b34396831e3780aea1", host)
    for name in SERVICES:
        _service(account, name)
    for number, name in enumerate(TOOLS):
        _tool(account, name, number)
    _foreign(account)


def foreign_part(answers: Answers) -> dict[str, Any]:
    """Return of an account what GitHub does not reach: roles, repositories and providers."""
    roles = answers["authorization"]["RoleDetailList"]
    repositories = answers["repositories"]["repositories"]
    ours = {f"acme/{name}" for name in SERVICES}
    return {
        "roles": [one for one in roles if one["RoleName"] not in OURS],
        "repositories": [one for one in repositories if one["repositoryName"] not in ours],
        "providers": [
            answer
            for name, answer in answers.items()
            if name.startswith("provider.") and answer["Url"] != GITHUB
        ],
    }


def _service(account: Account, name: str) -> None:
    """Make a role that pushes to its own repository, and deploys its own service."""
    account.repository(f"acme/{name}")
    account.role(f"{name}-deploy", _web(account, GITHUB, f"repo:acme/{name}:environment:prod"))
    account.inline(
        f"{name}-deploy",
        "push",
        _allow("*", "ecr:GetAuthorizationToken"),
        _allow(
            f"arn:aws:ecr:{REGION}:{account.number}:repository/acme/{name}",
            *("ecr:BatchCheckLayerAvailability", "ecr:InitiateLayerUpload", "ecr:PutImage"),
            *("ecr:UploadLayerPart", "ecr:CompleteLayerUpload", "ecr:BatchGetImage"),
        ),
    )
    passed = [f"arn:aws:iam::{account.number}:role/{one}" for one in (f"{name}-task", "exec")]
    deploys = _document(
        _allow("*", "ecs:RegisterTaskDefinition"),
        _allow(
            f"arn:aws:ecs:{REGION}:{account.number}:service/main/{name}",
            *("ecs:UpdateService", "ecs:DescribeServices"),
        ),
        {
            **_allow(passed, "iam:PassRole"),
            "Condition": {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
        },
    )
    account.managed(f"{name}-deploy", f"{name}-deploys", deploys)


def _tool(account: Account, name: str, number: int) -> None:
    """Make a role that GitHub reaches and that no construct has the permissions of."""
    refs = ("ref:refs/heads/main", "ref:refs/tags/v1", "environment:tools")
    trust = _web(account, GITHUB, f"repo:acme/{name}:{refs[number % len(refs)]}")
    account.role(f"{name}-role", trust, Path="/ci/" if number % 2 else "/")
    if name in READERS:
        account.inline(f"{name}-role", "reads", _allow("arn:aws:s3:::acme-site/*", "s3:GetObject"))
    else:
        account.aws_managed(f"{name}-role", "AWSCloudFormationReadOnlyAccess")


def _foreign(account: Account) -> None:
    """Make what belongs to others: roles of tasks, of people, and of pipelines elsewhere."""
    account.role("exec", FOR_TASKS)
    for name in SERVICES:
        account.role(f"{name}-task", FOR_TASKS)
    for number in range(5):
        name = f"gitlab-{number}"
        account.role(name, _web(account, GITLAB, f"project_path:acme/{name}:*"))
        account.repository(name)
    for number in range(3):
        subject = f"organization:acme:project:p:workspace:w{number}:run_phase:apply"
        account.role(f"workspace-{number}", _web(account, TERRAFORM_CLOUD, subject))
        account.aws_managed(f"workspace-{number}", "PowerUserAccess")
    for number in range(6):
        principal = {"AWS": "arn:aws:iam::999900001111:root"}
        account.role(f"people-{number}", _document(_assume(principal, "sts:AssumeRole")))
    for number in range(5):
        account.repository(f"archive/{number}")


def _web(account: Account, host: str, subject: str) -> Any:
    arn = f"arn:aws:iam::{account.number}:oidc-provider/{host}"
    test = "StringLike" if "*" in subject else "StringEquals"
    condition = {"StringEquals": {f"{host}:aud": "sts.amazonaws.com"}}
    condition.setdefault(test, {})[f"{host}:sub"] = subject
    trusted = _assume({"Federated": arn}, "sts:AssumeRoleWithWebIdentity")
    return _document({**trusted, "Condition": condition})


def _assume(principal: dict[str, str], action: str) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": principal, "Action": action}


def _allow(on: str | list[str], *actions: str) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": on}


def _document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


LARGE = HandMade(name="large", account=NUMBER, region=REGION, make=make_large_account)
