"""Samples of the types in `resource_kinds/messages.py`, and arguments before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sample_values import KEY, OTHER_KEY

if TYPE_CHECKING:
    from sample_values import Samples

MESSAGES: Samples = {
    "aws_cloudtrail_event_data_store": (
        {"name": "abc"},
        {"termination_protection_enabled": (False, True), "retention_period": (30, 7)},
    ),
    "aws_cloudwatch_event_archive": (
        {"name": "a", "event_source_arn": "arn:aws:events:eu-central-1:111122223333:event-bus/b"},
        {"retention_days": (7, 1)},
    ),
    "aws_cloudwatch_log_group": (
        {"name": "g"},
        {
            "kms_key_id": (KEY, OTHER_KEY),
            "log_group_class": ("STANDARD", "INFREQUENT_ACCESS"),
            "name": ("g", "h"),
            "retention_in_days": (7, 1),
            "skip_destroy": (True, False),
        },
    ),
    "aws_kinesis_stream": (
        {"name": "k", "shard_count": 1},
        {"name": ("k", "l"), "shard_count": (1, 2), "retention_period": (48, 24)},
    ),
    "aws_kinesis_video_stream": ({"name": "v"}, {"data_retention_in_hours": (7, 1)}),
    "aws_mq_broker": (
        {
            "broker_name": "b",
            "engine_type": "ActiveMQ",
            "engine_version": "5.17.6",
            "host_instance_type": "mq.t2.micro",
            "user": [{"username": "user", "password": "secretpw1234"}],
        },
        {},
    ),
    "aws_msk_cluster": (
        {
            "cluster_name": "c",
            "kafka_version": "3.5.1",
            "number_of_broker_nodes": 3,
            "broker_node_group_info": [
                {
                    "client_subnets": ["subnet-1"],
                    "instance_type": "kafka.t3.small",
                    "security_groups": ["sg-1"],
                }
            ],
        },
        {},
    ),
    "aws_msk_serverless_cluster": (
        {
            "cluster_name": "c",
            "client_authentication": [{"sasl": [{"iam": [{"enabled": True}]}]}],
            "vpc_config": [{"subnet_ids": ["subnet-1"]}],
        },
        {},
    ),
    "aws_sns_topic": ({"name": "t"}, {"display_name": ("a", "b"), "name": ("t", "u")}),
    "aws_sqs_queue": (
        {"name": "q"},
        {
            "name": ("q", "r"),
            "visibility_timeout_seconds": (30, 60),
            "message_retention_seconds": (86400, 60),
        },
    ),
}
