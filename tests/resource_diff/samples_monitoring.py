"""Samples of the types in `resource_kinds/monitoring.py`, and arguments before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sample_values import ROLE

if TYPE_CHECKING:
    from sample_values import Samples

MONITORING: Samples = {
    "aws_cloudtrail": (
        {"name": "ttt", "s3_bucket_name": "b"},
        {
            "enable_logging": (False, True),
            "is_multi_region_trail": (True, False),
            "include_global_service_events": (False, True),
            "enable_log_file_validation": (True, False),
        },
    ),
    "aws_config_configuration_recorder_status": (
        {"name": "r", "is_enabled": True},
        {"is_enabled": (True, False)},
    ),
    "aws_config_retention_configuration": (
        {"retention_period_in_days": 365},
        {"retention_period_in_days": (365, 30)},
    ),
    "aws_ebs_encryption_by_default": ({}, {"enabled": (False, True)}),
    "aws_guardduty_detector": ({}, {"enable": (False, True)}),
    "aws_macie2_account": ({}, {"status": ("PAUSED", "ENABLED")}),
    "aws_prometheus_workspace": ({}, {}),
    "aws_prometheus_workspace_configuration": (
        {"workspace_id": "w"},
        {"retention_period_in_days": (365, 30)},
    ),
    "aws_synthetics_canary": (
        {
            "artifact_s3_location": "s3://b/",
            "execution_role_arn": ROLE,
            "handler": "a.b",
            "name": "ccc",
            "runtime_version": "syn-nodejs-puppeteer-6.0",
            "zip_file": "x.zip",
            "schedule": [{"expression": "rate(0 minute)"}],
        },
        {"success_retention_period": (60, 1), "failure_retention_period": (60, 1)},
    ),
}
