"""Resources that hold data, and arguments of them before and after; see `force_new_samples`."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
Samples = dict[str, tuple[Json, dict[str, tuple[Any, Any]]]]

KEY = "arn:aws:kms:eu-central-1:111122223333:key/a"
OTHER_KEY = "arn:aws:kms:eu-central-1:111122223333:key/b"

DATA_SAMPLES: Samples = {
    "aws_backup_vault": (
        {"name": "vv"},
        {"force_destroy": (False, True), "kms_key_arn": (KEY, OTHER_KEY), "name": ("vv", "ww")},
    ),
    "aws_cloudwatch_log_group": (
        {"name": "g"},
        {
            "kms_key_id": (KEY, OTHER_KEY),
            "log_group_class": ("STANDARD", "INFREQUENT_ACCESS"),
            "name": ("g", "h"),
            "retention_in_days": (7, 14),
        },
    ),
    "aws_cognito_user_pool": (
        {"name": "k"},
        {
            "alias_attributes": (["email"], ["phone_number"]),
            "name": ("k", "l"),
            "username_attributes": (["email"], ["phone_number"]),
        },
    ),
    "aws_db_instance": (
        {
            "identifier": "d",
            "engine": "postgres",
            "instance_class": "db.t3.micro",
            "allocated_storage": 20,
            "username": "u",
            "password": "secretpw1",
            "skip_final_snapshot": True,
        },
        {
            "allocated_storage": (20, 30),
            "availability_zone": ("eu-central-1a", "eu-central-1b"),
            "character_set_name": ("a", "b"),
            "db_name": ("a", "b"),
            "db_subnet_group_name": ("a", "b"),
            "engine": ("postgres", "mysql"),
            "engine_version": ("15.1", "16.1"),
            "identifier": ("d", "e"),
            "instance_class": ("db.t3.micro", "db.t3.small"),
            "kms_key_id": (KEY, OTHER_KEY),
            "snapshot_identifier": ("s1", "s2"),
            "storage_encrypted": (False, True),
            "username": ("u", "v"),
        },
    ),
    "aws_docdb_cluster": (
        {
            "cluster_identifier": "c",
            "master_username": "u",
            "master_password": "secretpw1",
            "skip_final_snapshot": True,
        },
        {
            "cluster_identifier": ("c", "d"),
            "db_subnet_group_name": ("a", "b"),
            "kms_key_id": (KEY, OTHER_KEY),
            "master_username": ("u", "v"),
            "snapshot_identifier": ("s1", "s2"),
            "storage_encrypted": (False, True),
        },
    ),
    "aws_dynamodb_table": (
        {
            "name": "t",
            "hash_key": "id",
            "billing_mode": "PAY_PER_REQUEST",
            "attribute": [{"name": "id", "type": "S"}],
        },
        {
            "deletion_protection_enabled": (False, True),
            "name": ("t", "u"),
            "table_class": ("STANDARD", "STANDARD_INFREQUENT_ACCESS"),
        },
    ),
    "aws_ebs_volume": (
        {"availability_zone": "eu-central-1a", "size": 8},
        {
            "availability_zone": ("eu-central-1a", "eu-central-1b"),
            "encrypted": (False, True),
            "kms_key_id": (KEY, OTHER_KEY),
            "size": (8, 9),
            "snapshot_id": ("s1", "s2"),
            "type": ("gp2", "gp3"),
        },
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
    "aws_elasticache_cluster": (
        {"cluster_id": "r", "engine": "redis", "node_type": "cache.t3.micro", "num_cache_nodes": 1},
        {
            "cluster_id": ("r", "s"),
            "engine": ("redis", "memcached"),
            "port": (6379, 6380),
            "subnet_group_name": ("a", "b"),
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
        },
    ),
    "aws_kinesis_stream": (
        {"name": "k", "shard_count": 1},
        {"name": ("k", "l"), "shard_count": (1, 2)},
    ),
    "aws_neptune_cluster": (
        {"cluster_identifier": "c", "skip_final_snapshot": True},
        {
            "cluster_identifier": ("c", "d"),
            "kms_key_arn": (KEY, OTHER_KEY),
            "snapshot_identifier": ("s1", "s2"),
            "storage_encrypted": (False, True),
        },
    ),
    "aws_opensearch_domain": ({"domain_name": "dom"}, {"domain_name": ("dom", "dam")}),
    "aws_rds_cluster": (
        {
            "cluster_identifier": "c",
            "engine": "aurora-postgresql",
            "master_username": "u",
            "master_password": "secretpw1",
            "skip_final_snapshot": True,
        },
        {
            "availability_zones": (["eu-central-1a"], ["eu-central-1b"]),
            "cluster_identifier": ("c", "d"),
            "database_name": ("a", "b"),
            "db_subnet_group_name": ("a", "b"),
            "engine": ("aurora-postgresql", "aurora-mysql"),
            "engine_mode": ("provisioned", "serverless"),
            "kms_key_id": (KEY, OTHER_KEY),
            "master_username": ("u", "v"),
            "snapshot_identifier": ("s1", "s2"),
            "storage_encrypted": (False, True),
        },
    ),
    "aws_rds_cluster_instance": (
        {
            "cluster_identifier": "c",
            "identifier": "i",
            "engine": "aurora-postgresql",
            "instance_class": "db.t3.medium",
        },
        {
            "cluster_identifier": ("c", "d"),
            "engine": ("aurora-postgresql", "aurora-mysql"),
            "identifier": ("i", "j"),
            "instance_class": ("db.t3.medium", "db.t3.large"),
        },
    ),
    "aws_redshift_cluster": (
        {
            "cluster_identifier": "c1",
            "node_type": "ra3.large",
            "master_username": "u",
            "master_password": "Secretpw1",
            "skip_final_snapshot": True,
        },
        {
            "cluster_identifier": ("c1", "d1"),
            "cluster_subnet_group_name": ("a", "b"),
            "database_name": ("a", "b"),
            "master_username": ("u", "v"),
            "snapshot_identifier": ("s1", "s2"),
        },
    ),
    "aws_s3_bucket": (
        {"bucket": "b1-acme"},
        {
            "bucket": ("b1-acme", "b2-acme"),
            "force_destroy": (False, True),
            "object_lock_enabled": (False, True),
        },
    ),
    "aws_s3_bucket_versioning": (
        {"bucket": "b", "versioning_configuration": [{"status": "Enabled"}]},
        {"bucket": ("b", "c")},
    ),
    "aws_secretsmanager_secret": (
        {"name": "s"},
        {
            "description": ("a", "b"),
            "kms_key_id": ("a", "b"),
            "name": ("s", "t"),
            "recovery_window_in_days": (30, 7),
        },
    ),
    "aws_secretsmanager_secret_version": (
        {"secret_id": "s", "secret_string": "x"},
        {"secret_id": ("s", "t"), "secret_string": ("x", "y")},
    ),
    "aws_sns_topic": ({"name": "t"}, {"display_name": ("a", "b"), "name": ("t", "u")}),
    "aws_sqs_queue": ({"name": "q"}, {"name": ("q", "r"), "visibility_timeout_seconds": (30, 60)}),
    "aws_ssm_parameter": (
        {"name": "/a", "type": "String", "value": "v"},
        {"name": ("/a", "/b"), "type": ("String", "StringList"), "value": ("v", "w")},
    ),
}
