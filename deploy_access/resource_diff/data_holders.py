"""
Which resources hold data that are lost with them, and what AWS or Terraform does about it.

Sources: the pages of the resources in
https://registry.terraform.io/providers/hashicorp/aws/latest/docs
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """
    What stands between a resource and its end.

    Attributes:
        argument: The argument that decides.
        holds_when: The value with which the guard holds; absent counts as false.
        held: What to say when it holds.
        open: What to say when it does not.
    """

    argument: str
    holds_when: bool
    held: str
    open: str


_PROTECTION = "AWS refuses while `deletion_protection{}` is set."
_NO_PROTECTION = "`deletion_protection{}` is not set, so nothing holds it back."


def _protection(suffix: str = "") -> Guard:
    return Guard(
        argument=f"deletion_protection{suffix}",
        holds_when=True,
        held=_PROTECTION.format(suffix),
        open=_NO_PROTECTION.format(suffix),
    )


HOLDERS: Mapping[str, Guard | None] = {
    "aws_ami": None,
    "aws_backup_vault": Guard(
        argument="force_destroy",
        holds_when=False,
        held="AWS refuses while it holds recovery points.",
        open="`force_destroy` is set, so it goes with its recovery points.",
    ),
    "aws_cloudtrail_event_data_store": None,
    "aws_cloudwatch_log_group": None,
    "aws_codecommit_repository": None,
    "aws_cognito_user_pool": None,
    "aws_db_cluster_snapshot": None,
    "aws_db_instance": _protection(),
    "aws_db_snapshot": None,
    "aws_docdb_cluster": _protection(),
    "aws_docdbelastic_cluster": None,
    "aws_dsql_cluster": _protection("_enabled"),
    "aws_dynamodb_global_table": None,
    "aws_dynamodb_table": _protection("_enabled"),
    "aws_dynamodb_table_item": None,
    "aws_ebs_snapshot": None,
    "aws_ebs_volume": None,
    "aws_ecr_repository": Guard(
        argument="force_delete",
        holds_when=False,
        held="AWS refuses while it holds images.",
        open="`force_delete` is set, so it goes with its images.",
    ),
    "aws_ecrpublic_repository": Guard(
        argument="force_destroy",
        holds_when=False,
        held="AWS refuses while it holds images.",
        open="`force_destroy` is set, so it goes with its images.",
    ),
    "aws_efs_file_system": None,
    "aws_elasticache_cluster": None,
    "aws_elasticache_replication_group": None,
    "aws_elasticache_serverless_cache": None,
    "aws_fsx_lustre_file_system": None,
    "aws_fsx_ontap_file_system": None,
    "aws_fsx_openzfs_file_system": None,
    "aws_fsx_windows_file_system": None,
    "aws_glacier_vault": None,
    "aws_keyspaces_table": None,
    "aws_kinesis_stream": None,
    "aws_kms_external_key": None,
    "aws_kms_key": None,
    "aws_kms_replica_key": None,
    "aws_lightsail_database": None,
    "aws_lightsail_disk": None,
    "aws_memorydb_cluster": None,
    "aws_msk_cluster": None,
    "aws_msk_serverless_cluster": None,
    "aws_neptune_cluster": _protection(),
    "aws_neptunegraph_graph": _protection(),
    "aws_opensearch_domain": None,
    "aws_rds_cluster": _protection(),
    "aws_rds_global_cluster": _protection(),
    "aws_redshift_cluster": None,
    "aws_redshiftserverless_namespace": None,
    "aws_s3_bucket": Guard(
        argument="force_destroy",
        holds_when=False,
        held="AWS refuses while it holds objects.",
        open="`force_destroy` is set, so it goes with its objects.",
    ),
    "aws_s3_bucket_object": None,
    "aws_s3_directory_bucket": Guard(
        argument="force_destroy",
        holds_when=False,
        held="AWS refuses while it holds objects.",
        open="`force_destroy` is set, so it goes with its objects.",
    ),
    "aws_s3_object": None,
    "aws_s3tables_table": None,
    "aws_s3tables_table_bucket": None,
    "aws_secretsmanager_secret": None,
    "aws_secretsmanager_secret_version": None,
    "aws_sqs_queue": None,
    "aws_ssm_parameter": None,
    "aws_timestreaminfluxdb_db_instance": None,
    "aws_timestreamwrite_table": None,
    "aws_workspaces_workspace": None,
}
"""By type, what holds a destruction back; None where nothing does."""


def holds_data(kind: str) -> bool:
    """Whether data are lost with a resource of this type."""
    return kind in HOLDERS
