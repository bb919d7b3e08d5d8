"""
The rules about one statement of a role's permissions.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.audit.finding import finding
from deploy_access.audit.narrowing import names_services
from deploy_access.audit.report_model import DocumentFinding, held
from deploy_access.audit.resource_rules import check_resources
from deploy_access.audit.wide_resource import (
    beginning_of_roles,
    is_everything,
    known_text,
)
from deploy_access.iam.actions import (
    actions_matching,
    gives_permissions,
    is_passing,
    is_reading,
    is_whole_service,
    matches,
    service_of,
    takes_resource,
)
from deploy_access.iam.references import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.audit.finding import Finding
    from deploy_access.iam.policy import Policy, PolicyStatement

# Nearly all actions of these services are about access, so a wildcard has that finding as well.
_ABOUT_ACCESS = frozenset({"iam", "organizations"})


def check_permissions(policy: Policy) -> Iterator[DocumentFinding]:
    """Check every statement that allows."""
    for statement in policy.statements:
        if statement.effect == "Allow":
            yield from _check_actions(statement)
            yield from _check_pass_role(statement)
            yield from check_resources(statement)


def writes(policy: Policy) -> bool:
    """Whether the policy allows an action that is not only reading."""
    # `NotAction` allows all other actions, and some of those write.
    return any(
        statement.effect == "Allow"
        and (statement.actions is None or not all(is_reading(a) for a in statement.actions))
        for statement in policy.statements
    )


def _check_actions(statement: PolicyStatement) -> Iterator[DocumentFinding]:
    path = f"Statement[{statement.index}]"
    if statement.actions is None and statement.not_actions:
        found = finding(
            "not-action",
            ", ".join(statement.not_actions),
            "Every other action of AWS is allowed, also those that are added tomorrow.",
            "List the actions that a deploy calls in `Action`.",
        )
        yield DocumentFinding(found, path, "NotAction", held(statement.not_actions))
    for action in statement.actions or ():
        for found in _check_action(action, statement):
            yield DocumentFinding(found, path, "Action")
        if matches(action, "sts:AssumeRole") and service_of(action) == "sts":
            yield DocumentFinding(_assume_onwards(action, statement), path, "Action")


def _check_action(action: str, statement: PolicyStatement) -> Iterator[Finding]:
    service = service_of(action)
    is_whole = is_whole_service(action)
    # Of IAM and STS the other rules say what is worse about it.
    if is_whole and service not in {"iam", "sts"}:
        yield finding(
            "service-wildcard",
            action,
            f"Every action of {service or 'AWS'} is allowed, deleting and giving access too.",
            "List the actions that a deploy calls.",
        )
    if (not is_whole or service in _ABOUT_ACCESS) and _gives_permissions(action, statement):
        yield finding(
            "permissions-management",
            action,
            "Whoever may change permissions may give himself all of them.",
            "Leave permissions to the role that runs Terraform.",
        )


def _gives_permissions(pattern: str, statement: PolicyStatement) -> bool:
    """
    Whether a pattern gives permissions on the resources of its statement.

    `ecr:Put*` on one repository does not mean `ecr:PutRegistryPolicy`, which takes no resource and
    so is allowed by `*` alone.
    """
    if not gives_permissions(pattern):
        return False
    meant = actions_matching(pattern) if has_wildcard(pattern) else None
    is_everywhere = any(is_everything(one) for one in statement.resources or ("*",))
    return (
        is_everywhere or not meant or any(takes_resource(a) for a in meant if gives_permissions(a))
    )


def _assume_onwards(action: str, statement: PolicyStatement) -> Finding:
    wide = any(has_wildcard(known_text(resource)) for resource in statement.resources or ("*",))
    where = "Any role that trusts this account" if wide else "What that role may do"
    return finding(
        "assume-onwards",
        action,
        f"{where} is within reach of the workflow, however narrow this role is.",
        "Let the workflow assume the role that it needs directly.",
        severity="error" if wide else "warning",
    )


def _check_pass_role(statement: PolicyStatement) -> Iterator[DocumentFinding]:
    passing = [action for action in statement.actions or () if is_passing(action)]
    if not passing:
        return
    path = f"Statement[{statement.index}]"
    for resource in statement.resources or ("*",):
        literal = beginning_of_roles(resource)
        if literal is not None:
            yield DocumentFinding(_pass_any(resource, literal), path, "Resource")
    if not names_services(statement):
        found = finding(
            "pass-role-service",
            passing[0],
            "The role can be handed to any service that trusts it, not only to ECS tasks.",
            'Add `"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}`.',
        )
        yield DocumentFinding(found, path, "Action")


def _pass_any(resource: str, literal: str) -> Finding:
    which = f"whose name begins with {literal!r}, also tomorrow's" if literal else "of the account"
    return finding(
        "pass-role-star",
        resource,
        f"A task can be started with every role {which}, the strongest of them too.",
        "Name the task role and the execution role by their ARNs.",
        severity="warning" if literal else "error",
    )
