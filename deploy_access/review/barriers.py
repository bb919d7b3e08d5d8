"""
The types that hold access back, watch what is done, or keep copies: what their end means.

A type is here when its end opens a door, hides what goes on, or leaves data without a copy. What is
not here, on purpose: a trust anchor, a group or an attachment of AWS's own policies only gives
access, so its end takes access away; security groups and routes are about the network, which is not
compared; a key, a bucket or a table is data, which `resource_diff` names when it goes.

Sources: the pages of the resources in
https://registry.terraform.io/providers/hashicorp/aws/latest/docs
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy_access.review.model import NoticeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Barrier:
    """
    What the end of a resource means.

    Attributes:
        what: What is so without it.
        of: The argument that names what it is a barrier of, with which it may go; or empty.
        kind: The kind of the notice.
    """

    what: str
    of: str = ""
    kind: NoticeKind = "access"


def _watch(what: str, of: str = "") -> Barrier:
    return Barrier(what=f"{what} is no longer recorded or reported.", of=of, kind="guard")


def _copies(what: str, of: str = "") -> Barrier:
    return Barrier(what=f"{what} are no longer made.", of=of, kind="guard")


_PUBLIC = "Access lists and policies may make {} public from now on."
_FILTER = "Requests are no longer filtered before they reach what it protects."
_MAX = "It bounded what {} may do, whatever their policies allow."

BARRIERS: Mapping[str, Barrier] = {
    # Open a door.
    "aws_controltower_control": Barrier(what=_MAX.format("the accounts of a unit")),
    "aws_ebs_snapshot_block_public_access": Barrier(what=_PUBLIC.format("snapshots")),
    "aws_ec2_image_block_public_access": Barrier(what=_PUBLIC.format("machine images")),
    "aws_ec2_instance_metadata_defaults": Barrier(
        what="New instances may give their role to any request that they can be made to send."
    ),
    "aws_emr_block_public_access_configuration": Barrier(
        what="Clusters may be reached from anywhere from now on."
    ),
    "aws_fms_policy": Barrier(what=_FILTER),
    "aws_iam_account_password_policy": Barrier(
        what="The passwords of users follow AWS's weaker default from now on."
    ),
    "aws_lambda_code_signing_config": Barrier(
        what="Functions may run code that is not signed from now on."
    ),
    "aws_networkfirewall_firewall": Barrier(what=_FILTER, of="vpc_id"),
    "aws_organizations_policy": Barrier(what=_MAX.format("the accounts that have it")),
    "aws_organizations_policy_attachment": Barrier(
        what=_MAX.format("the accounts that have it"), of="target_id"
    ),
    "aws_route53_resolver_firewall_rule_group_association": Barrier(what=_FILTER, of="vpc_id"),
    "aws_s3_account_public_access_block": Barrier(what=_PUBLIC.format("any bucket")),
    "aws_s3_bucket_ownership_controls": Barrier(
        what="Access lists of the bucket and of its objects may count again.", of="bucket"
    ),
    "aws_s3_bucket_public_access_block": Barrier(what=_PUBLIC.format("the bucket"), of="bucket"),
    "aws_s3_bucket_server_side_encryption_configuration": Barrier(
        what="New objects are no longer encrypted with its key, so the key holds no reader back.",
        of="bucket",
    ),
    "aws_shield_protection": Barrier(what=_FILTER, of="resource_arn"),
    "aws_ssm_service_setting": Barrier(
        what="It goes back to AWS's default, which may let documents be public."
    ),
    "aws_ssoadmin_customer_managed_policy_attachment": Barrier(
        what="The policy may have denied something to the permission set.",
        of="permission_set_arn",
    ),
    "aws_ssoadmin_permissions_boundary_attachment": Barrier(
        what=_MAX.format("those with the permission set"), of="permission_set_arn"
    ),
    "aws_vpc_block_public_access_options": Barrier(
        what="Networks may be reached from the internet from now on."
    ),
    "aws_vpc_endpoint_policy": Barrier(
        what="The endpoint lets every request through from now on.", of="vpc_endpoint_id"
    ),
    "aws_wafregional_web_acl_association": Barrier(what=_FILTER, of="resource_arn"),
    "aws_wafv2_web_acl": Barrier(what=_FILTER),
    "aws_wafv2_web_acl_association": Barrier(what=_FILTER, of="resource_arn"),
    # Hide what goes on.
    "aws_accessanalyzer_analyzer": _watch("What is open to others"),
    "aws_cloudtrail": _watch("What is done in the account"),
    "aws_cloudwatch_log_subscription_filter": _watch("What is in the logs", "log_group_name"),
    "aws_config_config_rule": _watch("What breaks the rule"),
    "aws_config_configuration_recorder": _watch("How resources change"),
    "aws_config_configuration_recorder_status": _watch("How resources change"),
    "aws_config_delivery_channel": _watch("How resources change"),
    "aws_detective_graph": _watch("What is done in the account"),
    "aws_ecr_registry_scanning_configuration": _watch("What is vulnerable in images"),
    "aws_flow_log": _watch("The traffic of the network", "vpc_id"),
    "aws_guardduty_detector": _watch("What looks like an attack"),
    "aws_guardduty_detector_feature": _watch("What looks like an attack", "detector_id"),
    "aws_inspector2_enabler": _watch("What is vulnerable"),
    "aws_macie2_account": _watch("Where private data lie open"),
    "aws_route53_query_log": _watch("What is asked of the zone", "zone_id"),
    "aws_route53_resolver_query_log_config_association": _watch("What names are asked for"),
    "aws_s3_bucket_logging": _watch("What is done with the bucket", "bucket"),
    "aws_securityhub_account": _watch("What is insecure in the account"),
    "aws_wafv2_web_acl_logging_configuration": _watch("What was filtered", "resource_arn"),
    # Leave data without a copy, or without protection.
    "aws_backup_plan": _copies("The backups of the plan"),
    "aws_backup_selection": _copies("The backups of what it selects"),
    "aws_db_instance_automated_backups_replication": _copies("Backups in another region"),
    "aws_dlm_lifecycle_policy": _copies("The snapshots of the policy"),
    "aws_ebs_encryption_by_default": Barrier(
        what="New volumes are not encrypted unless they say so.", kind="guard"
    ),
    "aws_efs_replication_configuration": _copies(
        "Copies of the file system", "source_file_system_id"
    ),
    "aws_rbin_rule": Barrier(
        what="What is deleted is gone at once, and cannot be restored.", kind="guard"
    ),
    "aws_redshift_snapshot_copy": _copies("Snapshots in another region", "cluster_identifier"),
    "aws_redshift_snapshot_schedule_association": _copies(
        "The snapshots of the schedule", "cluster_identifier"
    ),
    "aws_s3_bucket_replication_configuration": _copies("Copies of objects", "bucket"),
    "aws_ssmincidents_replication_set": _copies("Copies of incidents"),
}
