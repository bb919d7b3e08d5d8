"""The types that record and watch what is done: trails, detectors, recorders, metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.resource_diff.resource_kinds.guard import Switch, kept_for
from deploy_access.resource_diff.resource_kinds.kind import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

_REGIONS = "what is done in other regions is not recorded."

MONITORING: Mapping[str, Kind] = {
    "aws_cloudtrail": Kind(
        guards=(
            Switch(
                argument="enable_logging",
                default="true",
                open="`enable_logging` is off: what is done in the account is not recorded.",
            ),
            Switch(argument="is_multi_region_trail", open=f"It is of one region: {_REGIONS}"),
            Switch(
                argument="include_global_service_events",
                default="true",
                open="`include_global_service_events` is off: what is done in IAM is not recorded.",
            ),
            Switch(
                argument="enable_log_file_validation",
                open="`enable_log_file_validation` is off: a log that is changed cannot be told.",
            ),
        ),
    ),
    "aws_config_configuration_recorder_status": Kind(
        has_tags=False,
        guards=(
            Switch(
                argument="is_enabled",
                open="`is_enabled` is off: how resources change is not recorded.",
            ),
        ),
        part_of="name",
    ),
    "aws_config_retention_configuration": Kind(
        named_by=(),
        has_tags=False,
        # Seven years: https://docs.aws.amazon.com/config/latest/APIReference/API_RetentionConfiguration.html
        guards=(kept_for("retention_period_in_days", 2557),),
    ),
    "aws_ebs_encryption_by_default": Kind(
        named_by=(),
        has_tags=False,
        guards=(
            Switch(
                argument="enabled",
                default="true",
                open="`enabled` is off: new volumes are not encrypted unless they say so.",
            ),
        ),
    ),
    "aws_guardduty_detector": Kind(
        named_by=(),
        guards=(
            Switch(
                argument="enable",
                default="true",
                open="`enable` is off: what looks like an attack is not reported.",
            ),
        ),
    ),
    "aws_macie2_account": Kind(
        named_by=(),
        has_tags=False,
        guards=(
            Switch(
                argument="status",
                keeps="ENABLED",
                default="ENABLED",
                is_kept=True,
                open="`status` is not `ENABLED`: where private data lie open is not reported.",
            ),
        ),
    ),
    "aws_prometheus_workspace": Kind(
        holds="workspace with metrics", named_by=("alias",), import_id="{id}"
    ),
    "aws_prometheus_workspace_configuration": Kind(
        named_by=("workspace_id",),
        import_id="{workspace_id}",
        has_tags=False,
        # https://docs.aws.amazon.com/prometheus/latest/userguide/AMP_quotas.html
        guards=(kept_for("retention_period_in_days", 150, is_kept=True),),
    ),
    "aws_synthetics_canary": Kind(
        import_id="{name}",
        guards=(
            kept_for("success_retention_period", 31),
            kept_for("failure_retention_period", 31),
        ),
    ),
}
