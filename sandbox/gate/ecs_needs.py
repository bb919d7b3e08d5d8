"""
The permissions that calls of ECS need.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.json_shape import as_object, objects

from .ecs_request import (
    UNKNOWN,
    cluster_key,
    in_cluster,
    launch_keys,
    revision,
    tag_keys,
    tag_on_create,
)
from .need import ANY, Need
from .pass_role import passed_roles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .call import ApiCall
    from .lookup import Lookup
    from .need import CallTarget


def register_task_definition(call: ApiCall, place: CallTarget, lookup: Lookup) -> Iterator[Need]:
    """
    Need the action, every role that the definition names, and the right to tag it.

    The Service Authorization Reference has it on the task definition, AWS's refusals say `*`. The
    gate asks for `*`, which is right in both cases.
    """
    del lookup
    given = call.parameters
    containers = objects(given.get("containerDefinitions"))
    privileged = any(container.get("privileged") for container in containers)
    # One privileged container makes the whole definition privileged.
    context = {
        "ecs:privileged": str(privileged).lower(),
        "ecs:compute-compatibility": tuple(given.get("requiresCompatibilities") or ()),
        **{f"ecs:task-{key}": str(given[key]) for key in ("cpu", "memory") if key in given},
        **tag_keys(call),
    }
    yield Need(action=call.action, resource=ANY, context=context)
    yield from passed_roles(given, place)
    definition = place.arn("ecs", f"task-definition/{given.get('family', '')}:*")
    yield from tag_on_create(call, definition)


def read_task_definition(call: ApiCall, place: CallTarget, lookup: Lookup) -> Iterator[Need]:
    """
    Need the action, which has no resource.
    """
    del place, lookup
    yield Need(action=call.action, resource=ANY)


def update_service(call: ApiCall, place: CallTarget, lookup: Lookup) -> Iterator[Need]:
    """
    Need the action on the service, and with a task definition that one, in its revision.
    """
    context = {**cluster_key(call, place), **launch_keys(call)}
    definition = call.parameters.get("taskDefinition")
    if definition:
        context["ecs:task-definition"] = revision(definition, place, lookup)
    arn = in_cluster("service", call.parameters.get("service", ""), call, place)
    yield Need(action=call.action, resource=arn, context=context, unknown=UNKNOWN)
    yield from passed_roles(call.parameters, place)


def describe_services(call: ApiCall, place: CallTarget, lookup: Lookup) -> Iterator[Need]:
    """
    Need the action on each of the services.
    """
    del lookup
    yield from _each("service", "services", call, place)


def describe_tasks(call: ApiCall, place: CallTarget, lookup: Lookup) -> Iterator[Need]:
    """
    Need the action on each of the tasks.
    """
    del lookup
    yield from _each("task", "tasks", call, place)


def _each(kind: str, key: str, call: ApiCall, place: CallTarget) -> Iterator[Need]:
    # A call that names none is about all of them.
    for name in call.parameters.get(key) or [ANY]:
        yield Need(
            action=call.action,
            resource=in_cluster(kind, name, call, place),
            context=cluster_key(call, place),
            unknown=UNKNOWN,
        )


def run_task(call: ApiCall, place: CallTarget, lookup: Lookup) -> Iterator[Need]:
    """
    Need the action on the task definition, its roles and those that replace them, and to tag.

    That the definition's own roles are passed once more is said of EventBridge's role, which calls
    RunTask too: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/CWE_IAM_role.html
    """
    name = call.parameters.get("taskDefinition", "")
    context = {**cluster_key(call, place), **launch_keys(call), **tag_keys(call)}
    arn = revision(name, place, lookup)
    yield Need(action=call.action, resource=arn, context=context, unknown=UNKNOWN)
    # Of two roles for one purpose the override is the one that the task gets.
    used = {**lookup.task_definition(name), **as_object(call.parameters.get("overrides"))}
    yield from passed_roles([used, call.parameters], place)
    yield from tag_on_create(call, in_cluster("task", ANY, call, place))
