"""
The arguments of the AWS provider's resource types that can give access, and its secrets.

`aws_types.json`, which `scripts/aws_types.py` writes, lists every type of two versions of the
provider. It is read when a type is asked for first.

Source: https://developer.hashicorp.com/terraform/cli/commands/providers/schema
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal, TypedDict, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

MarkClass = Literal[
    "acl",
    "barrier",
    "images",
    "key",
    "network",
    "place",
    "policy",
    "principal",
    "public",
    "role",
    "secret",
    "template",
]
"""
What an argument can hold.

`acl` for an access control list; `barrier` for what holds access back, so that only its change
matters; `images` for JSON that names images of containers; `key` for what lets its holder in;
`network` for addresses that reach the resource; `place` for where code, images or data come from
or go to; `policy` for a policy; `principal` for who is let in; `public` for a switch; `role` for a
role that acts; `secret` for a value that nobody may read; `template` for what makes other
resources.
"""
ABSENT = "-"
"""The harmless value of an argument that may be left out."""
WHOLE = "*"
"""The path of the resource as a whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """
    An argument that can give access.

    Attributes:
        path: Its path from the resource on, for example `target.role_arn`, or `WHOLE`.
        kind: What it can hold.
        harmless: The only values that give nothing; none where the kind says which those are.
    """

    path: str
    kind: MarkClass
    harmless: tuple[str, ...] = ()


class _List(TypedDict):
    date: str
    unmarked: Mapping[str, str]
    marked: Mapping[str, Mapping[str, str]]
    sensitive: Mapping[str, str]


def marks_of(kind: str) -> tuple[Mark, ...] | None:
    """Return the marks of a type, for example `aws_s3_object`; None for a type of no list."""
    marked = _list()["marked"].get(kind)
    if marked is not None:
        return tuple(_mark(path, text) for path, text in marked.items())
    service, _, rest = kind.removeprefix("aws_").partition("_")
    names = _list()["unmarked"].get(service) if kind.startswith("aws_") else None
    return () if names is not None and rest in names.split(" ") else None


def secrets_of(kind: str) -> frozenset[str]:
    """List the paths of the sensitive attributes of a type; of a data source with `data.`."""
    return frozenset(_list()["sensitive"].get(kind, "").split())


def types_date() -> str:
    """Return the day of the list, as `2026-11-28`."""
    return _list()["date"]


def _mark(path: str, text: str) -> Mark:
    kind, _, values = text.partition("=")
    harmless = tuple(values.split("|")) if values else ()
    return Mark(path=path, kind=cast("MarkClass", kind), harmless=harmless)


@lru_cache(maxsize=1)
def _list() -> _List:
    text = files("deploy_access.terraform").joinpath("aws_types.json").read_text("utf-8")
    return cast("_List", json.loads(text))
