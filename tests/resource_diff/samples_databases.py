"""Samples of the types in `resource_kinds/databases.py`, and arguments before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sample_values import KEY, OTHER_KEY, RETENTION

if TYPE_CHECKING:
    from sample_values import Samples

DATA_SET = "arn:aws:quicksight:eu-central-1:111122223333:dataset/d"
DATABASES: Samples = {
    "aws_athena_database": ({"name": "d", "bucket": "b"}, {"force_destroy": (True, False)}),
    "aws_athena_workgroup": ({"name": "w"}, {"force_destroy": (True, False)}),
    "aws_db_cluster_snapshot": (
        {"db_cluster_identifier": "c", "db_cluster_snapshot_identifier": "s"},
        {},
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
            "deletion_protection": (True, False),
            "skip_final_snapshot": (True, False),
            "backup_retention_period": (7, 1),
            "delete_automated_backups": (False, True),
        },
    ),
    "aws_db_snapshot": ({"db_instance_identifier": "c", "db_snapshot_identifier": "s"}, {}),
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
            "deletion_protection": (True, False),
            "skip_final_snapshot": (True, False),
            "backup_retention_period": (7, 1),
        },
    ),
    "aws_docdb_global_cluster": (
        {"engine": "docdb", "global_cluster_identifier": "g"},
        {"deletion_protection": (True, False)},
    ),
    "aws_docdbelastic_cluster": (
        {
            "name": "c",
            "admin_user_name": "u",
            "admin_user_password": "secretpw1",
            "auth_type": "PLAIN_TEXT",
            "shard_capacity": 2,
            "shard_count": 1,
        },
        {"backup_retention_period": (7, 1)},
    ),
    "aws_dsql_cluster": ({}, {"deletion_protection_enabled": (True, False)}),
    "aws_elasticsearch_domain": ({"domain_name": "dom"}, {"domain_name": ("dom", "dam")}),
    "aws_lightsail_database": (
        {
            "blueprint_id": "mysql_8_0",
            "bundle_id": "micro_2_0",
            "master_database_name": "d",
            "master_password": "secretpw1",
            "master_username": "u",
            "relational_database_name": "dbb",
        },
        {"skip_final_snapshot": (True, False), "backup_retention_enabled": (False, True)},
    ),
    "aws_neptune_cluster": (
        {"cluster_identifier": "c", "skip_final_snapshot": True},
        {
            "cluster_identifier": ("c", "d"),
            "kms_key_arn": (KEY, OTHER_KEY),
            "snapshot_identifier": ("s1", "s2"),
            "storage_encrypted": (False, True),
            "deletion_protection": (True, False),
            "skip_final_snapshot": (True, False),
            "backup_retention_period": (7, 1),
        },
    ),
    "aws_neptune_cluster_instance": (
        {"cluster_identifier": "c", "instance_class": "db.r5.large"},
        {"skip_final_snapshot": (True, False)},
    ),
    "aws_neptune_global_cluster": (
        {"engine": "neptune", "global_cluster_identifier": "g"},
        {"deletion_protection": (True, False)},
    ),
    "aws_neptunegraph_graph": ({"provisioned_memory": 16}, {"deletion_protection": (False, True)}),
    "aws_opensearch_domain": ({"domain_name": "dom"}, {"domain_name": ("dom", "dam")}),
    "aws_opensearchserverless_collection": ({"name": "ccc"}, {}),
    "aws_opensearchserverless_lifecycle_policy": (
        {"name": "ppp", "type": "retention", "policy": RETENTION},
        {},
    ),
    "aws_qldb_ledger": (
        {"name": "l", "permissions_mode": "STANDARD"},
        {"deletion_protection": (False, True)},
    ),
    "aws_quicksight_analysis": (
        {
            "analysis_id": "a",
            "name": "a",
            "source_entity": [
                {
                    "source_template": [
                        {
                            "arn": "arn:aws:quicksight:eu-central-1:111122223333:template/t",
                            "data_set_references": [
                                {
                                    "data_set_arn": DATA_SET,
                                    "data_set_placeholder": "p",
                                }
                            ],
                        }
                    ]
                }
            ],
        },
        {"recovery_window_in_days": (14, 7)},
    ),
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
            "deletion_protection": (True, False),
            "skip_final_snapshot": (True, False),
            "backtrack_window": (7200, 3600),
            "backup_retention_period": (7, 1),
            "delete_automated_backups": (False, True),
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
    "aws_rds_global_cluster": (
        {"engine": "aurora-postgresql", "global_cluster_identifier": "g"},
        {"deletion_protection": (True, False)},
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
            "skip_final_snapshot": (True, False),
            "automated_snapshot_retention_period": (7, 1),
            "manual_snapshot_retention_period": (7, -1),
        },
    ),
    "aws_redshiftserverless_namespace": ({"namespace_name": "nsp"}, {}),
}
