"""
Cut the schema of the AWS provider to what the constructs make.

In a folder whose `main.tf.json` requires `hashicorp/aws` 5.100.0, after `terraform init`::

    terraform providers schema -json | python tests/constructs/cut_schema.py
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

Json = dict[str, Any]

FIXTURE = Path(__file__).with_name("aws_schema_5_100.json")
PROVIDER = "registry.terraform.io/hashicorp/aws"
RESOURCES = (
    "aws_ecr_lifecycle_policy",
    "aws_ecr_pull_through_cache_rule",
    "aws_ecr_registry_policy",
    "aws_ecr_registry_scanning_configuration",
    "aws_ecr_replication_configuration",
    "aws_ecr_repository",
    "aws_ecr_repository_creation_template",
    "aws_ecr_repository_policy",
    "aws_iam_openid_connect_provider",
    "aws_iam_policy",
    "aws_iam_role",
    "aws_iam_role_policy",
    "aws_iam_role_policy_attachment",
)
DATA_SOURCES = (
    "aws_caller_identity",
    "aws_iam_openid_connect_provider",
    "aws_partition",
    "aws_region",
)


def cut(schemas: Json) -> Json:
    """Keep the blocks of our types, without their descriptions."""
    provider = schemas["provider_schemas"][PROVIDER]
    return {
        "note": "hashicorp/aws 5.100.0, cut by tests/constructs/cut_schema.py",
        "resource": {t: _block(provider["resource_schemas"][t]["block"]) for t in RESOURCES},
        "data": {t: _block(provider["data_source_schemas"][t]["block"]) for t in DATA_SOURCES},
    }


def _block(block: Json) -> Json:
    nested = {
        name: {**_without_words(kind), "block": _block(kind["block"])}
        for name, kind in block.get("block_types", {}).items()
    }
    attributes = {name: _without_words(a) for name, a in block.get("attributes", {}).items()}
    return {"attributes": attributes, **({"block_types": nested} if nested else {})}


def _without_words(schema: Json) -> Json:
    words = {"block", "deprecated", "description", "description_kind"}
    return {key: value for key, value in schema.items() if key not in words}


if __name__ == "__main__":
    FIXTURE.write_text(json.dumps(cut(json.load(sys.stdin)), indent=1, sort_keys=True) + "\n")
