"""Samples of the types in `resource_kinds/identity.py`, and arguments before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sample_values import KEY, POLICY, TRUST

if TYPE_CHECKING:
    from sample_values import Samples

IDENTITY: Samples = {
    "aws_acmpca_certificate_authority": (
        {
            "certificate_authority_configuration": [
                {
                    "key_algorithm": "RSA_4096",
                    "signing_algorithm": "SHA512WITHRSA",
                    "subject": [{"common_name": "example.com"}],
                }
            ]
        },
        {"permanent_deletion_time_in_days": (14, 7)},
    ),
    "aws_cognito_user_pool": (
        {"name": "k"},
        {
            "alias_attributes": (["email"], ["phone_number"]),
            "name": ("k", "l"),
            "username_attributes": (["email"], ["phone_number"]),
            "deletion_protection": ("ACTIVE", "INACTIVE"),
        },
    ),
    "aws_directory_service_directory": (
        {
            "name": "a.example.com",
            "password": "secretpw1A",
            "size": "Small",
            "vpc_settings": [{"vpc_id": "vpc-1", "subnet_ids": ["subnet-1", "subnet-2"]}],
        },
        {},
    ),
    "aws_iam_account_password_policy": ({}, {"minimum_password_length": (20, 8)}),
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
    "aws_kms_external_key": ({}, {"deletion_window_in_days": (10, 7)}),
    "aws_kms_key": (
        {"description": "a"},
        {
            "custom_key_store_id": ("a", "b"),
            "customer_master_key_spec": ("SYMMETRIC_DEFAULT", "RSA_2048"),
            "description": ("a", "b"),
            "enable_key_rotation": (False, True),
            "key_usage": ("ENCRYPT_DECRYPT", "SIGN_VERIFY"),
            "multi_region": (False, True),
            "deletion_window_in_days": (10, 7),
        },
    ),
    "aws_kms_replica_external_key": (
        {"primary_key_arn": KEY},
        {"deletion_window_in_days": (10, 7)},
    ),
    "aws_kms_replica_key": ({"primary_key_arn": KEY}, {"deletion_window_in_days": (10, 7)}),
    "aws_organizations_account": (
        {"name": "a", "email": "a@example.com"},
        {"close_on_deletion": (True, False)},
    ),
    "aws_paymentcryptography_key": (
        {
            "exportable": True,
            "key_attributes": {
                "key_algorithm": "TDES_3KEY",
                "key_class": "SYMMETRIC_KEY",
                "key_usage": "TR31_P0_PIN_ENCRYPTION_KEY",
                "key_modes_of_use": {"decrypt": True, "encrypt": True},
            },
        },
        {"deletion_window_in_days": (30, 10)},
    ),
    "aws_secretsmanager_secret": (
        {"name": "s"},
        {
            "description": ("a", "b"),
            "kms_key_id": ("a", "b"),
            "name": ("s", "t"),
            "recovery_window_in_days": (10, 7),
        },
    ),
    "aws_secretsmanager_secret_version": (
        {"secret_id": "s", "secret_string": "x"},
        {"secret_id": ("s", "t"), "secret_string": ("x", "y")},
    ),
    "aws_ssm_parameter": (
        {"name": "/a", "type": "String", "value": "v"},
        {"name": ("/a", "/b"), "type": ("String", "StringList"), "value": ("v", "w")},
    ),
}
