"""Samples of the types in `resource_kinds/storage.py`, and arguments before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sample_values import KEY, OTHER_KEY, POLICY

if TYPE_CHECKING:
    from sample_values import Samples

STORAGE: Samples = {
    "aws_ami": ({"name": "a"}, {}),
    "aws_backup_vault": (
        {"name": "vv"},
        {"kms_key_arn": (KEY, OTHER_KEY), "name": ("vv", "ww"), "force_destroy": (True, False)},
    ),
    "aws_backup_vault_lock_configuration": (
        {"backup_vault_name": "vv", "min_retention_days": 7},
        {"min_retention_days": (7, 1), "backup_vault_name": ("vv", "ww")},
    ),
    "aws_ebs_snapshot": ({"volume_id": "vol-1"}, {}),
    "aws_ebs_volume": (
        {"availability_zone": "eu-central-1a", "size": 8},
        {
            "availability_zone": ("eu-central-1a", "eu-central-1b"),
            "encrypted": (False, True),
            "kms_key_id": (KEY, OTHER_KEY),
            "size": (8, 9),
            "snapshot_id": ("s1", "s2"),
            "type": ("gp2", "gp3"),
            "final_snapshot": (True, False),
        },
    ),
    "aws_efs_backup_policy": (
        {"file_system_id": "fs-1", "backup_policy": [{"status": "ENABLED"}]},
        {"backup_policy.status": ([{"status": "ENABLED"}], [{"status": "DISABLED"}])},
    ),
    "aws_efs_file_system": (
        {"creation_token": "t"},
        {
            "availability_zone_name": ("eu-central-1a", "eu-central-1b"),
            "creation_token": ("t", "u"),
            "encrypted": (False, True),
            "kms_key_id": (KEY, OTHER_KEY),
            "performance_mode": ("generalPurpose", "maxIO"),
            "throughput_mode": ("bursting", "elastic"),
        },
    ),
    "aws_fsx_data_repository_association": (
        {
            "data_repository_path": "s3://b",
            "file_system_id": "fs-12345678",
            "file_system_path": "/b",
        },
        {"delete_data_in_filesystem": (True, False)},
    ),
    "aws_fsx_lustre_file_system": (
        {"subnet_ids": ["subnet-1"], "storage_capacity": 1200},
        {"automatic_backup_retention_days": (7, 1), "skip_final_backup": (False, True)},
    ),
    "aws_fsx_ontap_file_system": (
        {
            "deployment_type": "SINGLE_AZ_1",
            "preferred_subnet_id": "subnet-1",
            "storage_capacity": 1024,
            "subnet_ids": ["subnet-1"],
            "throughput_capacity": 128,
        },
        {"automatic_backup_retention_days": (7, 1)},
    ),
    "aws_fsx_ontap_volume": (
        {
            "name": "v",
            "storage_virtual_machine_id": "svm-12345678901234567",
            "size_in_megabytes": 1024,
        },
        {
            "skip_final_backup": (True, False),
            "bypass_snaplock_enterprise_retention": (True, False),
        },
    ),
    "aws_fsx_openzfs_file_system": (
        {
            "deployment_type": "SINGLE_AZ_1",
            "subnet_ids": ["subnet-1"],
            "throughput_capacity": 64,
            "storage_capacity": 64,
        },
        {"automatic_backup_retention_days": (7, 1), "skip_final_backup": (True, False)},
    ),
    "aws_fsx_openzfs_volume": ({"name": "v", "parent_volume_id": "fsvol-12345678901234567"}, {}),
    "aws_fsx_windows_file_system": (
        {
            "subnet_ids": ["subnet-1"],
            "throughput_capacity": 16,
            "storage_capacity": 32,
            "active_directory_id": "d-1",
        },
        {"automatic_backup_retention_days": (30, 1), "skip_final_backup": (True, False)},
    ),
    "aws_glacier_vault": ({"name": "v"}, {}),
    "aws_lightsail_bucket": (
        {"name": "bbb", "bundle_id": "small_1_0"},
        {"force_delete": (True, False)},
    ),
    "aws_lightsail_disk": (
        {"availability_zone": "eu-central-1a", "name": "ddd", "size_in_gb": 8},
        {},
    ),
    "aws_s3_bucket": (
        {"bucket": "b1-acme"},
        {
            "bucket": ("b1-acme", "b2-acme"),
            "object_lock_enabled": (False, True),
            "force_destroy": (True, False),
            "versioning.enabled": ([{"enabled": True}], [{"enabled": False}]),
            "object_lock_configuration.rule.default_retention.days": (
                [{"rule": [{"default_retention": [{"mode": "GOVERNANCE", "days": 7}]}]}],
                [{"rule": [{"default_retention": [{"mode": "GOVERNANCE", "days": 1}]}]}],
            ),
            "object_lock_configuration.rule.default_retention.years": (
                [{"rule": [{"default_retention": [{"mode": "GOVERNANCE", "years": 7}]}]}],
                [{"rule": [{"default_retention": [{"mode": "GOVERNANCE", "years": 1}]}]}],
            ),
            "object_lock_configuration.rule.default_retention.mode": (
                [{"rule": [{"default_retention": [{"mode": "COMPLIANCE", "days": 5}]}]}],
                [{"rule": [{"default_retention": [{"mode": "GOVERNANCE", "days": 5}]}]}],
            ),
        },
    ),
    "aws_s3_bucket_lifecycle_configuration": (
        {
            "bucket": "b",
            "rule": [
                {
                    "id": "x",
                    "status": "Enabled",
                    "filter": [{"prefix": ""}],
                    "expiration": [{"days": 1}],
                }
            ],
        },
        {},
    ),
    "aws_s3_bucket_object": (
        {"bucket": "b", "key": "k"},
        {
            "force_destroy": (True, False),
            "object_lock_legal_hold_status": ("ON", "OFF"),
            "object_lock_mode": ("COMPLIANCE", "GOVERNANCE"),
        },
    ),
    "aws_s3_bucket_object_lock_configuration": (
        {"bucket": "b", "rule": [{"default_retention": [{"mode": "COMPLIANCE", "days": 5}]}]},
        {
            "rule.default_retention.days": (
                [{"default_retention": [{"mode": "GOVERNANCE", "days": 7}]}],
                [{"default_retention": [{"mode": "GOVERNANCE", "days": 1}]}],
            ),
            "rule.default_retention.years": (
                [{"default_retention": [{"mode": "GOVERNANCE", "years": 7}]}],
                [{"default_retention": [{"mode": "GOVERNANCE", "years": 1}]}],
            ),
            "rule.default_retention.mode": (
                [{"default_retention": [{"mode": "COMPLIANCE", "days": 5}]}],
                [{"default_retention": [{"mode": "GOVERNANCE", "days": 5}]}],
            ),
        },
    ),
    "aws_s3_bucket_policy": ({"bucket": "b", "policy": POLICY}, {"bucket": ("b", "c")}),
    "aws_s3_bucket_versioning": (
        {"bucket": "b", "versioning_configuration": [{"status": "Enabled"}]},
        {
            "bucket": ("b", "c"),
            "versioning_configuration.status": ([{"status": "Enabled"}], [{"status": "Suspended"}]),
            "versioning_configuration.mfa_delete": (
                [{"status": "Enabled", "mfa_delete": "Enabled"}],
                [{"status": "Enabled", "mfa_delete": "Disabled"}],
            ),
        },
    ),
    "aws_s3_directory_bucket": (
        {"bucket": "b--euc1-az1--x-s3", "location": [{"name": "euc1-az1"}]},
        {"force_destroy": (True, False)},
    ),
    "aws_s3_object": (
        {"bucket": "b", "key": "k"},
        {
            "force_destroy": (True, False),
            "object_lock_legal_hold_status": ("ON", "OFF"),
            "object_lock_mode": ("COMPLIANCE", "GOVERNANCE"),
        },
    ),
    "aws_s3_object_copy": (
        {"bucket": "b", "key": "k", "source": "b/a"},
        {
            "force_destroy": (True, False),
            "object_lock_legal_hold_status": ("ON", "OFF"),
            "object_lock_mode": ("COMPLIANCE", "GOVERNANCE"),
        },
    ),
    "aws_s3control_bucket": ({"bucket": "b-acme", "outpost_id": "op-1"}, {}),
    "aws_s3control_bucket_lifecycle_configuration": (
        {
            "bucket": "arn:aws:s3-outposts:eu-central-1:111122223333:outpost/op-1/bucket/b",
            "rule": [{"id": "x", "expiration": [{"days": 1}]}],
        },
        {},
    ),
    "aws_s3tables_table": (
        {
            "format": "ICEBERG",
            "name": "t",
            "namespace": "n",
            "table_bucket_arn": "arn:aws:s3tables:eu-central-1:111122223333:bucket/b",
        },
        {},
    ),
    "aws_s3tables_table_bucket": ({"name": "bucket"}, {}),
    "aws_storagegateway_tape_pool": (
        {
            "pool_name": "p",
            "storage_class": "GLACIER",
            "retention_lock_type": "GOVERNANCE",
        },
        {"retention_lock_time_in_days": (30, 7)},
    ),
    "aws_workspaces_workspace": (
        {"bundle_id": "wsb-1", "directory_id": "d-1234567890", "user_name": "u"},
        {},
    ),
}
