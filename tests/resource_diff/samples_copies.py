"""Samples of the types in `resource_kinds/copies.py`, and arguments before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sample_values import ROLE

if TYPE_CHECKING:
    from sample_values import Samples

DATABASE = "arn:aws:rds:eu-west-1:111122223333:db:d"

COPIES: Samples = {
    "aws_backup_logically_air_gapped_vault": (
        {"name": "vv", "min_retention_days": 7, "max_retention_days": 30},
        {"min_retention_days": (14, 7), "max_retention_days": (60, 30)},
    ),
    "aws_backup_plan": (
        {"name": "p", "rule": [{"rule_name": "r", "target_vault_name": "vv"}]},
        {},
    ),
    "aws_db_instance_automated_backups_replication": (
        {"source_db_instance_arn": DATABASE},
        {"retention_period": (14, 1)},
    ),
    "aws_dlm_lifecycle_policy": (
        {
            "description": "d",
            "execution_role_arn": ROLE,
            "policy_details": [
                {
                    "resource_types": ["VOLUME"],
                    "target_tags": {"a": "b"},
                    "schedule": [
                        {
                            "name": "s",
                            "create_rule": [{"interval": 24}],
                            "retain_rule": [{"count": 7}],
                        }
                    ],
                }
            ],
        },
        {},
    ),
    "aws_docdb_cluster_snapshot": (
        {"db_cluster_identifier": "c", "db_cluster_snapshot_identifier": "s"},
        {},
    ),
    "aws_ebs_snapshot_copy": (
        {"source_snapshot_id": "snap-1", "source_region": "eu-west-1"},
        {},
    ),
    "aws_fsx_backup": ({"file_system_id": "fs-1"}, {}),
    "aws_fsx_openzfs_snapshot": ({"name": "s", "volume_id": "fsvol-12345678901234567"}, {}),
    "aws_imagebuilder_lifecycle_policy": (
        {
            "name": "ppp",
            "execution_role": ROLE,
            "resource_type": "AMI_IMAGE",
            "policy_detail": [
                {
                    "action": [{"type": "DELETE"}],
                    "filter": [{"type": "COUNT", "value": 10}],
                }
            ],
            "resource_selection": [{"tag_map": {"a": "b"}}],
        },
        {},
    ),
    "aws_memorydb_snapshot": ({"cluster_name": "c", "name": "s"}, {}),
    "aws_neptune_cluster_snapshot": (
        {"db_cluster_identifier": "c", "db_cluster_snapshot_identifier": "s"},
        {},
    ),
    "aws_rbin_rule": (
        {
            "resource_type": "EBS_SNAPSHOT",
            "retention_period": [{"retention_period_value": 30, "retention_period_unit": "DAYS"}],
        },
        {
            "retention_period.retention_period_value": (
                [{"retention_period_value": 30, "retention_period_unit": "DAYS"}],
                [{"retention_period_value": 1, "retention_period_unit": "DAYS"}],
            )
        },
    ),
    "aws_redshift_cluster_snapshot": (
        {"cluster_identifier": "c", "snapshot_identifier": "s"},
        {"manual_snapshot_retention_period": (30, 7)},
    ),
    "aws_redshift_snapshot_copy": (
        {"cluster_identifier": "c", "destination_region": "eu-west-1"},
        {"retention_period": (14, 1), "manual_snapshot_retention_period": (30, 7)},
    ),
    "aws_redshiftserverless_snapshot": (
        {"namespace_name": "nnn", "snapshot_name": "sss"},
        {"retention_period": (30, 7)},
    ),
}
