"""The account and region of a block are those of its provider."""

from __future__ import annotations

import pytest
from reading_files import ACCOUNT, OTHER, TRUST, read

ROLE = {"name": "web", "assume_role_policy": TRUST}
ARN = f"arn:aws:iam::{ACCOUNT}:role/terraform"


@pytest.mark.parametrize(
    ("provider", "account"),
    [
        ({"allowed_account_ids": [ACCOUNT]}, ACCOUNT),
        ({"allowed_account_ids": [ACCOUNT], "assume_role": {"role_arn": ARN}}, ACCOUNT),
        ({"allowed_account_ids": [ACCOUNT, OTHER]}, None),
        ({"allowed_account_ids": [12345]}, "000000012345"),
        ({"allowed_account_ids": ["${var.account}"]}, OTHER),
        ({"assume_role": {"role_arn": ARN}}, ACCOUNT),
        ({"assume_role": [{"role_arn": "x"}, {"role_arn": ARN}]}, ACCOUNT),
        ({"assume_role_with_web_identity": [{"role_arn": ARN}]}, ACCOUNT),
        ({"assume_role": [{"role_arn": "${var.unknown}"}]}, None),
        ({"profile": f"acme-{ACCOUNT}-admin"}, ACCOUNT),
        ({"profile": "acme"}, None),
        ({}, None),
        ([], None),
    ],
)
def test_account(provider: object, account: str | None) -> None:
    """The one account that is allowed, else that of the role, else the one in the profile."""
    estate = read(
        provider={"aws": provider},
        variable={"account": {"default": OTHER}},
        resource={"aws_iam_role": {"Web": ROLE}},
    )

    assert [role.account for role in estate.roles] == [account]


def test_aliases_are_respected() -> None:
    """A block belongs to the provider that it names."""
    providers = [
        {"region": "eu-central-1", "allowed_account_ids": [ACCOUNT]},
        {"alias": "b", "region": "cn-north-1", "allowed_account_ids": [OTHER]},
    ]
    roles = {
        "Default": {**ROLE, "name": "a"},
        "Alias": {**ROLE, "name": "b", "provider": "aws.b"},
        "Unknown": {**ROLE, "name": "c", "provider": "aws.c"},
    }
    estate = read(provider={"aws": providers}, resource={"aws_iam_role": roles})

    assert [(r.name, r.account, r.region, r.arn) for r in estate.roles] == [
        ("c", None, None, None),
        ("a", ACCOUNT, "eu-central-1", f"arn:aws:iam::{ACCOUNT}:role/a"),
        ("b", OTHER, "cn-north-1", f"arn:aws-cn:iam::{OTHER}:role/b"),
    ]
