"""The Terraform stack that bootstraps an account, as text that is the same every time."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deploy_access.bootstrap.plan import Bootstrap, BootstrapRole, Bucket

Block = dict[str, object]

FILE = "bootstrap.tf.json"


def render_stack(bootstrap: Bootstrap) -> str:
    """
    Return the stack as JSON.

    Its own state is a local file: the bucket for states does not exist before it is applied.
    """
    resources: dict[str, dict[str, Block]] = {}
    if bootstrap.bucket:
        resources.update(_bucket(bootstrap.bucket))
    for role in bootstrap.roles:
        resources.setdefault("aws_iam_role", {})[role.id] = _role(role)
        resources.setdefault("aws_iam_role_policy", {}).update(_policies(role))
    document: Block = {
        "//": "Made by `deploy-access bootstrap`. Make it anew instead of changing it.",
        "terraform": {
            "backend": {"local": {}},
            "required_providers": {
                "aws": {"source": "hashicorp/aws", "version": ">= 5.100.0, < 7.0.0"}
            },
            "required_version": ">= 1.11",
        },
        "provider": {
            "aws": [{"allowed_account_ids": [bootstrap.account], "region": bootstrap.region}]
        },
        "resource": resources,
    }
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _bucket(bucket: Bucket) -> dict[str, dict[str, Block]]:
    made = ["aws_s3_bucket.state"]
    # S3 answers `OperationAborted` to two changes of one bucket at the same time.
    private = ["aws_s3_bucket_public_access_block.state"]
    kms = {"sse_algorithm": "aws:kms", "kms_master_key_id": bucket.kms_key}
    by_default = kms if bucket.kms_key else {"sse_algorithm": "AES256"}
    blocks: dict[str, Block] = {
        "aws_s3_bucket": {"lifecycle": [{"prevent_destroy": True}]},
        "aws_s3_bucket_versioning": {
            "depends_on": made,
            "versioning_configuration": [{"status": "Enabled"}],
        },
        "aws_s3_bucket_server_side_encryption_configuration": {
            "depends_on": made,
            "rule": [
                {
                    "apply_server_side_encryption_by_default": [by_default],
                    "bucket_key_enabled": bucket.kms_key is not None,
                }
            ],
        },
        "aws_s3_bucket_public_access_block": {
            "depends_on": made,
            "block_public_acls": True,
            "block_public_policy": True,
            "ignore_public_acls": True,
            "restrict_public_buckets": True,
        },
        "aws_s3_bucket_policy": {"depends_on": private, "policy": bucket.policy.to_json()},
    }
    return {kind: {"state": {"bucket": bucket.name, **block}} for kind, block in blocks.items()}


def _role(role: BootstrapRole) -> Block:
    return {
        "name": role.name,
        "path": role.path,
        "description": role.description,
        "assume_role_policy": role.trust.to_json(),
    }


def _policies(role: BootstrapRole) -> dict[str, Block]:
    return {
        f"{role.id}-{name}": {
            "depends_on": [f"aws_iam_role.{role.id}"],
            "name": name,
            "role": role.name,
            "policy": policy.to_json(),
        }
        for name, policy in role.policies.items()
    }
