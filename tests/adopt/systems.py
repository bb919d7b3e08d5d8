"""Accounts as people have made them by hand, each with what is taken over of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from answers_of_aws import (
    ACCOUNT,
    PUSH,
    REGION,
    RETIRED,
    account,
    allow,
    managed,
    policy,
    pushes,
    repository,
    repository_arn,
    role,
    trust,
)

if TYPE_CHECKING:
    from pathlib import Path

    from answers_of_aws import Json

FULL = "arn:aws:iam::aws:policy/AmazonECS_FullAccess"
POWER_USER = "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPowerUser"
TO_TASKS = {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}


def role_arn(name: str) -> str:
    """Name a role."""
    return f"arn:aws:iam::{ACCOUNT}:role/{name}"


def service(cluster: str, name: str) -> str:
    """Name a service of ECS; without its cluster, as some write it, where that is empty."""
    return f"arn:aws:ecs:{REGION}:{ACCOUNT}:service/{f'{cluster}/' if cluster else ''}{name}"


def deploys(cluster: str, name: str) -> list[Json]:
    """Write the statements with which people deploy a service."""
    return [
        allow("ecs:RegisterTaskDefinition"),
        allow(["ecs:UpdateService", "ecs:DescribeServices"], service(cluster, name)),
        allow("iam:PassRole", [role_arn("ecsTaskExecutionRole"), role_arn(f"{name}-task")]),
    ]


def console(folder: Path) -> Path:
    """Make the system 000: a provider and an inline push policy, made on the console."""
    trusted = trust("repo:Test-User/techblue-dev:ref:main", operator="StringEquals")
    return account(
        folder,
        [
            role("Githubactions-to-ECR-role", trusted, inline={"ecr-push": pushes("techblue-dev")}),
            role(
                "function",
                policy(
                    {
                        "Effect": "Allow",
                        "Principal": {"Service": "lambda.amazonaws.com"},
                        "Action": "sts:AssumeRole",
                    }
                ),
            ),
        ],
        repositories=[repository("techblue-dev"), repository("other")],
    )


def shared(folder: Path) -> Path:
    """Make the system 001: a shared role, and a policy for each app in another state."""
    passes = allow("iam:PassRole", role_arn("ecsTaskExecutionRole"), Condition=TO_TASKS)
    common = managed(
        "common",
        policy(allow("ecr:GetAuthorizationToken"), allow("ecs:RegisterTaskDefinition"), passes),
    )
    app = managed(
        "shop-deploy",
        policy(
            allow(PUSH, repository_arn("shop")),
            allow("ecs:UpdateService", service("", "shop")),
            allow("iam:PassRole", role_arn("shop-task")),
        ),
        Description="",
    )
    trusted = trust("repo:excite/shop:*", aud=False)
    return account(
        folder,
        [role("github-actions-deploy", trusted, attached=[common["Arn"], app["Arn"]])],
        policies=[common, app],
        repositories=[repository("shop")],
    )


def environments(folder: Path) -> Path:
    """Make the system 002: a role an environment, with a full-access policy."""
    wide = managed("dev-github-actions-policy", policy(allow([*PUSH, "ecr:GetAuthorizationToken"])))
    return account(
        folder,
        [
            role(
                "dev-github-actions",
                trust("repo:mycompany-inc/my-repo:*"),
                attached=[wide["Arn"], FULL],
            )
        ],
        policies=[wide],
        repositories=[repository("my-ecr-repo")],
    )


def command_line(folder: Path) -> Path:
    """Make the system 003: a power user of the registry that is to deploy to ECS."""
    trusted = trust("repo:me/api:*", aud=False)
    return account(
        folder,
        [role("deploy-to-ecs-github-actions", trusted, attached=[POWER_USER])],
        repositories=[repository("api"), repository("web")],
    )


def retired(folder: Path) -> Path:
    """Make the system 004: the issuer of the beta, and a whole organization."""
    trusted = trust("repo:hogehoge/*", host=RETIRED, aud=False)
    return account(
        folder,
        [role("ExampleGithubRole", trusted, MaxSessionDuration=7200)],
        providers=(RETIRED,),
    )
