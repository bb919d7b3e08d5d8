"""
Whether an action may be on a resource: AWS lists the types of resources that each action takes.

A statement that allows an action on a resource of another type allows nothing with it. What is not
sure counts as possible: an action or a type of resource that AWS's list does not have, an action
that takes no resource on one of its own service, a wildcard or a reference where the type stands.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from deploy_access.iam.action_list import listed_types, type_arns
from deploy_access.iam.actions import is_listed, resource_types, service_of, takes_resource
from deploy_access.iam.arns import Arn
from deploy_access.iam.arns import service_of as service_of_resource
from deploy_access.iam.patterns import covers_pattern
from deploy_access.partition import PARTITIONS

if TYPE_CHECKING:
    from collections.abc import Iterable

_OPEN = re.compile(r"[*?]|\$\{")


@lru_cache(maxsize=16384)
def may_take(action: str, resource: str, types: tuple[str, ...] = ()) -> bool:
    """
    Whether *action* may be on a resource that *resource* names.

    Args:
        action: One action, in any case.
        resource: An ARN, which may have wildcards and references, or `*`.
        types: The types of resources that count; all that the action takes when left out.
    """
    asked = Arn.parse(resource)
    if asked is None or _OPEN.search(asked.service) or not is_listed(action):
        return True
    listed = _of_action(action, types)
    if not listed:
        return asked.service == service_of(action) or not _of_service(asked.service)
    # AWS may have a type of its own for what no type of the list is like.
    return _meets(asked, listed) or not _meets(asked, _of_service(asked.service))


@lru_cache(maxsize=16384)
def takes_all(action: str, resource: str, types: tuple[str, ...] = ()) -> bool:
    """
    Whether *resource* names every resource of a type that *action* takes.

    Those of one account and region are enough. `cluster/*` is all of the clusters, and none of what
    `ecs:UpdateService` takes. An action that takes no resource is on `*` alone.

    Args:
        action: One action, in any case.
        resource: An ARN, which may have wildcards, or `*`.
        types: The types of resources that count; all that the action takes when left out.
    """
    if not resource.strip("*"):
        return bool(resource)
    asked = Arn.parse(resource)
    return any(
        _covers(asked, one) if asked else _covers_as_text(resource, one)
        for one in _of_action(action, types)
    )


def _covers(asked: Arn, listed: Arn) -> bool:
    # What does not begin like the type is told at once, without reading the pattern.
    begins = listed.resource.startswith(_beginning(asked.resource))
    is_of_service = begins and covers_pattern(asked.service, listed.service)
    return is_of_service and covers_pattern(asked.resource, listed.resource)


def _covers_as_text(resource: str, listed: Arn) -> bool:
    """Compare a pattern that has fewer parts than an ARN, as `arn:aws:s3:*`."""
    return resource.startswith("arn:") and any(
        covers_pattern(resource, str(replace(listed, partition=partition.name)))
        for partition in PARTITIONS
    )


@lru_cache(maxsize=1024)
def services_taken(action: str) -> frozenset[str]:
    """List the services of whose resources *action* takes some."""
    return frozenset(one.service for one in _of_action(action))


def may_take_one(action: str, resources: tuple[str, ...], types: tuple[str, ...] = ()) -> bool:
    """Whether *action* may be on one of *resources*, of which other services have none."""
    given = _services(resources)
    is_open = any(not service or _OPEN.search(service) for service in given)
    if not is_open and is_listed(action) and not _of_services(action, given):
        return False
    return any(may_take(action, resource, types) for resource in resources)


def may_be_on(action: str, resources: tuple[str, ...]) -> bool:
    """
    Whether *action*, of many that a pattern means, may be on one of *resources*.

    An action that takes no resource is on `*` alone: `ecr:*` on one repository does not mean
    `ecr:PutRegistryPolicy`.
    """
    if any(not resource.strip("*") for resource in resources):
        return True
    return takes_resource(action) and may_take_one(action, resources)


def _of_services(action: str, given: frozenset[str]) -> bool:
    """Whether *action* may be on a resource of one of the services."""
    taken = services_taken(action)
    if taken:
        return not taken.isdisjoint(given)
    return service_of(action) in given or not all(map(_of_service, given))


@lru_cache(maxsize=16)
def _services(resources: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(service_of_resource, resources))


def pick_for(actions: frozenset[str], resource: str) -> str:
    """Choose one action, of the service of a resource and on it if there is one."""
    service = service_of_resource(resource)
    own = sorted(action for action in actions if service_of(action) == service)
    on_it = (action for action in own if takes_resource(action) and may_take(action, resource))
    return next(on_it, min(own or actions))


@lru_cache(maxsize=4096)
def _of_action(action: str, types: tuple[str, ...] = ()) -> tuple[Arn, ...]:
    taken = resource_types(action).items()
    return _parsed(arn for one, arns in taken if not types or one in types for arn in arns)


@lru_cache(maxsize=256)
def _of_service(service: str) -> tuple[Arn, ...]:
    return _parsed(arn for one in listed_types(service) for arn in type_arns(service, one))


def _parsed(arns: Iterable[str]) -> tuple[Arn, ...]:
    return tuple(found for arn in arns if (found := Arn.parse(arn)))


def _meets(asked: Arn, types: Iterable[Arn]) -> bool:
    return any(_may_meet(asked, listed) for listed in types)


def _may_meet(asked: Arn, listed: Arn) -> bool:
    """Whether a resource may be of the type whose ARN is *listed*."""
    if listed.service not in {"*", asked.service}:
        return False
    if listed.service == "*" or _OPEN.search(asked.region + asked.account):
        return True  # A `*` there may take in what stands behind it.
    kind, start = _beginning(listed.resource), _beginning(asked.resource)
    if start != asked.resource:
        return start.startswith(kind) or kind.startswith(start)
    # A name may have fewer parts than AWS lists, as the older ARNs of ECS. In S3 nothing but the
    # `/` tells an object from a bucket.
    return start.startswith(kind) and (bool(kind) or start.count("/") >= listed.resource.count("/"))


def _beginning(text: str) -> str:
    found = _OPEN.search(text)
    return text[: found.start()] if found else text
