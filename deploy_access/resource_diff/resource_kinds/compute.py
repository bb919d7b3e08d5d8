"""The types of instances, load balancers, zones, artifacts and stacks of other tools."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.resource_diff.resource_kinds.guard import Switch, force, protection
from deploy_access.resource_diff.resource_kinds.kind import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping


def _lock(argument: str, *, is_kept: bool = False) -> Switch:
    return Switch(
        argument=argument,
        is_kept=is_kept,
        held=f"AWS refuses while `{argument}` is set.",
        open=f"`{argument}` is not set, so nothing holds it back.",
    )


def _left(argument: str) -> Switch:
    return Switch(
        argument=argument,
        open=f"`{argument}` is not set: what it made is deleted with it.",
    )


_BALANCER = Kind(import_id="{arn}", lock=_lock("enable_deletion_protection"))

COMPUTE: Mapping[str, Kind] = {
    "aws_alb": _BALANCER,
    "aws_cloudformation_stack_set_instance": Kind(
        named_by=(), has_tags=False, guards=(_left("retain_stack"),)
    ),
    "aws_codeartifact_domain": Kind(
        holds="domain with packages", named_by=("domain",), import_id="{arn}"
    ),
    "aws_codeartifact_repository": Kind(
        holds="repository with packages", named_by=("domain", "repository"), import_id="{arn}"
    ),
    "aws_codebuild_report_group": Kind(
        holds="report group with reports",
        import_id="{arn}",
        lock=force("delete_reports", "reports"),
    ),
    "aws_elastic_beanstalk_application": Kind(
        import_id="{name}", deletes_by="appversion_lifecycle"
    ),
    "aws_emr_cluster": Kind(lock=_lock("termination_protection", is_kept=True)),
    "aws_instance": Kind(
        named_by=(),
        lock=_lock("disable_api_termination", is_kept=True),
        guards=(
            Switch(
                argument="root_block_device.delete_on_termination",
                keeps="false",
                default="true",
                is_kept=True,
                open="`delete_on_termination` of `root_block_device` is set: its data go with it.",
            ),
        ),
    ),
    "aws_lambda_layer_version": Kind(
        named_by=(),
        has_tags=False,
        guards=(
            Switch(
                argument="skip_destroy",
                open="`skip_destroy` is not set: a version goes when the next one is made.",
            ),
        ),
    ),
    "aws_lb": _BALANCER,
    "aws_networkfirewall_firewall": Kind(import_id="{arn}", lock=_lock("delete_protection")),
    "aws_pinpointsmsvoicev2_phone_number": Kind(named_by=(), lock=protection("_enabled")),
    "aws_route53_zone": Kind(
        holds="hosted zone with records", lock=force("force_destroy", "other records")
    ),
    "aws_sagemaker_domain": Kind(
        holds="domain with home directories",
        named_by=("domain_name",),
        guards=(
            Switch(
                argument="retention_policy.home_efs_file_system",
                keeps="Retain",
                default="Retain",
                open="`home_efs_file_system` is not `Retain`: home directories go with the domain.",
            ),
        ),
    ),
    "aws_servicecatalog_provisioned_product": Kind(guards=(_left("retain_physical_resources"),)),
    "aws_transfer_server": Kind(named_by=(), lock=force("force_destroy", "users")),
}
