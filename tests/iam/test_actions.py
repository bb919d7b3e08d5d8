"""What an action of a policy means, takes, reads and gives away."""

from __future__ import annotations

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

import pytest

from deploy_access.iam.actions import (
    actions_matching,
    all_but,
    by_level,
    every_action,
    gives_permissions,
    is_passing,
    is_reading,
    is_whole_service,
    level_of,
    matches,
    resource_types,
    service_of,
    spelled,
    takes_resource,
)

FIVE = (
    "acm-pca:PutPolicy",
    "codeartifact:PutDomainPermissionsPolicy",
    "dynamodb:PutResourcePolicy",
    "ecr-public:SetRepositoryPolicy",
    "sts:GetFederationToken",
)
# What the audit called permissions management before it asked AWS's list.
NAMED_BY_HAND = (
    "ecr:PutRegistryPolicy",
    "ecr:SetRepositoryPolicy",
    "kms:CreateGrant",
    "kms:PutKeyPolicy",
    "lambda:AddPermission",
    "s3:PutBucketAcl",
    "s3:PutBucketPolicy",
    "secretsmanager:PutResourcePolicy",
    "sns:AddPermission",
    "sqs:AddPermission",
)


@cache
def published_elsewhere() -> dict[str, Any]:
    """Read the actions that AWS publishes, as `parliament` ships them."""
    spec = find_spec("parliament")
    assert spec is not None
    assert spec.origin is not None
    text = Path(spec.origin).with_name("iam_definition.json").read_text("utf-8")
    services = cast("list[dict[str, Any]]", json.loads(text))
    return {
        f"{service['prefix']}:{action['privilege']}": action
        for service in services
        for action in service["privileges"]
    }


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        pytest.param("ecr:PutImage", {"ecr:putimage"}, id="literal"),
        pytest.param("ECR:putimage", {"ecr:putimage"}, id="case"),
        pytest.param("ecr:Nothing", {"ecr:nothing"}, id="not-listed"),
        pytest.param(
            "ecr:PutI*",
            {f"ecr:putimage{s}" for s in ("", "scanningconfiguration", "tagmutability")},
            id="star",
        ),
        pytest.param("ec?:PutImage", {"ecr:putimage"}, id="question-mark-in-the-service"),
        pytest.param("ecr:P?tImage", {"ecr:putimage"}, id="question-mark"),
        pytest.param("*r:PutImage", {"ecr:putimage"}, id="end-of-the-service"),
        pytest.param("*PutImage", {"ecr:putimage", "ecr-public:putimage"}, id="no-service"),
        pytest.param("ecr:Nothing*", set[str](), id="nothing"),
        pytest.param("none:*", set[str](), id="unknown-service"),
        pytest.param("ecr:**PutImage", {"ecr:putimage"}, id="two-stars"),
    ],
)
def test_a_pattern_means_the_actions_of_the_list(pattern: str, expected: set[str]) -> None:
    """Wildcards mean what AWS publishes; a name without wildcards means itself."""
    assert actions_matching(pattern) == expected


@pytest.mark.parametrize("pattern", ["*", "*:*", "**"])
def test_a_star_means_every_action(pattern: str) -> None:
    """All services, all actions."""
    assert actions_matching(pattern) == every_action()


@pytest.mark.parametrize(
    ("pattern", "action", "expected"),
    [
        ("ecr:PutImage", "ecr:PutImage", True),
        ("ecr:putimage", "ECR:PutImage", True),
        ("ecr:Put*", "ecr:PutImage", True),
        ("*", "ecr:PutImage", True),
        ("e*PutImage", "ecr:PutImage", True),
        ("ecr:Put?mage", "ecr:PutImage", True),
        ("ecr:Put?", "ecr:PutImage", False),
        ("ecr:Put[I]mage", "ecr:PutImage", False),
        ("ecs:*", "ecr:PutImage", False),
    ],
)
def test_matching(pattern: str, action: str, *, expected: bool) -> None:
    """Case does not matter; `*` and `?` are the only wildcards."""
    assert matches(pattern, action) is expected


def test_actions_are_sorted_by_what_they_do() -> None:
    """The most dangerous level comes first; what AWS does not list has none."""
    levels = by_level(
        frozenset({"ecr:putimage", "ecr:setrepositorypolicy", "ecr:getauthorizationtoken", "a:b"})
    )

    assert list(levels.items()) == [
        ("permissions management", ("ecr:SetRepositoryPolicy",)),
        ("write", ("ecr:PutImage",)),
        ("read", ("ecr:GetAuthorizationToken",)),
        ("unknown", ("a:b",)),
    ]


def test_many_actions_are_sorted_alike() -> None:
    """All actions but one are sorted as a few are, with those that are not listed."""
    many = by_level(all_but(frozenset({"ecr:putimage"})) | {"a:b"})

    assert many["unknown"] == ("a:b",)
    assert "ecr:PutImage" not in many["write"]
    assert many["list"] == by_level(frozenset(name.lower() for name in many["list"]))["list"]
    assert sum(map(len, many.values())) == len(every_action())


@pytest.mark.parametrize("action", [*NAMED_BY_HAND, *FIVE])
def test_actions_that_give_permissions(action: str) -> None:
    """What opens a resource or makes credentials gives permissions, in any case of letters."""
    assert gives_permissions(action)
    assert gives_permissions(action.lower())
    assert level_of(action) == "permissions management"
    assert by_level(frozenset({action.lower()})) == {"permissions management": (action,)}


