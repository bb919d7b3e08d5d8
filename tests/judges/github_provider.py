"""The judge of resources of the GitHub provider, which is not on this machine: its dated schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Iterator

Json = dict[str, Any]

_SCHEMA = Path(__file__).with_name("github_provider_schema.json")
_TYPES = {"string": str, "bool": bool, "int": int}


def faults(document: Json) -> list[str]:
    """List what the provider would refuse of the resources of a stack."""
    schemas: Json = json.loads(_SCHEMA.read_text(encoding="utf-8"))["resources"]
    return [
        f"{kind}.{name}: {fault}"
        for kind, named in document.get("resource", {}).items()
        for name, body in named.items()
        for fault in _of_block({k: v for k, v in body.items() if k != "//"}, schemas[kind])
    ]


def _of_block(body: Json, schema: Json) -> Iterator[str]:
    for name in body.keys() - schema.keys():
        yield f"{name} is no argument"
    for name, about in schema.items():
        if name in body:
            yield from _of_argument(name, body, about)
        elif about.get("required"):
            yield f"{name} is missing"


def _of_argument(name: str, body: Json, about: Json) -> Iterator[str]:
    value = body[name]
    if "block" in about:
        blocks = cast("list[Json]", value if isinstance(value, list) else [value])
        yield from (
            f"{name}: {fault}" for one in blocks for fault in _of_block(one, about["block"])
        )
        if len(blocks) > 1:
            yield f"{name} is there more than once"
        return
    kind, is_list = about["type"].removesuffix("[]"), about["type"].endswith("[]")
    values = value if is_list else [value]
    if is_list != isinstance(value, list) or any(type(one) is not _TYPES[kind] for one in values):
        yield f"{name} is no {about['type']}"
        return
    size = len(value) if is_list else value
    if not about.get("least", size) <= size <= about.get("most", size):
        yield f"{name} is too short or too long"
    yield from (f"{name} and {other}" for other in about.get("conflicts", ()) if other in body)
