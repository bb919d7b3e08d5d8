"""The types of DynamoDB, ElastiCache, MemoryDB, Keyspaces and Timestream."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.resource_diff.resource_kinds.guard import (
    Switch,
    kept_for,
    last_copy,
    protection,
)
from deploy_access.resource_diff.resource_kinds.kind import KEPT, MUST, OFF_OR_KEPT, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

_CACHE, _ITEMS = "cache with data", "table with items"
_SNAPSHOTS = "snapshot_retention_limit"
_LAST_SNAPSHOT = last_copy("final_snapshot_identifier")
_NO_RECOVERY = "earlier states of the table cannot be restored."

NOSQL: Mapping[str, Kind] = {
    "aws_dynamodb_global_table": Kind(holds=_ITEMS, import_id="{name}", has_tags=False),
    "aws_dynamodb_table": Kind(
        holds=_ITEMS,
        import_id="{name}",
        fixed={"hash_key": KEPT, "name": MUST, "range_key": MUST},
        lock=protection("_enabled"),
        guards=(
            Switch(
                argument="point_in_time_recovery.enabled",
                is_kept=True,
                open=f"`point_in_time_recovery` is off: {_NO_RECOVERY}",
            ),
            # A block that is left out stays as it is; a new table has none, and a new block 35
            # days: https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/dynamodb_table
            kept_for("point_in_time_recovery.recovery_period_in_days", 35, is_kept=True),
        ),
        deletes_by="ttl",
    ),
    "aws_dynamodb_table_item": Kind(holds="table item", named_by=(), has_tags=False),
    "aws_dynamodb_table_replica": Kind(
        holds=_ITEMS,
        named_by=("global_table_arn",),
        lock=protection("_enabled", is_kept=True),
        guards=(
            Switch(
                argument="point_in_time_recovery",
                open=f"`point_in_time_recovery` is off: {_NO_RECOVERY}",
            ),
        ),
    ),
    "aws_elasticache_cluster": Kind(
        holds=_CACHE,
        named_by=("cluster_id",),
        import_id="{cluster_id}",
        fixed={"cluster_id": MUST, "engine": KEPT, "port": KEPT, "subnet_group_name": KEPT},
        guards=(kept_for(_SNAPSHOTS, 0), _LAST_SNAPSHOT),
    ),
    "aws_elasticache_replication_group": Kind(
        holds=_CACHE,
        named_by=("replication_group_id",),
        import_id="{replication_group_id}",
        fixed={
            "at_rest_encryption_enabled": OFF_OR_KEPT,
            "kms_key_id": MUST,
            "port": KEPT,
            "replication_group_id": MUST,
            "subnet_group_name": KEPT,
        },
        guards=(kept_for(_SNAPSHOTS, 0), _LAST_SNAPSHOT),
    ),
    "aws_elasticache_serverless_cache": Kind(
        holds=_CACHE, import_id="{name}", guards=(kept_for(_SNAPSHOTS, 0, is_kept=True),)
    ),
    "aws_keyspaces_table": Kind(
        holds="table with rows",
        named_by=("keyspace_name", "table_name"),
        import_id="{keyspace_name}/{table_name}",
        guards=(
            Switch(
                argument="point_in_time_recovery.status",
                keeps="ENABLED",
                default="DISABLED",
                is_kept=True,
                open=f"`point_in_time_recovery` is not `ENABLED`: {_NO_RECOVERY}",
            ),
        ),
        deletes_by="default_time_to_live",
    ),
    "aws_memorydb_cluster": Kind(
        holds="database cluster",
        import_id="{name}",
        # https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/memorydb_cluster
        guards=(kept_for(_SNAPSHOTS, 0, is_kept=True), last_copy("final_snapshot_name")),
    ),
    "aws_timestreaminfluxdb_db_instance": Kind(holds="database"),
    "aws_timestreamwrite_table": Kind(
        holds="table with records",
        named_by=("database_name", "table_name"),
        import_id="{table_name}:{database_name}",
        guards=(
            # https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/timestreamwrite_table
            kept_for(
                "retention_properties.magnetic_store_retention_period_in_days", 73_000, is_kept=True
            ),
            kept_for(
                "retention_properties.memory_store_retention_period_in_hours", 6, is_kept=True
            ),
        ),
    ),
}
