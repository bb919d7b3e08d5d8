"""The types of IAM, KMS, Secrets Manager, Parameter Store and Cognito."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.resource_diff.resource_kinds.guard import Period, Switch, restorable_for
from deploy_access.resource_diff.resource_kinds.kind import (
    KEPT,
    MUST,
    NAME,
    OFF_OR_KEPT,
    PATH,
    Fixed,
    Kind,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

# AWS deletes a key or a secret only after a waiting period, within which it can be restored:
# https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html and
# https://docs.aws.amazon.com/secretsmanager/latest/userguide/manage_delete-secret.html
_KEY = Kind(
    holds="encryption key",
    named_by=(),
    guards=(restorable_for("deletion_window_in_days", 30),),
)

IDENTITY: Mapping[str, Kind] = {
    "aws_acmpca_certificate_authority": Kind(
        holds="certificate authority",
        named_by=(),
        import_id="{arn}",
        # https://docs.aws.amazon.com/privateca/latest/userguide/PCADeleteCA.html
        guards=(restorable_for("permanent_deletion_time_in_days", 30),),
    ),
    "aws_cognito_user_pool": Kind(
        holds="user pool with users",
        fixed={"alias_attributes": MUST, "name": MUST, "username_attributes": MUST},
        lock=Switch(
            argument="deletion_protection",
            keeps="ACTIVE",
            default="INACTIVE",
            held="AWS refuses while `deletion_protection` is `ACTIVE`.",
            open="`deletion_protection` is not `ACTIVE`, so nothing holds it back.",
        ),
    ),
    "aws_directory_service_directory": Kind(holds="directory with users"),
    # What holds without the resource:
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html
    "aws_iam_account_password_policy": Kind(
        named_by=(),
        has_tags=False,
        guards=(
            Period(
                argument="minimum_password_length", default="6", shorter="passwords can be shorter"
            ),
        ),
    ),
    "aws_iam_group": Kind(import_id="{name}", fixed={}, has_tags=False),
    "aws_iam_instance_profile": Kind(
        import_id="{name}",
        fixed={"name": KEPT, "name_prefix": KEPT, "path": PATH},
    ),
    "aws_iam_openid_connect_provider": Kind(
        named_by=("url",), import_id="{arn}", fixed={"url": MUST}
    ),
    "aws_iam_policy": Kind(
        named_by=("path", "name"),
        import_id="{arn}",
        fixed={"description": MUST, "path": PATH, **NAME},
    ),
    "aws_iam_policy_attachment": Kind(fixed={"name": MUST, "policy_arn": MUST}, has_tags=False),
    "aws_iam_role": Kind(import_id="{name}", fixed={"path": PATH, **NAME}),
    "aws_iam_role_policy": Kind(
        named_by=("role", "name"),
        import_id="{role}:{name}",
        fixed={"role": MUST, **NAME},
        has_tags=False,
    ),
    "aws_iam_role_policy_attachment": Kind(
        named_by=("role", "policy_arn"),
        import_id="{role}/{policy_arn}",
        fixed={"policy_arn": MUST, "role": MUST},
        has_tags=False,
    ),
    "aws_iam_role_policy_attachments_exclusive": Kind(
        named_by=("role_name",), import_id="{role_name}", fixed={}, has_tags=False
    ),
    "aws_iam_user": Kind(import_id="{name}", fixed={}),
    "aws_kms_alias": Kind(import_id="{name}", fixed=NAME, has_tags=False),
    "aws_kms_external_key": _KEY,
    "aws_kms_key": Kind(
        holds=_KEY.holds,
        named_by=(),
        fixed={
            "custom_key_store_id": MUST,
            "customer_master_key_spec": Fixed("SYMMETRIC_DEFAULT"),
            "key_usage": Fixed("ENCRYPT_DECRYPT"),
            "multi_region": OFF_OR_KEPT,
        },
        guards=_KEY.guards,
    ),
    "aws_kms_replica_external_key": _KEY,
    "aws_kms_replica_key": _KEY,
    "aws_organizations_account": Kind(
        holds="account with all that is in it",
        named_by=("email",),
        lock=Switch(
            argument="close_on_deletion",
            keeps="false",
            held="AWS only takes it out of the organization.",
            open="`close_on_deletion` is set, so AWS closes it.",
        ),
    ),
    "aws_paymentcryptography_key": Kind(
        holds="payment key",
        named_by=(),
        import_id="{arn}",
        guards=(restorable_for("deletion_window_in_days", 7),),
    ),
    "aws_secretsmanager_secret": Kind(
        holds="secret",
        import_id="{arn}",
        fixed=NAME,
        guards=(restorable_for("recovery_window_in_days", 30),),
    ),
    "aws_secretsmanager_secret_version": Kind(
        holds="secret value",
        named_by=(),
        fixed={"secret_id": MUST, "secret_string": MUST},
        has_tags=False,
    ),
    "aws_ssm_parameter": Kind(holds="parameter", import_id="{name}", fixed={"name": MUST}),
}
