"""The changes that let a refused call through: in the policy, with the constructs, or elsewhere."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from deploy_access.explain.finding import ProposedChange
from deploy_access.iam.actions import is_passing, takes_resource
from deploy_access.iam.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deploy_access.iam.access_denied import AccessDenied, DenyingKind
    from deploy_access.iam.evaluation import StatementResult
    from deploy_access.iam.refusal_reason import RefusalReason
    from deploy_access.terraform.estate import Role

_PASSED_TO = "iam:PassedToService"
# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
_ASSUMING = {"sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"}
_TASKS = "ecs-tasks.amazonaws.com"
# The keyword or call of the constructs that gives an action; a deploy calls no other actions.
_CONSTRUCTS: Mapping[str, str] = {
    "ecr:BatchCheckLayerAvailability": "image.grant_push(role)",
    "ecr:BatchGetImage": "image.grant_pull(role)",
    "ecr:CompleteLayerUpload": "image.grant_push(role)",
    "ecr:DescribeImages": "image.grant_read(role)",
    "ecr:GetAuthorizationToken": "image.grant_pull(role)",
    "ecr:GetDownloadUrlForLayer": "image.grant_pull(role)",
    "ecr:InitiateLayerUpload": "image.grant_push(role)",
    "ecr:PutImage": "image.grant_push(role)",
    "ecr:UploadLayerPart": "image.grant_push(role)",
    "ecs:DescribeServices": "EcsDeployPolicy(..., services=[...])",
    "ecs:DescribeTaskDefinition": "EcsDeployPolicy(..., read_task_definition=True)",
    "ecs:DescribeTasks": "EcsDeployPolicy(..., one_off_tasks=[...])",
    "ecs:ListServiceDeployments": 'EcsDeployPolicy(..., also=["list-service-deployments"])',
    "ecs:ListTasks": 'EcsDeployPolicy(..., also=["list-tasks"])',
    "ecs:RegisterTaskDefinition": "EcsDeployPolicy(...)",
    "ecs:RunTask": "EcsDeployPolicy(..., one_off_tasks=[...])",
    "ecs:StopTask": 'EcsDeployPolicy(..., also=["stop-task"])',
    "ecs:TagResource": "EcsDeployPolicy(..., tag_on_create=True)",
    "ecs:UpdateService": "EcsDeployPolicy(..., services=[...])",
    "iam:PassRole": "EcsDeployPolicy(..., task_roles=[...], execution_role=...)",
}
_PLACES: Mapping[RefusalReason, str] = {
    "no-statement": "Add to a policy of the role:",
    "boundary": "Add to the permissions boundary:",
    "resource-policy": "Add to the policy of the resource:",
}
_ELSEWHERE: Mapping[DenyingKind, str] = {
    "boundary": "See which permissions boundary the role has now: `aws iam get-role`.",
    "identity": "See what the role has now: "
    "`aws iam list-role-policies` and `aws iam list-attached-role-policies`.",
    "resource": "See the policy of the resource as AWS has it now.",
    "resource-control": "Ask who keeps the resource control policies of the organization (RCP of "
    "the resource's account).",
    "service-control": "Ask who keeps the service control policies of the organization (SCP of "
    "the role's account): no policy of the role outweighs one.",
    "session": "Look at `inline-session-policy` and `managed-session-policies` of the step that "
    "signs in: a session has what both they and the role allow.",
    "vpc-endpoint": "Look at the policy of the VPC endpoint that the runner calls through.",
}


def changes_for(
    denied: AccessDenied, role: Role, reason: RefusalReason, result: StatementResult | None
) -> Iterator[ProposedChange]:
    """Return what lets the call through, where the policies that were read refuse it."""
    if reason == "explicit-deny":
        yield ProposedChange(side="policy", text=_undenied(denied, result))
        return
    statement = _statement(denied, role, reason)
    if statement is None:
        yield ProposedChange(
            side="policy",
            text=f"Allow `{denied.action}` on the one resource that the step works on; AWS's text "
            "does not name it.",
        )
        return
    forms = [("JSON", json.dumps(statement, indent=2))]
    construct = _CONSTRUCTS.get(denied.action)
    if reason == "no-statement" and construct:
        forms.append(("Python", construct))
    yield ProposedChange(side="policy", text=_PLACES[reason], forms=tuple(forms))
    yield from _trust_of_other_role(denied, role)
    if result is not None and result.resource is Outcome.FAIL:
        text = "Or, if the step names the wrong resource, mend the workflow."
        yield ProposedChange(side="workflow", text=text)


def _trust_of_other_role(denied: AccessDenied, role: Role) -> Iterator[ProposedChange]:
    """Say that a role is assumed only where it allows that too."""
    if denied.action in _ASSUMING and denied.resource:
        statement = {
            "Effect": "Allow",
            "Principal": {"AWS": role.arn or denied.principal},
            "Action": denied.action,
        }
        text = f"And see that the trust policy of `{denied.resource}` has the other half:"
        forms = (("JSON", json.dumps(statement, indent=2)),)
        yield ProposedChange(side="policy", text=text, forms=forms)


def outside_change(denied: AccessDenied) -> ProposedChange:
    """Return where to look when the policies that were read do not refuse the call."""
    if denied.kind is None:
        text = (
            "Compare with the policies that AWS has now, and with those of the organization and "
            "of the session."
        )
    else:
        text = _ELSEWHERE[denied.kind]
    which = f" It is `{denied.policy}`." if denied.policy else ""
    return ProposedChange(side="account", text=f"{text}{which}")


def _undenied(denied: AccessDenied, result: StatementResult | None) -> str:
    if result is not None and result.statement.not_actions is not None:
        return (
            f"Add `{denied.action}` to the `NotAction` of that statement, if it is meant to pass."
        )
    return (
        f"If it is meant to pass, take `{denied.action}` out of that statement, or except the "
        "resource with `NotResource`."
    )


def _statement(
    denied: AccessDenied, role: Role, reason: RefusalReason
) -> Mapping[str, object] | None:
    """Write the statement that allows the call and nothing besides; None where that is unknown."""
    resource = denied.resource or (None if takes_resource(denied.action) else "*")
    if resource is None:
        return None
    # Without the service a passed role could be given to any of them.
    condition = {"StringEquals": {_PASSED_TO: _TASKS}} if is_passing(denied.action) else None
    of_resource = reason == "resource-policy"
    return {
        "Effect": "Allow",
        **({"Principal": {"AWS": role.arn or denied.principal}} if of_resource else {}),
        "Action": denied.action,
        **({} if of_resource else {"Resource": resource}),
        **({"Condition": condition} if condition else {}),
    }
