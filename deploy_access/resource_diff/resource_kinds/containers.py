"""The types of ECR, ECS, CodeDeploy and Lambda, and what a service runs behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.resource_diff.resource_kinds.guard import Switch, force
from deploy_access.resource_diff.resource_kinds.kind import KEPT, MUST, NAME, Fixed, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

_IMAGES = "repository with images"

CONTAINERS: Mapping[str, Kind] = {
    "aws_codecommit_repository": Kind(
        holds="repository with code",
        named_by=("repository_name",),
        import_id="{repository_name}",
    ),
    "aws_codedeploy_app": Kind(import_id="{name}", fixed={"compute_platform": Fixed("Server")}),
    "aws_codedeploy_deployment_config": Kind(
        named_by=("deployment_config_name",),
        import_id="{deployment_config_name}",
        fixed={
            "compute_platform": Fixed("Server"),
            "deployment_config_name": MUST,
            "minimum_healthy_hosts": MUST,
            "traffic_routing_config": MUST,
            "zonal_config": MUST,
        },
        has_tags=False,
    ),
    "aws_codedeploy_deployment_group": Kind(
        named_by=("app_name", "deployment_group_name"),
        import_id="{app_name}:{deployment_group_name}",
        fixed={},
    ),
    "aws_ecr_lifecycle_policy": Kind(
        named_by=("repository",),
        import_id="{repository}",
        fixed={"policy": MUST, "repository": MUST},
        has_tags=False,
        deletes_by="policy",
        part_of="repository",
    ),
    "aws_ecr_pull_through_cache_rule": Kind(
        named_by=("ecr_repository_prefix",),
        import_id="{ecr_repository_prefix}",
        fixed={"ecr_repository_prefix": MUST, "upstream_registry_url": MUST},
        has_tags=False,
    ),
    "aws_ecr_registry_policy": Kind(named_by=(), fixed={}, has_tags=False),
    "aws_ecr_repository": Kind(
        holds=_IMAGES,
        import_id="{name}",
        fixed={
            "encryption_configuration": MUST,
            "encryption_configuration.encryption_type": Fixed("AES256"),
            "encryption_configuration.kms_key": KEPT,
            "name": MUST,
        },
        lock=force("force_delete", "images"),
        guards=(
            Switch(
                argument="image_tag_mutability",
                keeps="IMMUTABLE",
                default="MUTABLE",
                open="`image_tag_mutability` is not `IMMUTABLE`: an image can be put in the place "
                "of another.",
            ),
        ),
    ),
    "aws_ecr_repository_creation_template": Kind(
        named_by=("prefix",), import_id="{prefix}", fixed={"prefix": MUST}, has_tags=False
    ),
    "aws_ecr_repository_policy": Kind(
        named_by=("repository",),
        import_id="{repository}",
        fixed={"repository": MUST},
        has_tags=False,
    ),
    "aws_ecrpublic_repository": Kind(
        holds=_IMAGES,
        named_by=("repository_name",),
        import_id="{repository_name}",
        lock=force("force_destroy", "images"),
    ),
    "aws_ecs_capacity_provider": Kind(fixed={"name": MUST}),
    "aws_ecs_cluster": Kind(fixed={"name": MUST}),
    "aws_ecs_service": Kind(
        fixed={
            "cluster": KEPT,
            "deployment_controller.type": Fixed("ECS"),
            "iam_role": KEPT,
            "launch_type": KEPT,
            "name": MUST,
            "scheduling_strategy": Fixed("REPLICA"),
        }
    ),
    "aws_ecs_task_definition": Kind(
        named_by=("family",),
        fixed={
            "container_definitions": MUST,
            "cpu": MUST,
            "ephemeral_storage": MUST,
            "execution_role_arn": MUST,
            "family": MUST,
            "ipc_mode": MUST,
            "memory": MUST,
            "network_mode": KEPT,
            "pid_mode": MUST,
            "placement_constraints": MUST,
            "proxy_configuration": MUST,
            "requires_compatibilities": MUST,
            "runtime_platform": MUST,
            "task_role_arn": MUST,
            "volume": MUST,
        },
    ),
    "aws_lambda_function": Kind(
        named_by=("function_name",),
        import_id="{function_name}",
        fixed={"function_name": MUST, "package_type": Fixed("Zip")},
    ),
    "aws_lb_target_group": Kind(
        fixed={
            "port": MUST,
            "protocol": MUST,
            "target_type": Fixed("instance"),
            "vpc_id": MUST,
            **NAME,
        }
    ),
    "aws_security_group": Kind(fixed={"description": MUST, "vpc_id": KEPT, **NAME}),
}
