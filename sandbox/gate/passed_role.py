"""
The roles that a call passes to tasks: ECS has to be able to assume them.

AWS says so in the answer of `RunTask`. After `UpdateService` it says so in an event of the service,
which starts no task then; here the call itself is refused.

Sources: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html (the trust
policy, with the two keys that it may ask for),
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.iam.context import Context
from deploy_access.iam.decision import Verdict
from deploy_access.iam.role_arn import parse_role
from deploy_access.iam.trust import evaluate_service_trust
from deploy_access.json_shape import as_object

from .deployed_role import read_role
from .fault import CLIENT, Refused
from .pass_role import passed_roles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ..server.aws_session import AwsSession
    from .call import ApiCall
    from .lookup import Lookup
    from .need import CallTarget, Need

_STARTS_TASKS = {"ecs:RunTask", "ecs:UpdateService"}


def unassumable(
    call: ApiCall, place: CallTarget, lookup: Lookup, session: Callable[[str], AwsSession]
) -> Iterator[Refused]:
    """
    Yield a refusal for each role of the tasks that the service it is passed to cannot assume.
    """
    if call.action not in _STARTS_TASKS or not call.parameters.get("taskDefinition"):
        return
    definition = lookup.task_definition(call.parameters["taskDefinition"])
    # Of two roles for one purpose the override is the one that the task gets.
    used = {**definition, **as_object(call.parameters.get("overrides"))}
    for need in passed_roles(used, place):
        if not _is_assumable(need, place, session(parse_role(need.resource)["account"])):
            yield Refused(
                CLIENT,
                f"ECS was unable to assume the role '{need.resource}' that was provided for this "
                "task. Please verify that the role being passed has the proper trust relationship "
                "and permissions and that your IAM user has permissions to pass this role.",
            )


def _is_assumable(need: Need, place: CallTarget, own: AwsSession) -> bool:
    role = read_role(need.resource, own)
    if role is None:
        return False
    # The ARN of the task is not there yet; AWS's page asks for its beginning and `*`.
    values = {"aws:SourceAccount": place.account, "aws:SourceArn": place.arn("ecs", "*")}
    context = Context(values=values, unknown=("aws:*",), references=False)
    service = str(need.context["iam:PassedToService"])
    return evaluate_service_trust(role.trust, service, context).verdict is Verdict.ALLOWED
