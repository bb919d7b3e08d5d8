"""The types of SQS, SNS, Kinesis, MSK, EventBridge, CloudTrail and CloudWatch Logs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.resource_diff.resource_kinds.guard import Switch, kept_for
from deploy_access.resource_diff.resource_kinds.kind import MUST, NAME, OFF, Fixed, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

_MESSAGES = "cluster with messages"

MESSAGES: Mapping[str, Kind] = {
    "aws_cloudtrail_event_data_store": Kind(
        holds="event data store",
        import_id="{arn}",
        lock=Switch(
            argument="termination_protection_enabled",
            default="true",
            held="AWS refuses while `termination_protection_enabled` is set.",
            open="`termination_protection_enabled` is not set, so nothing holds it back.",
        ),
        guards=(kept_for("retention_period", 2555),),
    ),
    "aws_cloudwatch_event_archive": Kind(
        holds="archive with events",
        import_id="{name}",
        has_tags=False,
        guards=(kept_for("retention_days", 0, forever=0),),
    ),
    "aws_cloudwatch_log_group": Kind(
        holds="log group with logs",
        import_id="{name}",
        fixed={"log_group_class": Fixed("STANDARD", is_kept=True), **NAME},
        guards=(
            # 0 keeps them for ever: https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/cloudwatch_log_group
            kept_for("retention_in_days", 0, forever=0),
            Switch(
                argument="skip_destroy",
                open="`skip_destroy` is not set: Terraform deletes it in place of leaving it.",
            ),
        ),
    ),
    "aws_kinesis_stream": Kind(
        holds="stream with records",
        import_id="{name}",
        fixed={"name": MUST},
        guards=(kept_for("retention_period", 24),),
    ),
    "aws_kinesis_video_stream": Kind(
        holds="stream with videos",
        import_id="{arn}",
        guards=(kept_for("data_retention_in_hours", 0),),
    ),
    "aws_mq_broker": Kind(holds="broker with messages", named_by=("broker_name",)),
    "aws_msk_cluster": Kind(holds=_MESSAGES, named_by=("cluster_name",), import_id="{arn}"),
    "aws_msk_serverless_cluster": Kind(
        holds=_MESSAGES, named_by=("cluster_name",), import_id="{arn}"
    ),
    "aws_sns_topic": Kind(import_id="{arn}", fixed={"fifo_topic": OFF, **NAME}),
    "aws_sqs_queue": Kind(
        holds="queue with messages",
        import_id="{url}",
        fixed={"fifo_queue": OFF, **NAME},
        # Four days, of 14 that are possible:
        # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
        guards=(kept_for("message_retention_seconds", 345_600),),
    ),
}
