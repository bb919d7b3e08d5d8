"""
Hints: what synthesis cannot know of a workflow, said where the roles are made.

This table of keys is the only one: constructs and `environments.toml` are held against it, and the
command reads by it what they leave in the metadata.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, cast

from deploy_access.errors import Problem, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

Kind = Literal["flag", "list", "number", "table", "text"]

KEYS: Mapping[str, Kind] = MappingProxyType(
    {
        "appspec": "text",
        "cache": "flag",
        "container": "text",
        "container_port": "number",
        "context": "text",
        "dockerfile": "text",
        "environment": "text",
        "migration": "text",
        "platforms": "list",
        "security_groups": "list",
        "services": "table",
        "subnets": "list",
        "task_definition": "text",
    }
)
"""Every key, and what it takes; docs/workflows.md says what it is for."""
SERVICE_KEYS: Mapping[str, Kind] = MappingProxyType(
    {key: KEYS[key] for key in ("container", "migration", "task_definition")}
)
"""What `services` has by the name of a service or a family."""
BUILD_KEYS = frozenset({"cache", "context", "dockerfile", "platforms"})
"""What only a job that builds an image asks for."""

_PORTS = range(1, 65536)
_EXAMPLES: Mapping[Kind, str] = MappingProxyType(
    {
        "flag": "True",
        "list": '["one", "two"]',
        "number": "8080",
        "table": '{"container": "app"}',
        "text": '"text"',
    }
)


def check_hints(hints: object) -> Iterator[Problem]:
    """Check what is said to a construct: keys that somebody reads, values that a file can hold."""
    if isinstance(hints, Mapping):
        for key, value in cast("Mapping[str, object]", hints).items():
            yield from _check("workflow", KEYS, key, value)
    elif hints is not None:
        yield _wrong("workflow", "table", hints)


def _check(where: str, known: Mapping[str, Kind], key: str, value: object) -> Iterator[Problem]:
    kind = known.get(key)
    if kind is None:
        yield _unknown(where, known, key)
    elif not _fits(kind, value):
        yield _wrong(f"{where}.{key}", kind, value)
    elif _has_reference(value):
        yield _not_known_now(f"{where}.{key}", value)
    elif kind == "table":
        yield from _check_services(f"{where}.{key}", cast("Mapping[str, object]", value))


def _check_services(where: str, services: Mapping[str, object]) -> Iterator[Problem]:
    for name, table in services.items():
        if not isinstance(table, Mapping):
            yield _wrong(f"{where}.{name}", "table", table)
            continue
        for key, value in cast("Mapping[str, object]", table).items():
            yield from _check(f"{where}.{name}", SERVICE_KEYS, key, value)


def _fits(kind: Kind, value: object) -> bool:
    """Whether *value* is of its kind; what is empty says nothing, and a text takes one line."""
    if kind == "list":
        is_list = isinstance(value, list | tuple)
        texts = cast("list[object]", value) if is_list else []
        return bool(texts) and all(map(_is_text, texts))
    if kind == "number":
        return type(value) is int and value in _PORTS
    if kind == "flag":
        return isinstance(value, bool)
    return isinstance(value, Mapping) if kind == "table" else _is_text(value)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip()) and value.isprintable()


def _has_reference(value: object) -> bool:
    """Whether Terraform, or cdktf's list of tokens, has a part in a text or a list of texts."""
    found = [value] if isinstance(value, str) else value
    if not isinstance(found, list | tuple):
        return False
    return any("${" in one or one.startswith("#{") for one in cast("list[str]", found))


def plain_hints(hints: Mapping[str, object] | None) -> dict[str, object]:
    """Write hints as JSON has them: lists for tuples, dictionaries for any mapping."""
    return {key: _plain(value) for key, value in (hints or {}).items()}


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return plain_hints(cast("Mapping[str, object]", value))
    return list(cast("tuple[object, ...]", value)) if isinstance(value, list | tuple) else value


def _unknown(where: str, known: Mapping[str, Kind], key: str) -> Problem:
    return Problem(
        what=f"`{where}` has no such key.",
        given=key,
        why="What nobody reads would look as if it worked.",
        fix=did_you_mean(key, known) or f"Keys: {', '.join(sorted(known))}.",
    )


def _wrong(where: str, kind: Kind, value: object) -> Problem:
    wanted = {
        "flag": "true or false",
        "list": "a list of texts",
        "number": f"a port, {_PORTS[0]} to {_PORTS[-1]}",
        "table": "a table",
        "text": "a text of one line",
    }
    key, example = where.rpartition(".")[2], _EXAMPLES[kind]
    if key == "services":
        example = f'{{"worker": {example}}}'
    return Problem(
        what=f"`{where}` is {wanted[kind]}.",
        given=value,
        why="A workflow that is made from anything else would be a guess.",
        fix=f"For example {key}={example}.",
    )


def _not_known_now(where: str, value: object) -> Problem:
    return Problem(
        what=f"`{where}` takes plain text.",
        given=value,
        why="The workflow is written before Terraform knows anything.",
        fix="Write the value itself, or leave it out and set the GitHub variable that the workflow "
        "then reads.",
    )
