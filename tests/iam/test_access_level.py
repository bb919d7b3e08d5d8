"""The corrections of AWS's access levels, against AWS's list."""

from __future__ import annotations

import pytest

from deploy_access.iam.access_level import CORRECTIONS, GIVING, READING
from deploy_access.iam.action_list import listed_actions, listed_services
from deploy_access.iam.actions import gives_permissions, is_reading, level_of

PUBLISHED = {
    f"{service}:{name}": level
    for service in listed_services()
    for level, _, names in listed_actions(service)
    for name in names
}
CORRECTED = {name: level_of(name) for name in PUBLISHED if level_of(name) != PUBLISHED[name]}


def test_a_level_decides() -> None:
    """Of every action of AWS, what reads and what gives permissions follows from its level."""
    for name in PUBLISHED:
        assert gives_permissions(name) == (level_of(name) == GIVING), name
        assert is_reading(name) == (level_of(name) in READING), name


def test_every_write_to_an_identity_gives_permissions() -> None:
    """Whatever changes IAM or an organization gives permissions, but for the two that do not."""
    changes = {
        name
        for name, level in PUBLISHED.items()
        if name.startswith(("iam:", "organizations:")) and level not in READING
    }

    assert {name for name in changes if level_of(name) != GIVING} == {
        "iam:CreateServiceLinkedRole",
        "iam:PassRole",
    }


@pytest.mark.parametrize(
    ("name", "published", "level"),
    [
        pytest.param("kinesis:PutResourcePolicy", "write", GIVING, id="resource policy"),
        pytest.param("dynamodb:PutResourcePolicy", GIVING, GIVING, id="as published"),
        pytest.param("eks:CreateAccessEntry", "write", GIVING, id="lets in"),
        pytest.param("sts:GetFederationToken", "write", GIVING, id="credentials"),
        pytest.param("sts:AssumeRole", "write", "write", id="assume"),
        pytest.param("glue:GetQuery", GIVING, "read", id="reads"),
        pytest.param("fsx:GetResourcePolicy", GIVING, "read", id="reads a policy"),
        pytest.param("glue:StartNotebook", GIVING, "write", id="writes"),
        pytest.param("ecs:AllowVendedLogDeliveryForResource", GIVING, "write", id="logs"),
        pytest.param("kms:Decrypt", "write", "read", id="decrypts"),
        pytest.param("kms:Sign", "write", "write", id="signs"),
        pytest.param("cloudtrail:StartQuery", "write", "read", id="asks"),
        pytest.param("rds-db:connect", GIVING, "write", id="signs in"),
        pytest.param("iam:CreateAccessKey", "write", GIVING, id="IAM"),
        pytest.param("iam:TagRole", "tagging", GIVING, id="tags of IAM"),
        pytest.param("ecs:TagResource", "tagging", "tagging", id="tags"),
        pytest.param("iam:ListRoles", "list", "list", id="reads IAM"),
    ],
)
def test_levels(name: str, published: str, level: str) -> None:
    """A level is AWS's, or a correction of it."""
    assert (PUBLISHED[name], level_of(name)) == (published, level)


def test_each_correction_corrects() -> None:
    """Each correction is about an action that AWS publishes, with another level."""
    for by_service, level in CORRECTIONS:
        for service, names in by_service.items():
            for name in names.split():
                found = [n for n in CORRECTED if n.endswith(f":{name}")]
                wanted = found if service == "*" else [f"{service}:{name}"]
                assert wanted, name
                assert {CORRECTED.get(one) for one in wanted} == {level}, name