@pytest.mark.parametrize(
    ("pattern", "gives", "reads", "passes"),
    [
        pytest.param("*", True, False, False, id="everything"),
        pytest.param("iam:*", True, False, False, id="all of IAM"),
        pytest.param("iam:P*", True, False, False, id="some of IAM"),
        pytest.param("iam:Get*", False, True, False, id="reads IAM"),
        pytest.param("iam:G*", False, True, False, id="reads IAM by a letter"),
        pytest.param("iam:PassRole", False, False, True, id="passes"),
        pytest.param("iam:passrole", False, False, True, id="passes in small letters"),
        pytest.param("iam:Pass*", False, False, True, id="passes by pattern"),
        pytest.param("iam:?assRole", False, False, True, id="passes by another pattern"),
        pytest.param("iam:*Role", True, False, False, id="passes and more"),
        pytest.param("iam:CreateServiceLinkedRole", False, False, False, id="role of a service"),
        pytest.param("iam:CreateService*", True, False, False, id="roles and credentials"),
        pytest.param("iam:Unlisted*", True, False, False, id="new in IAM"),
        pytest.param("iam:GetUnlisted", False, True, False, id="new in IAM and reads"),
        pytest.param("organizations:MoveAccount", True, False, False, id="organization"),
        pytest.param("organizations:Describe*", False, True, False, id="reads an organization"),
        pytest.param("ecr:Set*", True, False, False, id="opens by pattern"),
        pytest.param("ecs:*", False, False, False, id="a service without"),
        pytest.param("ecs:Describe*", False, True, False, id="describes"),
        pytest.param("ecs:D*", False, False, False, id="describes and deletes"),
        pytest.param("ecr:GetAuthorizationToken", False, True, False, id="logs in"),
        pytest.param("sqs:ReceiveMessage", False, True, False, id="reads by another name"),
        pytest.param("kms:GenerateDataKey", False, True, False, id="generates"),
        pytest.param("kms:Sign", False, False, False, id="makes what others trust"),
        pytest.param("glue:Get*", False, True, False, id="reads what AWS calls giving"),
        pytest.param("new:GetThing", False, True, False, id="new and reads by name"),
        pytest.param("new:PutThing", False, False, False, id="new"),
        pytest.param("new:PutResourcePolicy", True, False, False, id="new and opens by name"),
        pytest.param("s3:HeadBucket", False, False, False, id="no action"),
        pytest.param("", False, False, False, id="empty"),
    ],
)
def test_what_a_pattern_does(pattern: str, *, gives: bool, reads: bool, passes: bool) -> None:
    """A pattern gives when one of its actions does, and reads when each of them does."""
    found = gives_permissions(pattern), is_reading(pattern), is_passing(pattern)

    assert found == (gives, reads, passes)


def test_permissions_of_iam_elsewhere() -> None:
    """What another copy of AWS's list calls permissions management in IAM is found as such."""
    missed = {
        name
        for name, action in published_elsewhere().items()
        if name.startswith("iam:")
        and action["access_level"] == "Permissions management"
        and not gives_permissions(name)
    }

    assert missed <= {"iam:PassRole"}


def test_reading_actions_elsewhere() -> None:
    """What reads in ECR, ECS or IAM does so in another copy of AWS's list."""
    wrong = {
        name
        for name, action in published_elsewhere().items()
        if name.startswith(("ecr:", "ecs:", "iam:"))
        and is_reading(name)
        and action["access_level"] not in {"Read", "List"}
    }

    assert wrong == set()


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        pytest.param(
            "codedeploy:CreateDeployment",
            {"deploymentgroup": ("arn:*:codedeploy:*:*:deploymentgroup:*/*",)},
            id="one",
        ),
        pytest.param(
            "ECS:updateservice", {"service": ("arn:*:ecs:*:*:service/*/*",)}, id="any case"
        ),
        pytest.param("ecr:GetAuthorizationToken", {}, id="none"),
        pytest.param("ecr:Nothing", {}, id="not listed"),
        pytest.param("*", {}, id="no name"),
    ],
)
def test_resource_types(action: str, expected: dict[str, tuple[str, ...]]) -> None:
    """An action takes the resources of some types, or only `*`."""
    assert resource_types(action) == expected
    assert takes_resource(action) is bool(expected)


@pytest.mark.parametrize(
    ("action", "whole"),
    [("*", True), ("ecs:*", True), ("ecs:**", True), ("ecs:U*", False), ("ecs:", False)],
)
def test_whole_services(action: str, *, whole: bool) -> None:
    """Only a wildcard by itself is every action."""
    assert is_whole_service(action) is whole


@pytest.mark.parametrize(("action", "service"), [("ECS:*", "ecs"), ("*", ""), ("*:*", "*")])
def test_service(action: str, service: str) -> None:
    """The service stands before the colon, in small letters."""
    assert service_of(action) == service


def test_spelling() -> None:
    """A listed action is written as AWS writes it, another one as it stands."""
    assert [spelled(one) for one in ("ecr:putimage", "a:b")] == ["ecr:PutImage", "a:b"]
