"""All stacks of an account as one, so that Terraform plans and applies an estate in one run."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

Json = dict[str, Any]
# What CDKTF calls a resource below a construct; these names are nowhere else in a stack.
_LOGICAL_ID = re.compile(r"\b\w[\w-]*_[0-9A-F]{8}\b")


def join_stacks(outs: Mapping[str, Path], folder: Path, *, apart: str = "") -> Path:
    """
    Write for each `cdktf.out` one stack of its name with all its resources, and a manifest.

    The stacks of the one that stays *apart* are copied as they are.
    """
    entries: Json = {}
    for name, out in outs.items():
        if name == apart:
            entries |= json.loads((out / "manifest.json").read_text("utf-8"))["stacks"]
            shutil.copytree(out / "stacks", folder / "stacks", dirs_exist_ok=True)
            continue
        path = f"stacks/{name}/cdk.tf.json"
        (folder / path).parent.mkdir(parents=True)
        (folder / path).write_text(json.dumps(_joined(name, out)), encoding="utf-8")
        entries[name] = {"name": name, "synthesizedStackPath": path, "dependencies": []}
    (folder / "manifest.json").write_text(json.dumps({"stacks": entries}), encoding="utf-8")
    return folder


def _joined(name: str, out: Path) -> Json:
    joined: Json = {"resource": {}, "data": {}, "import": []}
    for stack in _stacks(out):
        for kind in ("resource", "data"):
            for type_, named in stack.get(kind, {}).items():
                there = joined[kind].setdefault(type_, {})
                assert not there.keys() & named.keys(), (type_, sorted(named))
                there.update(named)
        joined["import"] += stack.get("import", [])
        # An account and a region: the same provider.
        assert joined.setdefault("provider", stack["provider"]) == stack["provider"]
        backend = {"local": {"path": f"../../../terraform.{name}.tfstate"}}
        joined["terraform"] = {**stack["terraform"], "backend": backend}
    # Terraform takes an empty one for a block without a label.
    return {key: body for key, body in joined.items() if body}


def _stacks(out: Path) -> Iterator[Json]:
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    for name, entry in manifest["stacks"].items():
        text = (out / entry["synthesizedStackPath"]).read_text("utf-8")
        # Each stack has a role of the same name.
        yield json.loads(_LOGICAL_ID.sub(rf"\g<0>_{name}", text))
