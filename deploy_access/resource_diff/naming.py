"""
What AWS calls a resource, and by which id Terraform takes one over.

Source: the section `Import` of the page of each resource in
https://registry.terraform.io/providers/hashicorp/aws/latest/docs
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy_access.resource_diff.instances import Resource

_IDENTITY: Mapping[str, tuple[str, ...]] = {
    "aws_codedeploy_deployment_config": ("deployment_config_name",),
    "aws_codedeploy_deployment_group": ("app_name", "deployment_group_name"),
    "aws_db_instance": ("identifier",),
    "aws_docdb_cluster": ("cluster_identifier",),
    "aws_ecr_lifecycle_policy": ("repository",),
    "aws_ecr_repository_policy": ("repository",),
    "aws_ecrpublic_repository": ("repository_name",),
    "aws_ecs_task_definition": ("family",),
    "aws_efs_file_system": ("creation_token",),
    "aws_elasticache_cluster": ("cluster_id",),
    "aws_elasticache_replication_group": ("replication_group_id",),
    "aws_iam_openid_connect_provider": ("url",),
    "aws_iam_policy": ("path", "name"),
    "aws_iam_role_policy": ("role", "name"),
    "aws_iam_role_policy_attachment": ("role", "policy_arn"),
    "aws_lambda_function": ("function_name",),
    "aws_neptune_cluster": ("cluster_identifier",),
    "aws_opensearch_domain": ("domain_name",),
    "aws_rds_cluster": ("cluster_identifier",),
    "aws_rds_cluster_instance": ("identifier",),
    "aws_redshift_cluster": ("cluster_identifier",),
    "aws_s3_bucket": ("bucket",),
    "aws_s3_bucket_policy": ("bucket",),
    "aws_s3_bucket_versioning": ("bucket",),
}
"""By type, the arguments that make it one thing in AWS; `name` for every other type."""

_IDS: Mapping[str, str] = {
    "aws_db_instance": "{}",
    "aws_dynamodb_table": "{}",
    "aws_ecr_lifecycle_policy": "{}",
    "aws_ecr_repository": "{}",
    "aws_ecr_repository_policy": "{}",
    "aws_iam_role": "{}",
    "aws_iam_role_policy": "{}:{}",
    "aws_iam_role_policy_attachment": "{}/{}",
    "aws_rds_cluster": "{}",
    "aws_s3_bucket": "{}",
}
_OPTIONAL = {"path"}


def identity(resource: Resource) -> tuple[str, ...] | None:
    """Say what makes it one thing in AWS, or None when that is not known."""
    names = _IDENTITY.get(resource.type, ("name",))
    found = [resource.text(name) or ("" if name in _OPTIONAL else None) for name in names]
    texts = tuple(text for text in found if text is not None)
    return texts if len(texts) == len(found) else None


def people_call(resource: Resource) -> str:
    """Name it for people: the path of its construct, its name in AWS, or its address."""
    return resource.path or next(iter(_named(resource)), resource.address)


def import_id(resource: Resource) -> str:
    """Return the id by which Terraform takes it over; `ID` where its documentation has to say."""
    found, form = identity(resource), _IDS.get(resource.type)
    return form.format(*found) if form and found else "ID"


def _named(resource: Resource) -> tuple[str, ...]:
    found = identity(resource)
    return ("/".join(part for part in found if part),) if found else ()
