"""
The cluster, the task definition and the tags of a call of ECS, as condition keys.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html#amazonelasticcontainerservice-policy-keys
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.json_shape import objects

from .need import Need

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .call import ApiCall
    from .lookup import Lookup
    from .need import CallTarget

Held = dict[str, str | tuple[str, ...]]

# Keys that AWS fills for services and tasks, and that are not worked out here.
UNKNOWN = tuple(
    f"ecs:{name}"
    for name in (
        *("auto-assign-public-ip", "enable-ebs-volumes", "enable-ecs-managed-tags"),
        *("enable-service-connect", "enable-vpc-lattice", "namespace", "propagate-tags"),
        *("subnet", "task-cpu", "task-memory", "ResourceTag/*"),
    )
)


def in_cluster(kind: str, name: str, call: ApiCall, place: CallTarget) -> str:
    """
    Return the ARN of a service or task in the cluster of the call, for a name or an ARN.
    """
    return place.arn("ecs", f"{kind}/{_cluster_name(call)}/{name.rpartition('/')[2]}")


def cluster_key(call: ApiCall, place: CallTarget) -> Held:
    """
    Return `ecs:cluster`; a call that names no cluster is about the one called `default`.
    """
    given = str(call.parameters.get("cluster") or "")
    own = place.arn("ecs", f"cluster/{_cluster_name(call)}")
    return {"ecs:cluster": given if given.startswith("arn:") else own}


def _cluster_name(call: ApiCall) -> str:
    return str(call.parameters.get("cluster") or "default").rpartition("/")[2]


def revision(name: str, place: CallTarget, lookup: Lookup) -> str:
    """
    Return the newest revision of a family; a family that does not exist stays as it is given.
    """
    found = lookup.task_definition(name).get("taskDefinitionArn")
    if found:
        return str(found)
    return name if name.startswith("arn:") else place.arn("ecs", f"task-definition/{name}")


def launch_keys(call: ApiCall) -> Held:
    """
    Return the keys about the start of tasks, as far as the call sets them.
    """
    command = call.parameters.get("enableExecuteCommand")
    held: Held = {} if command is None else {"ecs:enable-execute-command": str(command).lower()}
    strategy = objects(call.parameters.get("capacityProviderStrategy"))
    names = tuple(str(item.get("capacityProvider")) for item in strategy)
    return {**held, "ecs:capacity-provider": names} if names else held


def tag_keys(call: ApiCall) -> Held:
    """
    Return the keys about the tags of the call.
    """
    given = objects(call.parameters.get("tags"))
    tags = {str(tag.get("key")): str(tag.get("value") or "") for tag in given}
    keys: Held = {"aws:TagKeys": tuple(tags)} if tags else {}
    return {**keys, **{f"aws:RequestTag/{key}": value for key, value in tags.items()}}


def tag_on_create(call: ApiCall, resource: str) -> Iterator[Need]:
    """
    Yield the permission to tag what the call makes, if it sets or inherits tags.

    Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/supported-iam-actions-tagging.html
    """
    inherits = call.parameters.get("propagateTags", "NONE") != "NONE"
    if call.parameters.get("tags") or inherits:
        context = {"ecs:CreateAction": call.operation, **tag_keys(call)}
        yield Need(action="ecs:TagResource", resource=resource, context=context)
