"""The types of RDS, DocumentDB, Neptune, Redshift, OpenSearch, DSQL and Lightsail databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.resource_diff.resource_kinds.guard import (
    Switch,
    force,
    kept_for,
    protection,
    restorable_for,
    skipped,
)
from deploy_access.resource_diff.resource_kinds.kind import (
    KEPT,
    MUST,
    OFF,
    OFF_OR_KEPT,
    Fixed,
    Kind,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_CLUSTER, _GLOBAL = "database cluster", "global database cluster"
_BACKUPS = "backup_retention_period"
_GLOBAL_NAME = ("global_cluster_identifier",)
_NO_SNAPSHOT = skipped("skip_final_snapshot")
_AUTOMATED = Switch(
    argument="delete_automated_backups",
    keeps="false",
    default="true",
    open="`delete_automated_backups` is set: its automated backups go with it.",
)

_DOMAIN = Kind(
    holds="search domain with data",
    named_by=("domain_name",),
    import_id="{domain_name}",
    fixed={"domain_name": MUST},
)

DATABASES: Mapping[str, Kind] = {
    "aws_athena_database": Kind(
        holds="database with tables",
        import_id="{name}",
        has_tags=False,
        lock=force("force_destroy", "tables"),
    ),
    "aws_athena_workgroup": Kind(import_id="{name}", lock=force("force_destroy", "saved queries")),
    "aws_db_cluster_snapshot": Kind(
        holds="snapshot",
        named_by=("db_cluster_snapshot_identifier",),
        import_id="{db_cluster_snapshot_identifier}",
    ),
    "aws_db_instance": Kind(
        holds="database",
        named_by=("identifier",),
        import_id="{identifier}",
        fixed={
            "availability_zone": KEPT,
            "character_set_name": KEPT,
            "db_name": KEPT,
            "engine": KEPT,
            "kms_key_id": KEPT,
            "snapshot_identifier": KEPT,
            "storage_encrypted": OFF_OR_KEPT,
            "username": KEPT,
        },
        lock=protection(),
        # The provider leaves the period to AWS; a new instance has none, a new cluster of Aurora
        # one day: https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/db_instance
        # and https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/rds_cluster
        guards=(_NO_SNAPSHOT, kept_for(_BACKUPS, 0, is_kept=True), _AUTOMATED),
    ),
    "aws_db_snapshot": Kind(
        holds="snapshot",
        named_by=("db_snapshot_identifier",),
        import_id="{db_snapshot_identifier}",
    ),
    "aws_docdb_cluster": Kind(
        holds=_CLUSTER,
        named_by=("cluster_identifier",),
        import_id="{cluster_identifier}",
        fixed={
            "cluster_identifier": KEPT,
            "db_subnet_group_name": KEPT,
            "kms_key_id": KEPT,
            "master_username": KEPT,
            "snapshot_identifier": KEPT,
            "storage_encrypted": OFF_OR_KEPT,
        },
        lock=protection(),
        guards=(_NO_SNAPSHOT, kept_for(_BACKUPS, 1)),
    ),
    "aws_docdb_global_cluster": Kind(
        holds=_GLOBAL,
        named_by=_GLOBAL_NAME,
        import_id="{global_cluster_identifier}",
        has_tags=False,
        lock=protection(),
    ),
    "aws_docdbelastic_cluster": Kind(
        holds=_CLUSTER,
        import_id="{arn}",
        guards=(kept_for(_BACKUPS, 1, is_kept=True),),
    ),
    "aws_dsql_cluster": Kind(
        holds=_CLUSTER, named_by=(), import_id="{identifier}", lock=protection("_enabled")
    ),
    "aws_elasticsearch_domain": _DOMAIN,
    "aws_lightsail_database": Kind(
        holds="database",
        named_by=("relational_database_name",),
        import_id="{relational_database_name}",
        guards=(
            _NO_SNAPSHOT,
            Switch(
                argument="backup_retention_enabled",
                default="true",
                open="`backup_retention_enabled` is off: no automated backups are made.",
            ),
        ),
    ),
    "aws_neptune_cluster": Kind(
        holds=_CLUSTER,
        named_by=("cluster_identifier",),
        import_id="{cluster_identifier}",
        fixed={
            "cluster_identifier": KEPT,
            "kms_key_arn": KEPT,
            "snapshot_identifier": KEPT,
            "storage_encrypted": OFF,
        },
        lock=protection(),
        guards=(_NO_SNAPSHOT, kept_for(_BACKUPS, 1)),
    ),
    "aws_neptune_cluster_instance": Kind(
        named_by=("identifier",), import_id="{identifier}", guards=(_NO_SNAPSHOT,)
    ),
    "aws_neptune_global_cluster": Kind(
        holds=_GLOBAL,
        named_by=_GLOBAL_NAME,
        import_id="{global_cluster_identifier}",
        has_tags=False,
        lock=protection(),
    ),
    "aws_neptunegraph_graph": Kind(
        holds="graph with data",
        named_by=("graph_name",),
        # AWS protects each graph unless it is told not to: https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/neptunegraph_graph
        lock=protection(default="true", is_kept=True),
    ),
    "aws_opensearch_domain": _DOMAIN,
    "aws_opensearchserverless_collection": Kind(holds="collection with data", import_id="{id}"),
    "aws_opensearchserverless_lifecycle_policy": Kind(
        named_by=("type", "name"),
        import_id="{name}/{type}",
        has_tags=False,
        deletes_by="policy",
    ),
    "aws_qldb_ledger": Kind(holds="ledger", import_id="{name}", lock=protection(default="true")),
    "aws_quicksight_analysis": Kind(
        holds="analysis",
        named_by=("analysis_id",),
        guards=(restorable_for("recovery_window_in_days", 30),),
    ),
    "aws_rds_cluster": Kind(
        holds=_CLUSTER,
        named_by=("cluster_identifier",),
        import_id="{cluster_identifier}",
        fixed={
            "availability_zones": KEPT,
            "cluster_identifier": KEPT,
            "database_name": KEPT,
            "db_subnet_group_name": KEPT,
            "engine": MUST,
            "engine_mode": Fixed("provisioned"),
            "kms_key_id": KEPT,
            "master_username": KEPT,
            "snapshot_identifier": KEPT,
            "storage_encrypted": OFF_OR_KEPT,
        },
        lock=protection(),
        guards=(
            _NO_SNAPSHOT,
            kept_for(_BACKUPS, 1, is_kept=True),
            _AUTOMATED,
            kept_for("backtrack_window", 0),
        ),
    ),
    "aws_rds_cluster_instance": Kind(
        named_by=("identifier",),
        import_id="{identifier}",
        fixed={"cluster_identifier": MUST, "engine": MUST, "identifier": KEPT},
    ),
    "aws_rds_global_cluster": Kind(
        holds=_GLOBAL,
        named_by=_GLOBAL_NAME,
        import_id="{global_cluster_identifier}",
        lock=protection(),
    ),
    "aws_redshift_cluster": Kind(
        holds="data warehouse",
        named_by=("cluster_identifier",),
        import_id="{cluster_identifier}",
        fixed={
            "cluster_identifier": MUST,
            "cluster_subnet_group_name": KEPT,
            "master_username": KEPT,
            "snapshot_identifier": MUST,
        },
        guards=(
            _NO_SNAPSHOT,
            kept_for("automated_snapshot_retention_period", 1),
            # -1 keeps them until they are deleted: https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/redshift_cluster
            kept_for("manual_snapshot_retention_period", -1, forever=-1),
        ),
    ),
    "aws_redshiftserverless_namespace": Kind(
        holds="data warehouse",
        named_by=("namespace_name",),
        import_id="{namespace_name}",
    ),
}
