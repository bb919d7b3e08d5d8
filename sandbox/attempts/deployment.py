"""
What a deploy role is for, read from what the constructs left in the synthesized stacks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.claims.run import GITHUB, parse_provider
from sandbox.attempts.trusted_runs import trusted_runs
from sandbox.blocks import first, strings
from sandbox.stack import literal, partition_of
from sandbox.surroundings import statements

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.estate import Estate
    from sandbox.github_run import GithubRun
    from sandbox.stack import Resource

_LONGEST = 3600
_EXECUTION = re.compile("execution", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class EcsTarget:
    """
    Services of a cluster, and what is needed to deploy them.

    Attributes:
        cluster: The cluster.
        services: The services, each with the family of its task definition.
        one_off_tasks: The families of tasks that run once.
        task_role: A role that tasks may have, or None.
        execution_role: The role that starts them, or None.

    """

    cluster: str
    services: tuple[tuple[str, str], ...]
    one_off_tasks: tuple[str, ...]
    task_role: str | None
    execution_role: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """
    A deploy role and its work.

    Attributes:
        role_arn: The role.
        account: Its account.
        region: Where it works.
        issuer: Whose tokens it takes: the `iss`.
        longest: Its longest session, in seconds.
        runs: One run for each subject that it trusts.
        repositories: The ECR repositories that it pushes to.
        targets: What it deploys to.

    """

    role_arn: str
    account: str
    region: str
    issuer: str
    longest: int
    runs: tuple[GithubRun, ...]
    repositories: tuple[str, ...]
    targets: tuple[EcsTarget, ...]

    @property
    def role(self) -> str:
        """The name of the role."""
        return self.role_arn.rpartition("/")[2]


def read_deployments(estate: Estate) -> list[Deployment]:
    """
    Return every deploy role whose name and trust policy the stacks spell out, by account and name.
    """
    found = [
        _deployment(estate, resource)
        for resource in estate.resources("aws_iam_role")
        if resource.metadata.get("construct") == "GithubDeployRole"
        and literal(resource.body.get("name"))
    ]
    kept = [one for one in found if one.runs]
    return sorted(kept, key=lambda one: (one.account, one.role))


def _deployment(estate: Estate, role: Resource) -> Deployment:
    provider, name = role.provider, str(role.body["name"])
    path = literal(role.body.get("path")) or "/"
    grants = [
        resource
        for resource in estate.resources()
        if resource.metadata.get("role") == name and resource.provider.account == provider.account
    ]
    partition = partition_of(provider.region)
    return Deployment(
        role_arn=f"arn:{partition}:iam::{provider.account}:role{path}{name}",
        account=provider.account,
        region=provider.region,
        issuer=f"https://{_issuer(role)}",
        longest=int(role.body.get("max_session_duration") or _LONGEST),
        runs=tuple(trusted_runs(provider.account, role)),
        repositories=tuple(_repositories(grants)),
        targets=tuple(_target(grant) for grant in grants if grant.metadata.get("cluster")),
    )


def _issuer(role: Resource) -> str:
    for statement in statements(role, "assume_role_policy"):
        for arn in strings(first(statement.get("Principal")).get("Federated")):
            host = parse_provider(arn).get("host")
            if host:
                return host
    return GITHUB


def _repositories(grants: list[Resource]) -> Iterator[str]:
    for grant in grants:
        name = literal(grant.metadata.get("repository"))
        if grant.metadata.get("grant") == "push" and name:
            yield name


def _target(grant: Resource) -> EcsTarget:
    services, families = (strings(grant.metadata.get(key)) for key in ("services", "families"))
    passed = [
        arn
        for statement in statements(grant)
        if "iam:PassRole" in strings(statement.get("Action"))
        for arn in strings(statement.get("Resource"))
    ]
    execution = next((arn for arn in passed if _EXECUTION.search(arn)), None)
    tasks = [arn for arn in passed if arn != execution]
    return EcsTarget(
        cluster=str(grant.metadata["cluster"]),
        services=tuple(_paired(services, families)),
        one_off_tasks=strings(grant.metadata.get("one_off_tasks")),
        task_role=next(iter(tasks), None),
        execution_role=execution,
    )


def _paired(services: tuple[str, ...], families: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """
    Give each service the family of its own name, or the first one that there is.
    """
    for service in services:
        yield service, service if service in families else next(iter(families), service)
