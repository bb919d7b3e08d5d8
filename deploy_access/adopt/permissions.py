"""
What a role may do, told apart into what the entries of `environments.toml` say and all else.

A policy is rewritten only when every action of it is one that an entry gives: what is left would
be taken away otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from deploy_access.iam.arns import Arn
from deploy_access.iam.capabilities import ECS_TASKS
from deploy_access.iam.ecr_capabilities import PULL_ACTIONS, PUSH_ACTIONS
from deploy_access.iam.references import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deploy_access.iam.policy import Policy, PolicyStatement

_LOGIN = {"ecr:getauthorizationtoken"}
_PUSH = {action.lower() for action in PUSH_ACTIONS}
_LAYERS = {action.lower() for action in PULL_ACTIONS} - _PUSH
_REGISTER = {"ecs:registertaskdefinition"}
_SERVICE = {"ecs:updateservice", "ecs:describeservices"}
_READ_DEFINITION = {"ecs:describetaskdefinition"}
_PASS = {"iam:passrole"}
_EXPECTED = {"iam:passedtoservice": {ECS_TASKS}}


@dataclass(slots=True, kw_only=True)
class Permissions:
    """
    What policies allow of what an entry gives.

    Attributes:
        pushes: ARNs of repositories that images are pushed to.
        pushes_anywhere: Whether images may be pushed to any repository.
        reads_layers: Whether layers are read of what is pushed to.
        services: ARNs of the ECS services that are updated or described.
        registers: Whether task definitions are registered.
        reads_definition: Whether they are read from AWS.
        passed: ARNs of the roles that are passed.
        others: Everything else, as actions, with the resources that they are on.
    """

    pushes: set[str] = field(default_factory=set[str])
    pushes_anywhere: bool = False
    reads_layers: bool = False
    services: set[str] = field(default_factory=set[str])
    registers: bool = False
    reads_definition: bool = False
    passed: set[str] = field(default_factory=set[str])
    others: list[str] = field(default_factory=list[str])

    @property
    def deploys(self) -> bool:
        """Whether anything of a deployment to ECS is in it."""
        return bool(self.services or self.registers or self.reads_definition or self.passed)

    @property
    def has_push(self) -> bool:
        """Whether images may be pushed."""
        return bool(self.pushes or self.pushes_anywhere)

    @property
    def clusters(self) -> set[str]:
        """The ARNs' beginnings of the clusters that the services name."""
        return {one for one in map(cluster_of, self.services) if one}

    @property
    def without_cluster(self) -> list[str]:
        """The ARNs of services that lack their cluster, so that no call matches them."""
        return sorted(one for one in self.services if cluster_of(one) is None)

    def joined(self, other: Permissions) -> Permissions:
        """Return what both allow."""
        return Permissions(
            pushes=self.pushes | other.pushes,
            pushes_anywhere=self.pushes_anywhere or other.pushes_anywhere,
            reads_layers=self.reads_layers or other.reads_layers,
            services=self.services | other.services,
            registers=self.registers or other.registers,
            reads_definition=self.reads_definition or other.reads_definition,
            passed=self.passed | other.passed,
            others=[*self.others, *other.others],
        )


def cluster_of(service_arn: str) -> str | None:
    """Return `REGION/CLUSTER` of a service's ARN; None where it lacks the cluster."""
    arn = Arn.parse(service_arn)
    parts = arn.resource.split("/") if arn else []
    return f"{arn.region}/{parts[1]}" if arn and len(parts) == 3 else None  # noqa: PLR2004


def read_permissions(policies: Iterable[Policy]) -> Permissions:
    """Tell apart what policies allow."""
    found = Permissions()
    for policy in policies:
        for statement in policy.statements:
            _add(statement, found)
    return found


def _add(statement: PolicyStatement, found: Permissions) -> None:
    actions, resources = statement.actions, statement.resources
    if statement.effect == "Deny" or actions is None or resources is None:
        found.others.append(f"statement {statement.sid or statement.index}")
        return
    if not _is_as_expected(statement):
        found.others += [f"{action} with conditions" for action in actions]
        return
    for action in actions:
        if not _sort_in(action.lower(), resources, found):
            found.others.append(f"{action} on {', '.join(resources)}")


def _is_as_expected(statement: PolicyStatement) -> bool:
    """Whether the conditions are those that an entry writes too, or none."""
    return all(
        condition.operator in {"StringEquals", "StringLike"}
        and set(condition.values) == _EXPECTED.get(condition.key.lower())
        for condition in statement.conditions
    )


def _sort_in(action: str, resources: tuple[str, ...], found: Permissions) -> bool:
    """Add an action to what it is of; return whether an entry gives it on these resources."""
    if action in _LOGIN or action in _REGISTER or action in _READ_DEFINITION:
        found.registers = found.registers or action in _REGISTER
        found.reads_definition = found.reads_definition or action in _READ_DEFINITION
        return True
    if action in _PUSH | _LAYERS:
        return _sort_in_push(action, resources, found)
    if action in _SERVICE and all(map(_is_service, resources)):
        found.services |= {*resources}
        return True
    if action in _PASS and all(map(_is_role, resources)):
        found.passed |= {*resources}
        return True
    return False


def _sort_in_push(action: str, resources: tuple[str, ...], found: Permissions) -> bool:
    found.reads_layers = found.reads_layers or action in _LAYERS
    named = [one for one in resources if _is_repository(one)]
    if action == "ecr:putimage":
        found.pushes |= {*named}
        found.pushes_anywhere = found.pushes_anywhere or len(named) < len(resources)
    return len(named) == len(resources)


def _is_repository(text: str) -> bool:
    return _is_named(text, "ecr", "repository/")


def _is_service(text: str) -> bool:
    return _is_named(text, "ecs", "service/")


def _is_named(text: str, service: str, start: str) -> bool:
    """Whether it is the ARN of one resource of that kind."""
    arn = Arn.parse(text)
    is_one = arn is not None and arn.service == service and arn.resource.startswith(start)
    return is_one and not has_wildcard(text)


def _is_role(text: str) -> bool:
    arn = Arn.parse(text)
    return arn is not None and arn.is_role and not has_wildcard(text)
