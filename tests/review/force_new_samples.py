"""
For each type of the table a resource, and arguments of it before and after.

What is there is enough for a plan: no such thing is ever made.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from force_new_data_samples import DATA_SAMPLES

if TYPE_CHECKING:
    from force_new_data_samples import Json, Samples

ROLE = "arn:aws:iam::111122223333:role/r"
OTHER_ROLE = "arn:aws:iam::111122223333:role/r2"
GROUP = "arn:aws:autoscaling:eu-central-1:111122223333:autoScalingGroup:x:autoScalingGroupName/a"
CONTAINERS = json.dumps([{"name": "a", "image": "x:1", "memory": 128}])
POLICY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}],
    }
)
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"Service": "ecs.amazonaws.com"},
            }
        ],
    }
)
LIFECYCLE = json.dumps(
    {
        "rules": [
            {
                "rulePriority": 1,
                "selection": {
                    "tagStatus": "untagged",
                    "countType": "sinceImagePushed",
                    "countUnit": "days",
                    "countNumber": 14,
                },
                "action": {"type": "expire"},
            }
        ]
    }
)

SAMPLES: Samples = {
    **DATA_SAMPLES,
    "aws_codedeploy_app": (
        {"name": "a", "compute_platform": "ECS"},
        {"compute_platform": ("ECS", "Server"), "name": ("a", "b")},
    ),
    "aws_codedeploy_deployment_config": (
        {
            "deployment_config_name": "a",
            "compute_platform": "ECS",
            "traffic_routing_config": [
                {
                    "type": "TimeBasedCanary",
                    "time_based_canary": [{"interval": 5, "percentage": 10}],
                }
            ],
        },
        {
            "deployment_config_name": ("a", "b"),
            "traffic_routing_config": (
                [
                    {
                        "type": "TimeBasedCanary",
                        "time_based_canary": [{"interval": 5, "percentage": 10}],
                    }
                ],
                [
                    {
                        "type": "TimeBasedCanary",
                        "time_based_canary": [{"interval": 5, "percentage": 20}],
                    }
                ],
            ),
        },
    ),
    "aws_codedeploy_deployment_group": (
        {"app_name": "a", "deployment_group_name": "g", "service_role_arn": ROLE},
        {
            "app_name": ("a", "b"),
            "deployment_config_name": (
                "CodeDeployDefault.OneAtATime",
                "CodeDeployDefault.AllAtOnce",
            ),
            "deployment_group_name": ("g", "h"),
            "service_role_arn": (ROLE, OTHER_ROLE),
        },
    ),
    "aws_ecr_lifecycle_policy": (
        {"repository": "web", "policy": LIFECYCLE},
        {"policy": (LIFECYCLE, LIFECYCLE.replace("14", "15")), "repository": ("web", "shop")},
    ),
    "aws_ecr_pull_through_cache_rule": (
        {"ecr_repository_prefix": "pp", "upstream_registry_url": "public.ecr.aws"},
        {
            "ecr_repository_prefix": ("pp", "qq"),
            "upstream_registry_url": ("public.ecr.aws", "quay.io"),
        },
    ),
    "aws_ecr_registry_policy": (
        {"policy": POLICY},
        {"policy": (POLICY, POLICY.replace("Get", "Put"))},
    ),
    "aws_ecr_repository": (
        {"name": "web"},
        {
            "encryption_configuration.encryption_type": (
                [{"encryption_type": "AES256", "kms_key": ""}],
                [{"encryption_type": "KMS"}],
            ),
            "force_delete": (False, True),
            "image_scanning_configuration": ([{"scan_on_push": False}], [{"scan_on_push": True}]),
            "image_tag_mutability": ("MUTABLE", "IMMUTABLE"),
            "name": ("web", "shop"),
        },
    ),
    "aws_ecr_repository_creation_template": (
        {"prefix": "pp", "applied_for": ["PULL_THROUGH_CACHE"]},
        {"description": ("a", "b"), "prefix": ("pp", "qq")},
    ),
    "aws_ecr_repository_policy": (
        {"repository": "web", "policy": POLICY},
        {"repository": ("web", "shop")},
    ),
    "aws_ecs_capacity_provider": (
        {"name": "p", "auto_scaling_group_provider": [{"auto_scaling_group_arn": GROUP}]},
        {"name": ("p", "q")},
    ),
    "aws_ecs_cluster": ({"name": "c"}, {"name": ("c", "d")}),
    "aws_ecs_service": (
        {
            "name": "s",
            "cluster": "arn:aws:ecs:eu-central-1:111122223333:cluster/c",
            "task_definition": "t:1",
            "desired_count": 1,
        },
        {
            "cluster": (
                "arn:aws:ecs:eu-central-1:111122223333:cluster/c",
                "arn:aws:ecs:eu-central-1:111122223333:cluster/d",
            ),
            "deployment_controller.type": ([{"type": "ECS"}], [{"type": "EXTERNAL"}]),
            "desired_count": (1, 2),
            "enable_ecs_managed_tags": (False, True),
            "iam_role": (ROLE, OTHER_ROLE),
            "launch_type": ("EC2", "FARGATE"),
            "name": ("s", "t"),
            "propagate_tags": ("NONE", "SERVICE"),
            "scheduling_strategy": ("REPLICA", "DAEMON"),
            "task_definition": ("t:1", "t:2"),
        },
    ),
    "aws_ecs_task_definition": (
        {"family": "f", "container_definitions": CONTAINERS},
        {
            "container_definitions": (CONTAINERS, CONTAINERS.replace("x:1", "x:2")),
            "cpu": ("256", "512"),
            "execution_role_arn": (ROLE, OTHER_ROLE),
            "family": ("f", "g"),
            "memory": ("512", "1024"),
            "network_mode": ("bridge", "awsvpc"),
            "requires_compatibilities": (["EC2"], ["FARGATE"]),
            "skip_destroy": (False, True),
            "task_role_arn": (ROLE, OTHER_ROLE),
        },
    ),
    "aws_iam_group": ({"name": "u"}, {"name": ("u", "v"), "path": ("/", "/ci/")}),
    "aws_iam_instance_profile": (
        {"name": "u", "role": "r"},
        {"name": ("u", "v"), "path": ("/", "/ci/"), "role": ("r", "s")},
    ),
    "aws_iam_openid_connect_provider": (
        {"url": "https://a.example.com", "client_id_list": ["x"]},
        {
            "client_id_list": (["x"], ["y"]),
            "url": ("https://a.example.com", "https://b.example.com"),
        },
    ),
    "aws_iam_policy": (
        {"name": "p", "policy": POLICY},
        {"description": ("a", "b"), "name": ("p", "q"), "path": ("/", "/ci/")},
    ),
    "aws_iam_policy_attachment": (
        {"name": "x", "roles": ["r"], "policy_arn": "arn:aws:iam::aws:policy/A"},
        {
            "name": ("x", "y"),
            "policy_arn": ("arn:aws:iam::aws:policy/A", "arn:aws:iam::aws:policy/B"),
            "roles": (["r"], ["s"]),
        },
    ),
    "aws_iam_role": (
        {"name": "r", "assume_role_policy": TRUST},
        {
            "description": ("a", "b"),
            "max_session_duration": (3600, 7200),
            "name": ("r", "s"),
            "path": ("/", "/ci/"),
            "permissions_boundary": ("", "arn:aws:iam::111122223333:policy/b"),
        },
    ),
    "aws_iam_role_policy": (
        {"name": "p", "role": "r", "policy": POLICY},
        {"name": ("p", "q"), "role": ("r", "s")},
    ),
    "aws_iam_role_policy_attachment": (
        {"role": "r", "policy_arn": "arn:aws:iam::aws:policy/A"},
        {
            "policy_arn": ("arn:aws:iam::aws:policy/A", "arn:aws:iam::aws:policy/B"),
            "role": ("r", "s"),
        },
    ),
    "aws_iam_role_policy_attachments_exclusive": (
        {"role_name": "r", "policy_arns": ["arn:aws:iam::aws:policy/A"]},
        {"policy_arns": (["arn:aws:iam::aws:policy/A"], ["arn:aws:iam::aws:policy/B"])},
    ),
    "aws_iam_user": ({"name": "u"}, {"name": ("u", "v"), "path": ("/", "/ci/")}),
    "aws_kms_alias": (
        {"name": "alias/a", "target_key_id": "k"},
        {"name": ("alias/a", "alias/b"), "target_key_id": ("k", "l")},
    ),
    "aws_kms_key": (
        {"description": "a"},
        {
            "custom_key_store_id": ("a", "b"),
            "customer_master_key_spec": ("SYMMETRIC_DEFAULT", "RSA_2048"),
            "description": ("a", "b"),
            "enable_key_rotation": (False, True),
            "key_usage": ("ENCRYPT_DECRYPT", "SIGN_VERIFY"),
            "multi_region": (False, True),
        },
    ),
    "aws_lambda_function": (
        {
            "function_name": "f",
            "role": ROLE,
            "filename": "x.zip",
            "handler": "h",
            "runtime": "python3.11",
        },
        {"function_name": ("f", "g"), "handler": ("h", "i"), "role": (ROLE, OTHER_ROLE)},
    ),
    "aws_lb_target_group": (
        {"name": "t", "port": 80, "protocol": "HTTP", "vpc_id": "vpc-1", "target_type": "ip"},
        {
            "deregistration_delay": ("300", "200"),
            "name": ("t", "u"),
            "port": (80, 81),
            "protocol": ("HTTP", "HTTPS"),
            "target_type": ("ip", "instance"),
            "vpc_id": ("vpc-1", "vpc-2"),
        },
    ),
    "aws_s3_bucket_policy": ({"bucket": "b", "policy": POLICY}, {"bucket": ("b", "c")}),
    "aws_security_group": (
        {"name": "t", "vpc_id": "vpc-1", "description": "a"},
        {"description": ("a", "b"), "name": ("t", "u"), "vpc_id": ("vpc-1", "vpc-2")},
    ),
}
MORE: dict[tuple[str, str], tuple[Json, Json]] = {
    ("aws_dynamodb_table", "hash_key"): (
        {},
        {"hash_key": "no", "attribute": [{"name": "no", "type": "S"}]},
    ),
    ("aws_dynamodb_table", "range_key"): (
        {},
        {
            "range_key": "at",
            "attribute": [{"name": "id", "type": "S"}, {"name": "at", "type": "S"}],
        },
    ),
}
"""What is to be changed together with an argument, before and after."""
