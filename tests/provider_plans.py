"""Plans of the real AWS provider for resources that are never made."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING, Any

from review_sides import stack, write_side

from deploy_access.json_shape import objects
from sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    Json = dict[str, Any]
    Changes = Mapping[tuple[str, str], Json]

PROVIDER = 'provider["registry.terraform.io/hashicorp/aws"]'
ALONE: Json = {
    "region": "eu-central-1",
    "access_key": "none",
    "secret_key": "none",
    "skip_credentials_validation": True,
    "skip_requesting_account_id": True,
    "skip_metadata_api_check": True,
    "skip_region_validation": True,
}
"""A provider that asks nobody: a plan with `-refresh=false` needs nobody."""
SAMPLE = "Sample"
"""The resource of each type whose planned values others take over."""


def provider_rc(out: Path, folder: Path) -> Iterator[Path]:
    """Find the provider as the sandbox does, and yield the folder where Terraform finds it."""
    write_side(out, {"empty": _needing_aws(stack())})
    with Sandbox(out) as sandbox:
        mirror = json.dumps(str(sandbox.provider.mirror.resolve()))
        block = f"filesystem_mirror {{\n path = {mirror}\n }}"
        (folder / "rc").write_text(f"provider_installation {{\n {block}\n}}\n", "utf-8")
        yield folder


def read_schemas(folder: Path) -> Json:
    """Initialise the folder, and return the schema of each type."""
    (found,) = read_all_schemas(folder)["provider_schemas"].values()
    return found["resource_schemas"]


def read_all_schemas(folder: Path) -> Json:
    """Initialise the folder, and return what Terraform prints of the provider."""
    _write(folder, {})
    _run(folder, "init", "-input=false", "-no-color")
    return json.loads(_run(folder, "providers", "schema", "-json"))


def read_version(folder: Path) -> str:
    """Return the version of the provider in an initialised folder."""
    (found,) = json.loads(_run(folder, "version", "-json"))["provider_selections"].values()
    return found


def plan(folder: Path, resource: Json) -> Changes:
    """Plan resources, and return what is done to each, by type and name."""
    _write(folder, resource)
    _run(folder, "plan", "-refresh=false", "-input=false", "-no-color", "-out=plan")
    changes = json.loads(_run(folder, "show", "-json", "plan"))["resource_changes"]
    return {(change["type"], change["name"]): change["change"] for change in changes}


def read_documents(folder: Path, documents: Json) -> Json:
    """Initialise the folder, and return the JSON of policy documents by their names."""
    data = {"aws_iam_policy_document": documents}
    output = {
        name: {"value": f"${{data.aws_iam_policy_document.{name}.json}}"} for name in documents
    }
    whole = {**_needing_aws({}), "provider": {"aws": ALONE}, "data": data, "output": output}
    (folder / "main.tf.json").write_text(json.dumps(whole), "utf-8")
    _run(folder, "init", "-input=false", "-no-color")
    _run(folder, "plan", "-input=false", "-no-color", "-out=plan")
    values = json.loads(_run(folder, "show", "-json", "plan"))["planned_values"]["outputs"]
    return {name: found["value"] for name, found in values.items()}


def plan_files(folder: Path, files: Mapping[str, str]) -> Json:
    """Plan a folder of files, by their names, and return the whole plan."""
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    document = {**_needing_aws({}), "provider": {"aws": ALONE}}
    (folder / "alone.tf.json").write_text(json.dumps(document), "utf-8")
    _run(folder, "init", "-input=false", "-no-color")
    _run(folder, "plan", "-refresh=false", "-input=false", "-no-color", "-out=plan")
    return json.loads(_run(folder, "show", "-json", "plan"))


def write_state(folder: Path, schemas: Json, made: Changes, resource: Json) -> None:
    """Write the state in which resources are as they are written, and otherwise as planned."""
    resources = [
        {
            "mode": "managed",
            "type": kind,
            "name": name,
            "provider": PROVIDER,
            "instances": [
                {
                    "schema_version": schemas[kind]["version"],
                    "attributes": {
                        **_as_made(schemas[kind]["block"], made[kind, SAMPLE]),
                        **_completed(schemas[kind]["block"], body),
                    },
                }
            ],
        }
        for kind, bodies in resource.items()
        for name, body in bodies.items()
    ]
    state: Json = {
        "version": 4,
        "serial": 1,
        "lineage": "none",
        "outputs": {},
        "resources": resources,
    }
    (folder / "terraform.tfstate").write_text(json.dumps(state), "utf-8")


def _needing_aws(document: Json) -> Json:
    required = {"aws": {"source": "hashicorp/aws", "version": ">= 5.100.0, < 7.0.0"}}
    backend = {"local": {"path": "terraform.tfstate"}}
    return {**document, "terraform": {"required_providers": required, "backend": backend}}


def _write(folder: Path, resource: Json) -> None:
    document = {**_needing_aws({}), "provider": {"aws": ALONE}}
    document |= {"resource": resource} if resource else {}
    (folder / "main.tf.json").write_text(json.dumps(document), "utf-8")


def _run(folder: Path, *arguments: str) -> str:
    """Run Terraform where nothing of the caller's can reach it."""
    passed = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    environment = {
        **passed,
        "TF_CLI_CONFIG_FILE": str(folder / "rc"),
        "CHECKPOINT_DISABLE": "1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "HTTPS_PROXY": "http://127.0.0.1:9",
    }
    result = subprocess.run(
        ["terraform", *arguments], cwd=folder, env=environment, capture_output=True, check=False
    )
    assert result.returncode == 0, result.stderr.decode()[-5000:]
    return result.stdout.decode()


def _as_made(block: Json, change: Json) -> Json:
    """
    Write planned values as a state has them.

    Of what AWS chooses, the id and lists must have a value: the provider takes a resource without
    an id for a new one, and an empty list for one that AWS has yet to fill.
    """
    values = {**dict.fromkeys(block["attributes"]), **_completed(block, change["after"])}
    for name, is_unknown in change["after_unknown"].items():
        kind = block["attributes"].get(name, {}).get("type")
        if is_unknown is True and kind in (["list", "string"], ["set", "string"]):
            values[name] = ["made"]
        elif name == "id":
            values[name] = "made"
    return values


def _completed(block: Json, given: Json) -> Json:
    """Add the arguments that are null to the blocks within, which a state does not leave out."""
    lists = {
        name: kind["block"]
        for name, kind in block.get("block_types", {}).items()
        if kind["nesting_mode"] in {"list", "set"}
    }
    return {
        name: [
            {
                **dict.fromkeys(lists[name].get("attributes", {})),
                **_completed(lists[name], dict(one)),
            }
            for one in objects(value)
        ]
        if name in lists
        else value
        for name, value in given.items()
    }
