"""
AWS's published list of actions: the access level and the resource types of each.

`aws_actions.json`, which `scripts/aws_actions.py` writes, has one service a line. A line is parsed
when its service is asked for: a command that looks at a few services pays for those alone.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, TypedDict, cast

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deploy_access.iam.access_level import Level


ActionGroup = tuple["Level", str, list[str]]
"""AWS's level, the resource types with a `,` between them, and the actions that have both."""


class _Service(TypedDict):
    arns: dict[str, str]
    levels: dict[Level, dict[str, str]]


class _Head(TypedDict):
    date: str
    source: str


@lru_cache(maxsize=1)
def _text() -> str:
    return files("deploy_access.iam").joinpath("aws_actions.json").read_text("utf-8")


def list_date() -> str:
    """Return the day of the list, as `2026-09-26`."""
    head = cast("_Head", json.loads(_text().partition("\n")[0] + "}}"))
    return head["date"]


@lru_cache(maxsize=1)
def _lines() -> Mapping[str, str]:
    """Index the unparsed lines by service."""
    lines = (line.partition(": ") for line in _text().splitlines()[1:-1])
    return {name.strip('"'): service.rstrip(",") for name, _, service in lines}


def listed_services() -> Iterator[str]:
    """List the services by the prefix of their actions."""
    yield from _lines()


@lru_cache(maxsize=1024)
def _service(name: str) -> _Service:
    line = _lines().get(name)
    return {"arns": {}, "levels": {}} if line is None else cast("_Service", json.loads(line))


def listed_actions(service: str) -> Iterator[ActionGroup]:
    """List the actions of a service; none of a service that AWS does not publish."""
    for level, by_types in _service(service)["levels"].items():
        for types, names in by_types.items():
            yield level, types, names.split(" ")


def listed_types(service: str) -> Iterator[str]:
    """List the resource types of a service."""
    yield from _service(service)["arns"]


def type_arns(service: str, resource_type: str) -> tuple[str, ...]:
    """List the ARNs of a resource type as patterns, for example `arn:*:ecs:*:*:cluster/*`."""
    arns = _service(service)["arns"].get(resource_type, "")
    usual = f"arn:*:{service}:*:*:"
    return tuple(
        arn if arn.startswith("arn:") else f"{usual}{arn}" for arn in filter(None, arns.split(", "))
    )
