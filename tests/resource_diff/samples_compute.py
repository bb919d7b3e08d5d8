"""Samples of the types in `resource_kinds/compute.py`, and arguments before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sample_values import ROLE

if TYPE_CHECKING:
    from sample_values import Json, Samples


FIREWALL = "arn:aws:network-firewall:eu-central-1:111122223333:firewall-policy/p"


def balancer() -> tuple[Json, dict[str, tuple[object, object]]]:
    """Write a load balancer."""
    body: Json = {"name": "b", "subnets": ["subnet-1", "subnet-2"]}
    return body, {"enable_deletion_protection": (True, False)}


COMPUTE: Samples = {
    "aws_alb": balancer(),
    "aws_cloudformation_stack_set_instance": (
        {"stack_set_name": "s", "account_id": "111122223333"},
        {"retain_stack": (True, False)},
    ),
    "aws_codeartifact_domain": ({"domain": "ddd"}, {}),
    "aws_codeartifact_repository": ({"domain": "ddd", "repository": "rrr"}, {}),
    "aws_codebuild_report_group": (
        {"name": "rr", "type": "TEST", "export_config": [{"type": "NO_EXPORT"}]},
        {"delete_reports": (True, False)},
    ),
    "aws_elastic_beanstalk_application": (
        {"name": "a", "appversion_lifecycle": [{"service_role": ROLE, "max_count": 10}]},
        {},
    ),
    "aws_emr_cluster": (
        {
            "name": "e",
            "release_label": "emr-6.15.0",
            "service_role": ROLE,
            "master_instance_group": [{"instance_type": "m5.xlarge", "instance_count": 1}],
            "step": [],
        },
        {"termination_protection": (True, False)},
    ),
    "aws_instance": (
        {"ami": "ami-12345678", "instance_type": "t3.micro"},
        {
            "disable_api_termination": (True, False),
            "root_block_device.delete_on_termination": (
                [{"delete_on_termination": False}],
                [{"delete_on_termination": True}],
            ),
        },
    ),
    "aws_lambda_layer_version": (
        {"layer_name": "l", "s3_bucket": "b", "s3_key": "k"},
        {"skip_destroy": (True, False)},
    ),
    "aws_lb": balancer(),
    "aws_networkfirewall_firewall": (
        {
            "name": "f",
            "firewall_policy_arn": FIREWALL,
            "vpc_id": "vpc-1",
            "subnet_mapping": [{"subnet_id": "subnet-1"}],
        },
        {"delete_protection": (True, False)},
    ),
    "aws_pinpointsmsvoicev2_phone_number": (
        {
            "iso_country_code": "US",
            "message_type": "TRANSACTIONAL",
            "number_capabilities": ["SMS"],
            "number_type": "TOLL_FREE",
        },
        {"deletion_protection_enabled": (True, False)},
    ),
    "aws_route53_zone": ({"name": "a.example.com"}, {"force_destroy": (True, False)}),
    "aws_sagemaker_domain": (
        {
            "domain_name": "d",
            "auth_mode": "IAM",
            "vpc_id": "vpc-1",
            "subnet_ids": ["subnet-1"],
            "default_user_settings": [{"execution_role": ROLE}],
        },
        {
            "retention_policy.home_efs_file_system": (
                [{"home_efs_file_system": "Delete"}],
                [{"home_efs_file_system": "Retain"}],
            )
        },
    ),
    "aws_servicecatalog_provisioned_product": (
        {"name": "p", "product_id": "p", "provisioning_artifact_id": "a"},
        {"retain_physical_resources": (True, False)},
    ),
    "aws_transfer_server": ({}, {"force_destroy": (True, False)}),
}
