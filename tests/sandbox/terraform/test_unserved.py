"""
Resources that moto has no calls for, left out of the copies, and all others deployed for real.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from sandbox_estates import NONPROD, PROD, Json, stack, write_out

from sandbox import Sandbox
from sandbox.server.working_folder import WorkingFolder
from sandbox.terraform.sandbox_estate import read_sandbox_estate
from sandbox.terraform.stack_copy import copy_stacks

if TYPE_CHECKING:
    from pathlib import Path

CACHE = {"ecr_repository_prefix": "quay", "upstream_registry_url": "quay.io"}
TEMPLATE = {"prefix": "quay", "applied_for": ["PULL_THROUGH_CACHE"]}
RULE = {"destination": [{"region": "us-east-1", "registry_id": NONPROD}]}
SCANNING = {
    "scan_type": "BASIC",
    "rule": [
        {
            "scan_frequency": "SCAN_ON_PUSH",
            "repository_filter": [{"filter": "*", "filter_type": "WILDCARD"}],
        }
    ],
}


def replication(*rules: Json) -> Json:
    """
    Return the arguments of a replication with these rules.
    """
    return {"replication_configuration": {"rule": list(rules)}}


def policy(*actions: str) -> Json:
    """
    Return the arguments of a registry's policy that allows another account these actions.
    """
    statement = {
        "Sid": "A",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{PROD}:root"},
        "Action": list(actions),
        "Resource": f"arn:aws:ecr:eu-central-1:{NONPROD}:repository/*",
    }
    return {"policy": json.dumps({"Version": "2012-10-17", "Statement": [statement]})}


COPY = ("ecr:CreateRepository", "ecr:ReplicateImage")
FILL = ("ecr:BatchImportUpstreamImage", "ecr:CreateRepository")
SERVED = {
    "aws_ecr_registry_policy": policy(*COPY),
    "aws_ecr_registry_scanning_configuration": SCANNING,
    "aws_ecr_replication_configuration": replication(RULE),
}
UNSERVED = {
    "aws_ecr_pull_through_cache_rule": CACHE,
    "aws_ecr_registry_policy": policy(*FILL),
    "aws_ecr_replication_configuration": replication(RULE, RULE),
    "aws_ecr_repository_creation_template": TEMPLATE,
}


def copied(folder: Path, resources: dict[str, Json]) -> set[str]:
    """
    Copy a stack with one resource of each type, and return the types that are switched off.
    """
    document = stack("registry", resource={kind: {"X": one} for kind, one in resources.items()})
    estate = read_sandbox_estate(write_out(folder / "cdktf.out", {"registry": document}))
    box = WorkingFolder(folder / "box")
    copy_stacks(estate, box)
    file = box.stack("registry") / "unserved_override.tf.json"
    written: Json = json.loads(file.read_text())["resource"] if file.exists() else {}
    assert all(one == {"X": {"count": 0}} for one in written.values())
    return set(written)


@pytest.mark.parametrize("kind", UNSERVED)
def test_left_out(tmp_path: Path, kind: str) -> None:
    """
    What moto cannot make is switched off, and nothing beside it.
    """
    others = {other: body for other, body in SERVED.items() if other != kind}

    assert copied(tmp_path, {**others, kind: UNSERVED[kind]}) == {kind}


def test_folder_of_an_earlier_run(tmp_path: Path) -> None:
    """
    A stack that moto can make has no such file, also where an earlier one had.
    """
    assert copied(tmp_path, UNSERVED) == set(UNSERVED)
    assert copied(tmp_path, SERVED) == set()


@pytest.mark.terraform
def test_registry_for_real(tmp_path: Path) -> None:
    """
    Terraform makes what moto serves, wants no change after it, and names what is not made.
    """
    unserved = {
        "aws_ecr_pull_through_cache_rule": {"Cache": CACHE},
        "aws_ecr_repository_creation_template": {"Template": TEMPLATE},
    }
    served = {kind: {"Registry": body} for kind, body in SERVED.items()}
    out = write_out(tmp_path / "out", {"registry": stack("registry", resource=served | unserved)})

    with Sandbox(out, folder=tmp_path / "box") as sandbox:
        sandbox.apply()
        found = sandbox.verify()
        ecr = sandbox.session(NONPROD).client("ecr")

        assert found.differences == ()
        assert found.unserved == (
            "registry: aws_ecr_pull_through_cache_rule.Cache",
            "registry: aws_ecr_repository_creation_template.Template",
        )
        assert len(found.unread) == len(SERVED)
        assert json.loads(ecr.get_registry_policy()["policyText"]) == json.loads(
            policy(*COPY)["policy"]
        )
        assert ecr.describe_registry()["replicationConfiguration"] == {
            "rules": [{"destinations": [{"region": "us-east-1", "registryId": NONPROD}]}]
        }
        scanning = ecr.get_registry_scanning_configuration()["scanningConfiguration"]
        assert scanning["scanType"] == "BASIC"

        sandbox.destroy()
        assert ecr.describe_registry()["replicationConfiguration"] == {"rules": []}
