"""
The roles that a call passes to a service.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html,
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from .need import Need

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .need import CallTarget

TASKS, ECS = "ecs-tasks.amazonaws.com", "ecs.amazonaws.com"
_OF_TASKS = {"taskRoleArn", "executionRoleArn"}
# Both would have to be looked up in AWS; a policy that asks for one is not judged.
_UNKNOWN = ("iam:AssociatedResourceArn", "iam:ResourceTag/*")


def passed_roles(given: object, place: CallTarget) -> Iterator[Need]:
    """
    Yield the permission to pass each role in *given*, once for each service that gets it.
    """
    for arn, service in sorted(set(_roles(given, place))):
        context = {"iam:PassedToService": service}
        yield Need(action="iam:PassRole", resource=arn, context=context, unknown=_UNKNOWN)


def _roles(given: object, place: CallTarget) -> Iterator[tuple[str, str]]:
    if isinstance(given, list):
        for one in cast("list[object]", given):
            yield from _roles(one, place)
    elif isinstance(given, dict):
        for key, value in cast("dict[str, object]", given).items():
            # All parameters of ECS that hold a role end so, at whatever depth.
            if isinstance(value, str) and key.lower().endswith("rolearn") and value:
                yield place.role(value), TASKS if key in _OF_TASKS else ECS
            else:
                yield from _roles(value, place)
