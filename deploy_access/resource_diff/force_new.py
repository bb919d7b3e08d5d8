"""
Which arguments of a resource cannot be changed, so that Terraform destroys it and makes it anew.

Source: the page of each resource in https://registry.terraform.io/providers/hashicorp/aws/latest/docs
where they are marked `Forces new resource`; the pages leave some out, so all are checked against
plans of the provider itself, version 5.100.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Fixed:
    """
    An argument that cannot be changed.

    Attributes:
        default: What it is when it was left out, or None when AWS or Terraform chooses.
        is_kept: Whether leaving it out keeps what is there.
    """

    default: object = None
    is_kept: bool = False


_MUST = Fixed()
_KEPT = Fixed(is_kept=True)
_OFF = Fixed(default=False)
_OFF_OR_KEPT = Fixed(default=False, is_kept=True)
_PATH = Fixed(default="/")
_NAME = {"name": _MUST, "name_prefix": _KEPT}


def _is(default: str) -> Fixed:
    return Fixed(default=default)


FORCE_NEW: Mapping[str, Mapping[str, Fixed]] = {
    "aws_backup_vault": {"kms_key_arn": _KEPT, "name": _MUST},
    "aws_cloudwatch_log_group": {"log_group_class": Fixed("STANDARD", is_kept=True), **_NAME},
    "aws_codedeploy_app": {"compute_platform": _is("Server")},
    "aws_codedeploy_deployment_config": {
        "compute_platform": _is("Server"),
        "deployment_config_name": _MUST,
        "minimum_healthy_hosts": _MUST,
        "traffic_routing_config": _MUST,
        "zonal_config": _MUST,
    },
    "aws_codedeploy_deployment_group": {},
    "aws_cognito_user_pool": {
        "alias_attributes": _MUST,
        "name": _MUST,
        "username_attributes": _MUST,
    },
    "aws_db_instance": {
        "availability_zone": _KEPT,
        "character_set_name": _KEPT,
        "db_name": _KEPT,
        "engine": _KEPT,
        "kms_key_id": _KEPT,
        "snapshot_identifier": _KEPT,
        "storage_encrypted": _OFF_OR_KEPT,
        "username": _KEPT,
    },
    "aws_docdb_cluster": {
        "cluster_identifier": _KEPT,
        "db_subnet_group_name": _KEPT,
        "kms_key_id": _KEPT,
        "master_username": _KEPT,
        "snapshot_identifier": _KEPT,
        "storage_encrypted": _OFF_OR_KEPT,
    },
    "aws_dynamodb_table": {"hash_key": _KEPT, "name": _MUST, "range_key": _MUST},
    "aws_ebs_volume": {
        "availability_zone": _MUST,
        "encrypted": _OFF_OR_KEPT,
        "kms_key_id": _KEPT,
        "snapshot_id": _KEPT,
    },
    "aws_ecr_lifecycle_policy": {"policy": _MUST, "repository": _MUST},
    "aws_ecr_pull_through_cache_rule": {
        "ecr_repository_prefix": _MUST,
        "upstream_registry_url": _MUST,
    },
    "aws_ecr_registry_policy": {},
    "aws_ecr_repository": {
        "encryption_configuration": _MUST,
        "encryption_configuration.encryption_type": _is("AES256"),
        "encryption_configuration.kms_key": _KEPT,
        "name": _MUST,
    },
    "aws_ecr_repository_creation_template": {"prefix": _MUST},
    "aws_ecr_repository_policy": {"repository": _MUST},
    "aws_ecs_capacity_provider": {"name": _MUST},
    "aws_ecs_cluster": {"name": _MUST},
    "aws_ecs_service": {
        "cluster": _KEPT,
        "deployment_controller.type": _is("ECS"),
        "iam_role": _KEPT,
        "launch_type": _KEPT,
        "name": _MUST,
        "scheduling_strategy": _is("REPLICA"),
    },
    "aws_ecs_task_definition": {
        "container_definitions": _MUST,
        "cpu": _MUST,
        "ephemeral_storage": _MUST,
        "execution_role_arn": _MUST,
        "family": _MUST,
        "ipc_mode": _MUST,
        "memory": _MUST,
        "network_mode": _KEPT,
        "pid_mode": _MUST,
        "placement_constraints": _MUST,
        "proxy_configuration": _MUST,
        "requires_compatibilities": _MUST,
        "runtime_platform": _MUST,
        "task_role_arn": _MUST,
        "volume": _MUST,
    },
    "aws_efs_file_system": {
        "availability_zone_name": _KEPT,
        "creation_token": _KEPT,
        "encrypted": _OFF_OR_KEPT,
        "kms_key_id": _KEPT,
        "performance_mode": Fixed("generalPurpose", is_kept=True),
    },
    "aws_elasticache_cluster": {
        "cluster_id": _MUST,
        "engine": _KEPT,
        "port": _KEPT,
        "subnet_group_name": _KEPT,
    },
    "aws_elasticache_replication_group": {
        "at_rest_encryption_enabled": _OFF_OR_KEPT,
        "kms_key_id": _MUST,
        "port": _KEPT,
        "replication_group_id": _MUST,
        "subnet_group_name": _KEPT,
    },
    "aws_iam_group": {},
    "aws_iam_instance_profile": {"name": _KEPT, "name_prefix": _KEPT, "path": _PATH},
    "aws_iam_openid_connect_provider": {"url": _MUST},
    "aws_iam_policy": {"description": _MUST, "path": _PATH, **_NAME},
    "aws_iam_policy_attachment": {"name": _MUST, "policy_arn": _MUST},
    "aws_iam_role": {"path": _PATH, **_NAME},
    "aws_iam_role_policy": {"role": _MUST, **_NAME},
    "aws_iam_role_policy_attachment": {"policy_arn": _MUST, "role": _MUST},
    "aws_iam_role_policy_attachments_exclusive": {},
    "aws_iam_user": {},
    "aws_kinesis_stream": {"name": _MUST},
    "aws_kms_alias": _NAME,
    "aws_kms_key": {
        "custom_key_store_id": _MUST,
        "customer_master_key_spec": _is("SYMMETRIC_DEFAULT"),
        "key_usage": _is("ENCRYPT_DECRYPT"),
        "multi_region": _OFF_OR_KEPT,
    },
    "aws_lambda_function": {"function_name": _MUST, "package_type": _is("Zip")},
    "aws_lb_target_group": {
        "port": _MUST,
        "protocol": _MUST,
        "target_type": _is("instance"),
        "vpc_id": _MUST,
        **_NAME,
    },
    "aws_neptune_cluster": {
        "cluster_identifier": _KEPT,
        "kms_key_arn": _KEPT,
        "snapshot_identifier": _KEPT,
        "storage_encrypted": _OFF,
    },
    "aws_opensearch_domain": {"domain_name": _MUST},
    "aws_rds_cluster": {
        "availability_zones": _KEPT,
        "cluster_identifier": _KEPT,
        "database_name": _KEPT,
        "db_subnet_group_name": _KEPT,
        "engine": _MUST,
        "engine_mode": _is("provisioned"),
        "kms_key_id": _KEPT,
        "master_username": _KEPT,
        "snapshot_identifier": _KEPT,
        "storage_encrypted": _OFF_OR_KEPT,
    },
    "aws_rds_cluster_instance": {
        "cluster_identifier": _MUST,
        "engine": _MUST,
        "identifier": _KEPT,
    },
    "aws_redshift_cluster": {
        "cluster_identifier": _MUST,
        "cluster_subnet_group_name": _KEPT,
        "master_username": _KEPT,
        "snapshot_identifier": _MUST,
    },
    "aws_s3_bucket": {
        "bucket": _KEPT,
        "bucket_prefix": _KEPT,
        "object_lock_enabled": _OFF_OR_KEPT,
    },
    "aws_s3_bucket_policy": {"bucket": _MUST},
    "aws_s3_bucket_versioning": {"bucket": _MUST},
    "aws_secretsmanager_secret": _NAME,
    "aws_secretsmanager_secret_version": {"secret_id": _MUST, "secret_string": _MUST},
    "aws_security_group": {"description": _MUST, "vpc_id": _KEPT, **_NAME},
    "aws_sns_topic": {"fifo_topic": _OFF, **_NAME},
    "aws_sqs_queue": {"fifo_queue": _OFF, **_NAME},
    "aws_ssm_parameter": {"name": _MUST},
}
"""By type, the arguments; a type that is not here is not known."""

UNTAGGED = {
    *("aws_codedeploy_deployment_config", "aws_ecr_lifecycle_policy"),
    *("aws_ecr_pull_through_cache_rule", "aws_ecr_registry_policy", "aws_ecr_repository_policy"),
    *("aws_ecr_repository_creation_template", "aws_iam_group", "aws_iam_policy_attachment"),
    *("aws_iam_role_policy", "aws_iam_role_policy_attachment", "aws_kms_alias"),
    *("aws_iam_role_policy_attachments_exclusive", "aws_s3_bucket_policy"),
    *("aws_s3_bucket_versioning", "aws_secretsmanager_secret_version"),
}
"""Those of them that have no tags, so that the default tags of the provider say nothing of them."""


def fixed(kind: str, path: str) -> Fixed | None:
    """Say how the argument *path*, or what it is a part of, is fixed; None when it is not."""
    known = FORCE_NEW.get(kind, {})
    parts = path.split(".")
    for length in range(len(parts), 0, -1):
        found = known.get(".".join(parts[:length]))
        if found is not None:
            return found
    return None
