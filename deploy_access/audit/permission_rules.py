"""
The rules about one statement of a role's permissions.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from deploy_access.audit.finding import finding
from deploy_access.audit.giving_rules import check_giving
from deploy_access.audit.narrowing import is_narrowed, names_services
from deploy_access.audit.report_model import DocumentFinding, held
from deploy_access.audit.resource_rules import check_resources
from deploy_access.audit.wide_resource import describe_roles, is_everything, pattern_of_roles
from deploy_access.iam.action_resources import may_be_on, may_take, may_take_one
from deploy_access.iam.actions import (
    actions_matching,
    gives_permissions,
    is_passing,
    is_reading,
    is_whole_service,
    matches,
    service_of,
)
from deploy_access.iam.capabilities import ECS_TASKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.audit.catalogue import Severity
    from deploy_access.audit.finding import Finding
    from deploy_access.iam.policy import Policy, PolicyStatement

# The services that a deploy passes a role to, the likeliest first, by the prefix of their actions.
_PASSED_TO = {
    "ecs": ECS_TASKS,
    "lambda": "lambda.amazonaws.com",
    "codebuild": "codebuild.amazonaws.com",
    "cloudformation": "cloudformation.amazonaws.com",
    "states": "states.amazonaws.com",
    "batch": ECS_TASKS,
    "apprunner": "tasks.apprunner.amazonaws.com",
    "elasticbeanstalk": "elasticbeanstalk.amazonaws.com",
    "scheduler": "scheduler.amazonaws.com",
    "events": "events.amazonaws.com",
    "pipes": "pipes.amazonaws.com",
    "codepipeline": "codepipeline.amazonaws.com",
    "codedeploy": ECS_TASKS,
    "glue": "glue.amazonaws.com",
    "sagemaker": "sagemaker.amazonaws.com",
    "elasticmapreduce": "elasticmapreduce.amazonaws.com",
    "emr-serverless": "emr-serverless.amazonaws.com",
    "datapipeline": "datapipeline.amazonaws.com",
    "bedrock-agentcore": "bedrock-agentcore.amazonaws.com",
    "eks": "eks.amazonaws.com",
    "ec2": "ec2.amazonaws.com",
    "ssm": "ssm.amazonaws.com",
}
_DELETES = ("batchdelete", "delete", "purge", "terminate")


def check_permissions(policy: Policy) -> Iterator[DocumentFinding]:
    """Check every statement."""
    for statement in policy.statements:
        yield from _check_form(statement)
        if statement.effect == "Allow":
            yield from _check_actions(statement)
            yield from _check_pass_role(statement, policy)
            yield from check_resources(statement)


def writes(policy: Policy) -> bool:
    """Whether the policy allows an action that is not only reading."""
    # `NotAction` allows all other actions, and some of those write.
    return any(
        statement.effect == "Allow"
        and (statement.actions is None or not all(is_reading(a) for a in statement.actions))
        for statement in policy.statements
    )


def _check_form(statement: PolicyStatement) -> Iterator[DocumentFinding]:
    if statement.resources is None and statement.not_resources is None:
        found = finding(
            "malformed-policy",
            "Resource",
            "IAM takes no statement of permissions without it.",
            "Name the ARNs that the actions are for.",
        )
        yield DocumentFinding(
            found, f"Statement[{statement.index}]", says="There is no Resource and no NotResource"
        )


def _check_actions(statement: PolicyStatement) -> Iterator[DocumentFinding]:
    path = f"Statement[{statement.index}]"
    if statement.actions is None and statement.not_actions:
        found = finding(
            "not-action",
            ", ".join(statement.not_actions),
            f"Every other action {_taken_by(statement)} is allowed, also those that are added "
            "tomorrow.",
            "List the actions that a deploy calls in `Action`.",
        )
        yield DocumentFinding(found, path, "NotAction", held(statement.not_actions))
    for found in (*_check_wildcards(statement), *check_giving(statement)):
        yield DocumentFinding(found, path, "Action")
    for action in statement.actions or ():
        if matches(action, "sts:AssumeRole") and service_of(action) == "sts":
            yield from (
                DocumentFinding(found, path, "Action")
                for found in _check_assuming(action, statement)
            )


def _taken_by(statement: PolicyStatement) -> str:
    is_everywhere = any(map(is_everything, statement.resources or ("*",)))
    return "of AWS" if is_everywhere else "that these resources take"


def _check_wildcards(statement: PolicyStatement) -> Iterator[Finding]:
    resources = statement.resources or ("*",)
    for action in statement.actions or ():
        # Of IAM and STS the other rules say what is worse about it.
        is_whole = is_whole_service(action) and service_of(action) not in {"iam", "sts"}
        if is_whole and _is_possible(action, resources):
            worst = _worst_of(action, resources)
            yield finding(
                "service-wildcard",
                action,
                f"Every action of {service_of(action) or 'AWS'} is allowed{worst}.",
                "List the actions that a deploy calls.",
                severity=None if worst else "warning",
            )


@lru_cache(maxsize=1024)
def _is_possible(pattern: str, resources: tuple[str, ...]) -> bool:
    """Whether a resource is of a type that an action takes which *pattern* means."""
    meant = actions_matching(pattern)
    is_everywhere = any(map(is_everything, resources))
    return is_everywhere or not meant or any(may_take_one(a, resources) for a in meant)


@lru_cache(maxsize=1024)
def _worst_of(pattern: str, resources: tuple[str, ...]) -> str:
    """Say what a service has on these resources that is worse than the rest; empty for nothing."""
    meant = actions_matching(pattern)
    deleting = (a for a in meant if a.partition(":")[2].startswith(_DELETES))
    deletes = not meant or any(may_be_on(a, resources) for a in deleting)
    gives = not meant or any(may_be_on(a, resources) for a in meant if gives_permissions(a))
    worst = [*(["deleting"] if deletes else []), *(["giving access"] if gives else [])]
    return f", {' and '.join(worst)} too" if worst else ""


def _check_assuming(action: str, statement: PolicyStatement) -> Iterator[Finding]:
    resources = [r for r in statement.resources or ("*",) if may_take("sts:AssumeRole", r)]
    if not resources:
        return
    patterns = {pattern for r in resources if (pattern := pattern_of_roles(r)) is not None}
    where = "What that role may do" if len(resources) == 1 else "What those roles may do"
    if patterns:
        widest = min(patterns, key=len)
        which = f"Any role {describe_roles(widest)} and" if widest else "Any role"
        where = f"{which} that trusts this account"
    is_wide = "" in patterns and not is_narrowed(statement)
    if "" in patterns and not is_wide:
        where = "Any role with these tags that trusts this account"
    yield finding(
        "assume-onwards",
        action,
        f"{where} is within reach of the workflow, however narrow this role is.",
        "Let the workflow assume the role that it needs directly.",
        severity="error" if is_wide else "warning",
    )


def _check_pass_role(statement: PolicyStatement, policy: Policy) -> Iterator[DocumentFinding]:
    resources = statement.resources or ("*",)
    passing = [action for action in statement.actions or () if is_passing(action)]
    if not passing or not may_take_one("iam:PassRole", resources):
        return
    path = f"Statement[{statement.index}]"
    service = _passed_to(policy)
    if statement.not_resources:
        shown = ", ".join(statement.not_resources)
        found = _pass_any(shown, "of the account but what is listed", service)
        yield DocumentFinding(found, path, "NotResource", held(statement.not_resources))
        resources = ()
    for resource in resources:
        pattern = pattern_of_roles(resource)
        if pattern is not None:
            which = f"{describe_roles(pattern)}, also tomorrow's" if pattern else "of the account"
            severity = "warning" if pattern else "error"
            found = _pass_any(resource, which, service, severity=severity)
            yield DocumentFinding(found, path, "Resource")
    if not names_services(statement):
        only = "ECS tasks" if service == ECS_TASKS else service
        found = finding(
            "pass-role-service",
            passing[0],
            f"The role can be handed to any service that trusts it, not only to {only}.",
            f'Add `"StringEquals": {{"iam:PassedToService": "{service}"}}`.',
        )
        yield DocumentFinding(found, path, "Action")


def _passed_to(policy: Policy) -> str:
    """Return the service that a policy passes roles to, by what else it allows."""
    used = {service_of(a) for statement in policy.statements for a in statement.actions or ()}
    return next((name for prefix, name in _PASSED_TO.items() if prefix in used), ECS_TASKS)


def _pass_any(evidence: str, which: str, service: str, *, severity: Severity = "error") -> Finding:
    is_task = service == ECS_TASKS
    what = "A task can be started with" if is_task else f"What {service} runs can have"
    return finding(
        "pass-role-star",
        evidence,
        f"{what} every role {which}, the strongest of them too.",
        f"Name the {'task role and the execution role' if is_task else 'roles'} by their ARNs.",
        severity=severity,
    )
