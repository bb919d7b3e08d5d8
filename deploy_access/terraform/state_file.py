"""
A state as Terraform keeps it on the disk, in the form in which `terraform show -json` prints it.

Source: `stateV4` in Terraform's `internal/states/statefile/version4.go`
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue, Problem
from deploy_access.json_shape import as_object, as_text, objects

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deploy_access.json_file import JsonFile

    Object = Mapping[str, object]

# What a state has at its top in every version, and nothing else that is read has.
_STATE = {"version", "serial", "lineage"}
_VERSION = 4


def shown_state(file: JsonFile) -> JsonFile:
    """
    Return a state as `terraform show -json` prints it, and any other file as it is.

    Raises:
        InvalidValue: The state has another version than 4, or lists no resources.
    """
    content = file.content
    if not content.keys() >= _STATE:
        return file
    if content["version"] != _VERSION:
        raise InvalidValue(_other_version(file))
    if not isinstance(content.get("resources"), list):
        raise InvalidValue(_no_resources(file))
    return replace(file, content={"format_version": "1.0", "values": _values(content)})


def _values(state: Object) -> Object:
    modules: dict[str, list[Object]] = {"": []}
    for resource in objects(state["resources"]):
        module = as_text(resource.get("module")) or ""
        modules.setdefault(module, []).extend(_instances(resource, module))
    root, *others = modules.items()
    children = [{"address": path, "resources": found} for path, found in others]
    return {"root_module": {"resources": root[1], "child_modules": children}}


def _instances(resource: Object, module: str) -> Iterator[Object]:
    kind, name = as_text(resource.get("type")) or "", as_text(resource.get("name")) or ""
    is_data = resource.get("mode") == "data"
    block = ".".join([*([module] if module else []), *(["data"] if is_data else []), kind, name])
    for instance in objects(resource.get("instances")):
        key, deposed = instance.get("index_key"), as_text(instance.get("deposed"))
        yield {
            "address": block if key is None else f"{block}[{json.dumps(key, ensure_ascii=False)}]",
            "mode": "data" if is_data else "managed",
            "type": kind,
            "name": name,
            "provider_name": _provider(as_text(resource.get("provider")) or ""),
            "values": as_object(instance.get("attributes")),
            **({} if key is None else {"index": key}),
            **({"deposed_key": deposed} if deposed else {}),
        }


def _provider(written: str) -> str:
    """Return the name in `provider["registry.terraform.io/hashicorp/aws"].alias`."""
    parts = written.split('"')
    return parts[1] if len(parts) > 1 else written


def _other_version(file: JsonFile) -> Problem:
    return Problem(
        what=f"The state has another version than {_VERSION}.",
        given=f"{file.name}, version {json.dumps(file.content['version'])[:20]}",
        why="Terraform from 0.12 on writes version 4; the others have another shape.",
        fix="Let Terraform print it: `terraform show -json > state.json`, and name that file.",
    )


def _no_resources(file: JsonFile) -> Problem:
    return Problem(
        what="The state lists no resources.",
        given=file.name,
        why="It was cut off or changed by hand: Terraform writes a list `resources` into it.",
        fix="Let Terraform print it: `terraform show -json > state.json`, and name that file.",
    )
