"""The types that make copies, keep them, and delete them by their age."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.resource_diff.resource_kinds.guard import kept_for, locked_for
from deploy_access.resource_diff.resource_kinds.kind import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

_SNAPSHOT = "snapshot"
_MANUAL = "manual_snapshot_retention_period"

COPIES: Mapping[str, Kind] = {
    "aws_backup_logically_air_gapped_vault": Kind(
        holds="vault with backups",
        import_id="{name}",
        guards=(locked_for("min_retention_days"), kept_for("max_retention_days", 0)),
    ),
    "aws_backup_plan": Kind(deletes_by="rule"),
    "aws_db_instance_automated_backups_replication": Kind(
        named_by=("source_db_instance_arn",),
        has_tags=False,
        guards=(kept_for("retention_period", 7),),
    ),
    "aws_dlm_lifecycle_policy": Kind(named_by=(), deletes_by="policy_details"),
    "aws_docdb_cluster_snapshot": Kind(
        holds=_SNAPSHOT,
        named_by=("db_cluster_snapshot_identifier",),
        import_id="{db_cluster_snapshot_identifier}",
        has_tags=False,
    ),
    "aws_ebs_snapshot_copy": Kind(holds=_SNAPSHOT, named_by=()),
    "aws_fsx_backup": Kind(holds="backup", named_by=()),
    "aws_fsx_openzfs_snapshot": Kind(holds=_SNAPSHOT, named_by=("volume_id", "name")),
    "aws_imagebuilder_lifecycle_policy": Kind(import_id="{arn}", deletes_by="policy_detail"),
    "aws_memorydb_snapshot": Kind(holds=_SNAPSHOT, import_id="{name}"),
    "aws_neptune_cluster_snapshot": Kind(
        holds=_SNAPSHOT,
        named_by=("db_cluster_snapshot_identifier",),
        import_id="{db_cluster_snapshot_identifier}",
        has_tags=False,
    ),
    "aws_rbin_rule": Kind(
        named_by=(), guards=(kept_for("retention_period.retention_period_value", 0),)
    ),
    "aws_redshift_cluster_snapshot": Kind(
        holds=_SNAPSHOT,
        named_by=("snapshot_identifier",),
        import_id="{snapshot_identifier}",
        # -1 keeps them until they are deleted: https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/redshift_cluster_snapshot
        guards=(kept_for(_MANUAL, -1, forever=-1),),
    ),
    "aws_redshift_snapshot_copy": Kind(
        named_by=("cluster_identifier",),
        import_id="{cluster_identifier}",
        has_tags=False,
        guards=(
            # https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/redshift_snapshot_copy
            kept_for("retention_period", 7, is_kept=True),
            kept_for(_MANUAL, -1, forever=-1, is_kept=True),
        ),
    ),
    "aws_redshiftserverless_snapshot": Kind(
        holds=_SNAPSHOT,
        named_by=("snapshot_name",),
        import_id="{snapshot_name}",
        has_tags=False,
        guards=(kept_for("retention_period", -1, forever=-1),),
    ),
}
