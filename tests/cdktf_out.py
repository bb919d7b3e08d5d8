"""Write a `cdktf.out` by hand, as CDKTF would."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PROD = "444455556666"
TOOLS = "777788889999"


def s3_backend(stack: str, **more: object) -> dict[str, object]:
    """Write the backend block of a stack whose state is in S3."""
    block = {
        "bucket": "acme-state",
        "encrypt": True,
        "key": f"deploy-access/{stack}.tfstate",
        "region": "eu-central-1",
        "use_lockfile": True,
    }
    return {"s3": {**block, **more}}


def stack(
    *,
    account: str = PROD,
    region: str = "eu-central-1",
    role_arn: str | None = None,
    backend: Mapping[str, object] | None = None,
) -> dict[str, object]:
    """Write the `cdk.tf.json` of a stack."""
    provider: dict[str, object] = {"region": region, "allowed_account_ids": [account]}
    if role_arn:
        provider["assume_role"] = [{"role_arn": role_arn}]
    return {
        "provider": {"aws": [{"alias": "other", "region": "us-east-1"}, provider]},
        "terraform": {"backend": backend or {"local": {"path": "terraform.tfstate"}}},
    }


def write_out(folder: Path, stacks: Mapping[str, Mapping[str, object]]) -> Path:
    """Write the stacks and the manifest that lists them."""
    manifest = {
        name: {"name": name, "synthesizedStackPath": f"stacks/{name}/cdk.tf.json"}
        for name in stacks
    }
    for name, document in stacks.items():
        path = folder / "stacks" / name / "cdk.tf.json"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(document), "utf-8")
    folder.mkdir(exist_ok=True)
    (folder / "manifest.json").write_text(json.dumps({"stacks": manifest}), "utf-8")
    return folder
