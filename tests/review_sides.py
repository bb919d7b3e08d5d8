"""Two sides of a review, written by hand as CDKTF would, and what is said of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from deploy_access.resource_diff.compare_resources import compare_resources, in_order
from deploy_access.terraform.snapshot import read_snapshot
from deploy_access.terraform.sources import Reading, same_stack

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from deploy_access.resource_diff.model import ResourceChange

Json = dict[str, Any]

ACCOUNT = "111122223333"
PROD = "444455556666"
REGION = "eu-central-1"


def stack(
    resource: Json | None = None,
    *,
    account: str = ACCOUNT,
    region: str = REGION,
    provider: Json | None = None,
    **top_level: Any,
) -> Json:
    """Write a stack of one account; `import_` is the `import` of its top level."""
    more = {key.removesuffix("_"): value for key, value in top_level.items()}
    block = {"region": region, "allowed_account_ids": [account], **(provider or {})}
    return {"provider": {"aws": [block]}, "resource": resource or {}, **more}


def one(kind: str, name: str = "This", /, **body: Any) -> Json:
    """Write the resource block of one resource."""
    return {kind: {name: body}}


def policy(*actions: str, resource: str = "*", **more: Any) -> str:
    """Write a policy that allows something."""
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": resource, **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def write_side(
    folder: Path,
    stacks: Mapping[str, Json],
    needs: Mapping[str, list[str]] | None = None,
) -> Path:
    """Write a `cdktf.out`, and return it."""
    entries: Json = {}
    folder.mkdir(parents=True, exist_ok=True)
    for name, document in stacks.items():
        path = f"stacks/{name}/cdk.tf.json"
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(json.dumps(document), "utf-8")
        entries[name] = {
            "name": name,
            "dependencies": (needs or {}).get(name, []),
            "synthesizedStackPath": path,
            "workingDirectory": f"stacks/{name}",
        }
    (folder / "manifest.json").write_text(json.dumps({"stacks": entries}), "utf-8")
    return folder


def compared(
    tmp_path: Path, base: Mapping[str, Json], head: Mapping[str, Json]
) -> tuple[ResourceChange, ...]:
    """Say what Terraform would do to every resource."""
    places = write_side(tmp_path / "base", base), write_side(tmp_path / "head", head)
    reading = Reading()
    before, after = same_stack(*(reading.sources(place) for place in places))
    return in_order(compare_resources(read_snapshot(before).stacks, read_snapshot(after).stacks))


def changed(tmp_path: Path, base: Json, head: Json) -> tuple[ResourceChange, ...]:
    """Say what Terraform would do to every resource of one stack."""
    return compared(tmp_path, {"web": base}, {"web": head})


def actions(changes: tuple[ResourceChange, ...]) -> dict[str, str]:
    """Name the action for each address."""
    return {change.address: change.action for change in changes}
