"""The types of S3, EBS, EFS, FSx, Backup, Glacier, Lightsail disks and WorkSpaces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.resource_diff.resource_kinds.guard import (
    Switch,
    force,
    kept_for,
    last_copy,
    locked_for,
    skipped,
)
from deploy_access.resource_diff.resource_kinds.kind import (
    KEPT,
    MUST,
    OFF_OR_KEPT,
    Fixed,
    Kind,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy_access.resource_diff.resource_kinds.guard import Guard

_BUCKET, _FILES, _OBJECT = "bucket with objects", "file system with files", "object"
_OBJECTS = force("force_destroy", "objects")
_NOT_KEPT = "what is overwritten or deleted is not kept."
_BACKUPS = "automatic_backup_retention_days"


def _locked(*, is_kept: bool = False) -> tuple[Guard, ...]:
    """Return what keeps an object; what is left out of a copy is as it is."""
    return (
        Switch(
            argument="force_destroy",
            keeps="false",
            open="`force_destroy` is set, so no lock of the object holds it back.",
        ),
        Switch(
            argument="object_lock_legal_hold_status",
            keeps="ON",
            default="OFF",
            is_kept=is_kept,
            open="`object_lock_legal_hold_status` is not `ON`, so no legal hold keeps the object.",
        ),
        Switch(
            argument="object_lock_mode",
            keeps="COMPLIANCE",
            default="GOVERNANCE",
            is_kept=is_kept,
            open="`object_lock_mode` is not `COMPLIANCE`, so the lock can be taken off.",
        ),
    )


def _locks(block: str = "", *, is_kept: bool = False) -> tuple[Guard, ...]:
    """Return for how long, and how firmly, a bucket locks its objects."""
    path = f"{block}rule.default_retention"
    return (
        kept_for(f"{path}.days", 0, is_kept=is_kept),
        kept_for(f"{path}.years", 0, is_kept=is_kept),
        Switch(
            argument=f"{path}.mode",
            keeps="COMPLIANCE",
            default="GOVERNANCE",
            is_kept=is_kept,
            open="The lock of objects is not `COMPLIANCE`, so it can be taken off.",
        ),
    )


STORAGE: Mapping[str, Kind] = {
    "aws_ami": Kind(holds="machine image"),
    "aws_backup_vault": Kind(
        holds="vault with backups",
        import_id="{name}",
        fixed={"kms_key_arn": KEPT, "name": MUST},
        lock=force("force_destroy", "recovery points"),
    ),
    "aws_backup_vault_lock_configuration": Kind(
        named_by=("backup_vault_name",),
        import_id="{backup_vault_name}",
        has_tags=False,
        guards=(
            locked_for("min_retention_days"),
            Switch(
                argument="backup_vault_name", keeps="", default="", open="The vault has no lock."
            ),
        ),
        part_of="backup_vault_name",
    ),
    "aws_ebs_snapshot": Kind(holds="snapshot", named_by=()),
    "aws_ebs_volume": Kind(
        holds="volume with data",
        named_by=(),
        fixed={
            "availability_zone": MUST,
            "encrypted": OFF_OR_KEPT,
            "kms_key_id": KEPT,
            "snapshot_id": KEPT,
        },
        guards=(last_copy("final_snapshot", "true"),),
    ),
    "aws_efs_backup_policy": Kind(
        named_by=("file_system_id",),
        import_id="{file_system_id}",
        has_tags=False,
        guards=(
            Switch(
                argument="backup_policy.status",
                keeps="ENABLED",
                default="DISABLED",
                open="`backup_policy` is not `ENABLED`: no backups are made.",
            ),
        ),
        part_of="file_system_id",
    ),
    "aws_efs_file_system": Kind(
        holds=_FILES,
        named_by=("creation_token",),
        fixed={
            "availability_zone_name": KEPT,
            "creation_token": KEPT,
            "encrypted": OFF_OR_KEPT,
            "kms_key_id": KEPT,
            "performance_mode": Fixed("generalPurpose", is_kept=True),
        },
    ),
    "aws_fsx_data_repository_association": Kind(
        named_by=("file_system_id", "file_system_path"),
        guards=(
            Switch(
                argument="delete_data_in_filesystem",
                keeps="false",
                open="`delete_data_in_filesystem` is set: the files go with it.",
            ),
        ),
    ),
    "aws_fsx_lustre_file_system": Kind(
        holds=_FILES,
        named_by=(),
        # Unlike the other file systems, it makes no last backup unless it is told to:
        # https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/fsx_lustre_file_system
        guards=(kept_for(_BACKUPS, 0, is_kept=True), skipped("skip_final_backup", "true")),
    ),
    "aws_fsx_ontap_file_system": Kind(holds=_FILES, named_by=(), guards=(kept_for(_BACKUPS, 0),)),
    "aws_fsx_ontap_volume": Kind(
        holds="volume with files",
        guards=(
            skipped("skip_final_backup"),
            Switch(
                argument="bypass_snaplock_enterprise_retention",
                keeps="false",
                open="`bypass_snaplock_enterprise_retention` is set: locked files go with it.",
            ),
        ),
    ),
    "aws_fsx_openzfs_file_system": Kind(
        holds=_FILES,
        named_by=(),
        guards=(kept_for(_BACKUPS, 0), skipped("skip_final_backup")),
    ),
    "aws_fsx_openzfs_volume": Kind(holds="volume with files"),
    "aws_fsx_windows_file_system": Kind(
        holds=_FILES,
        named_by=(),
        guards=(kept_for(_BACKUPS, 7), skipped("skip_final_backup")),
    ),
    "aws_glacier_vault": Kind(holds="vault with archives", import_id="{name}"),
    "aws_lightsail_bucket": Kind(
        holds=_BUCKET, import_id="{name}", lock=force("force_delete", "objects")
    ),
    "aws_lightsail_disk": Kind(holds="disk with data", import_id="{name}"),
    "aws_s3_bucket": Kind(
        holds=_BUCKET,
        named_by=("bucket",),
        import_id="{bucket}",
        fixed={"bucket": KEPT, "bucket_prefix": KEPT, "object_lock_enabled": OFF_OR_KEPT},
        lock=_OBJECTS,
        guards=(
            Switch(
                argument="versioning.enabled",
                is_kept=True,
                open=f"`versioning` is off: {_NOT_KEPT}",
            ),
            *_locks("object_lock_configuration.", is_kept=True),
        ),
        deletes_by="lifecycle_rule",
    ),
    "aws_s3_bucket_lifecycle_configuration": Kind(
        named_by=("bucket",),
        import_id="{bucket}",
        has_tags=False,
        deletes_by="rule",
        part_of="bucket",
    ),
    "aws_s3_bucket_object": Kind(holds=_OBJECT, named_by=("bucket", "key"), guards=_locked()),
    "aws_s3_bucket_object_lock_configuration": Kind(
        named_by=("bucket",),
        import_id="{bucket}",
        has_tags=False,
        guards=_locks(),
        part_of="bucket",
    ),
    "aws_s3_bucket_policy": Kind(
        named_by=("bucket",), import_id="{bucket}", fixed={"bucket": MUST}, has_tags=False
    ),
    "aws_s3_bucket_versioning": Kind(
        named_by=("bucket",),
        import_id="{bucket}",
        fixed={"bucket": MUST},
        has_tags=False,
        guards=(
            Switch(
                # What the provider sets when the resource is destroyed; AWS never goes back to no
                # versioning: https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/s3_bucket_versioning
                argument="versioning_configuration.status",
                keeps="Enabled",
                default="Suspended",
                open=f"The versioning of the bucket is not `Enabled`: {_NOT_KEPT}",
            ),
            Switch(
                argument="versioning_configuration.mfa_delete",
                keeps="Enabled",
                default="Disabled",
                is_kept=True,
                open="`mfa_delete` is not `Enabled`: versions are deleted without a second factor.",
            ),
        ),
        part_of="bucket",
    ),
    "aws_s3_directory_bucket": Kind(
        holds=_BUCKET,
        named_by=("bucket",),
        import_id="{bucket}",
        has_tags=False,
        lock=_OBJECTS,
    ),
    "aws_s3_object": Kind(holds=_OBJECT, named_by=("bucket", "key"), guards=_locked()),
    "aws_s3_object_copy": Kind(
        holds=_OBJECT, named_by=("bucket", "key"), guards=_locked(is_kept=True)
    ),
    "aws_s3control_bucket": Kind(holds=_BUCKET, named_by=("bucket",), import_id="{arn}"),
    "aws_s3control_bucket_lifecycle_configuration": Kind(
        named_by=("bucket",),
        import_id="{bucket}",
        has_tags=False,
        deletes_by="rule",
        part_of="bucket",
    ),
    "aws_s3tables_table": Kind(
        holds="table with rows",
        named_by=("table_bucket_arn", "namespace", "name"),
        import_id="{table_bucket_arn};{namespace};{name}",
        has_tags=False,
    ),
    "aws_s3tables_table_bucket": Kind(
        holds="bucket with tables", import_id="{arn}", has_tags=False
    ),
    "aws_storagegateway_tape_pool": Kind(
        named_by=("pool_name",),
        import_id="{arn}",
        guards=(kept_for("retention_lock_time_in_days", 0),),
    ),
    "aws_workspaces_workspace": Kind(holds="desktop with files", named_by=()),
}
