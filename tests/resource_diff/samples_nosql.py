"""Samples of the types in `resource_kinds/nosql.py`, and arguments before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sample_values import ITEM

if TYPE_CHECKING:
    from sample_values import Json, Samples


def retention(days: int, hours: int) -> Json:
    """Write for how long Timestream keeps records."""
    return {
        "magnetic_store_retention_period_in_days": days,
        "memory_store_retention_period_in_hours": hours,
    }


NOSQL: Samples = {
    "aws_dynamodb_global_table": (
        {"name": "abc", "replica": [{"region_name": "eu-central-1"}]},
        {},
    ),
    "aws_dynamodb_table": (
        {
            "name": "t",
            "hash_key": "id",
            "billing_mode": "PAY_PER_REQUEST",
            "attribute": [{"name": "id", "type": "S"}],
        },
        {
            "name": ("t", "u"),
            "table_class": ("STANDARD", "STANDARD_INFREQUENT_ACCESS"),
            "deletion_protection_enabled": (True, False),
            "point_in_time_recovery.enabled": ([{"enabled": True}], [{"enabled": False}]),
            "point_in_time_recovery.recovery_period_in_days": (
                [{"enabled": True, "recovery_period_in_days": 7}],
                [{"enabled": True, "recovery_period_in_days": 1}],
            ),
        },
    ),
    "aws_dynamodb_table_item": ({"table_name": "abc", "hash_key": "id", "item": ITEM}, {}),
    "aws_dynamodb_table_replica": (
        {"global_table_arn": "arn:aws:dynamodb:eu-west-1:111122223333:table/abc"},
        {"deletion_protection_enabled": (True, False), "point_in_time_recovery": (True, False)},
    ),
    "aws_elasticache_cluster": (
        {"cluster_id": "r", "engine": "redis", "node_type": "cache.t3.micro", "num_cache_nodes": 1},
        {
            "cluster_id": ("r", "s"),
            "engine": ("redis", "memcached"),
            "port": (6379, 6380),
            "subnet_group_name": ("a", "b"),
            "snapshot_retention_limit": (7, 1),
            "final_snapshot_identifier": ("a", "b"),
        },
    ),
    "aws_elasticache_replication_group": (
        {"replication_group_id": "r", "description": "d", "node_type": "cache.t3.micro"},
        {
            "at_rest_encryption_enabled": (False, True),
            "kms_key_id": ("a", "b"),
            "node_type": ("cache.t3.micro", "cache.t3.small"),
            "port": (6379, 6380),
            "replication_group_id": ("r", "s"),
            "subnet_group_name": ("a", "b"),
            "snapshot_retention_limit": (7, 1),
            "final_snapshot_identifier": ("a", "b"),
        },
    ),
    "aws_elasticache_serverless_cache": (
        {"engine": "redis", "name": "c"},
        {"snapshot_retention_limit": (7, 1)},
    ),
    "aws_keyspaces_table": (
        {
            "keyspace_name": "k",
            "table_name": "t",
            "schema_definition": [
                {"column": [{"name": "id", "type": "ascii"}], "partition_key": [{"name": "id"}]}
            ],
        },
        {"point_in_time_recovery.status": ([{"status": "ENABLED"}], [{"status": "DISABLED"}])},
    ),
    "aws_memorydb_cluster": (
        {"acl_name": "a", "node_type": "db.t4g.small", "name": "c"},
        {"snapshot_retention_limit": (7, 1), "final_snapshot_name": ("a", "b")},
    ),
    "aws_timestreaminfluxdb_db_instance": (
        {
            "allocated_storage": 20,
            "bucket": "bb",
            "db_instance_type": "db.influx.medium",
            "name": "abc",
            "organization": "o",
            "password": "secretpw1",
            "username": "u",
            "vpc_security_group_ids": ["sg-1"],
            "vpc_subnet_ids": ["subnet-1"],
        },
        {},
    ),
    "aws_timestreamwrite_table": (
        {"database_name": "ddd", "table_name": "ttt"},
        {
            "retention_properties.magnetic_store_retention_period_in_days": (
                [retention(7, 8)],
                [retention(1, 8)],
            ),
            "retention_properties.memory_store_retention_period_in_hours": (
                [retention(7, 8)],
                [retention(7, 1)],
            ),
        },
    ),
}
TOGETHER: dict[tuple[str, str], tuple[Json, Json]] = {
    ("aws_dynamodb_table", "hash_key"): (
        {},
        {"hash_key": "no", "attribute": [{"name": "no", "type": "S"}]},
    ),
    ("aws_dynamodb_table", "range_key"): (
        {},
        {
            "range_key": "at",
            "attribute": [{"name": "id", "type": "S"}, {"name": "at", "type": "S"}],
        },
    ),
}
"""Arguments that are changed together with others, before and after."""
