"""Samples of the types in `resource_kinds/containers.py`, and arguments before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sample_values import DEFINITIONS, GROUP, LIFECYCLE, OTHER_ROLE, POLICY, ROLE

if TYPE_CHECKING:
    from sample_values import Samples

CONTAINERS: Samples = {
    "aws_codecommit_repository": ({"repository_name": "a"}, {}),
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
            "image_scanning_configuration": ([{"scan_on_push": False}], [{"scan_on_push": True}]),
            "image_tag_mutability": ("IMMUTABLE", "MUTABLE"),
            "name": ("web", "shop"),
            "force_delete": (True, False),
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
    "aws_ecrpublic_repository": ({"repository_name": "web"}, {"force_destroy": (True, False)}),
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
        {"family": "f", "container_definitions": DEFINITIONS},
        {
            "container_definitions": (DEFINITIONS, DEFINITIONS.replace("x:1", "x:2")),
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
    "aws_security_group": (
        {"name": "t", "vpc_id": "vpc-1", "description": "a"},
        {"description": ("a", "b"), "name": ("t", "u"), "vpc_id": ("vpc-1", "vpc-2")},
    ),
}
