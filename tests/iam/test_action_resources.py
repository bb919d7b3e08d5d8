"""On which resources AWS's actions may be."""

from __future__ import annotations

import re

import pytest

from deploy_access.iam.action_list import listed_services, listed_types, type_arns
from deploy_access.iam.action_resources import (
    may_be_on,
    may_take,
    may_take_one,
    pick_for,
    takes_all,
)
from deploy_access.iam.actions import every_action, resource_types

_ECS = "arn:aws:ecs:eu-central-1:111122223333"
_ARN = re.compile(r"arn:[^:]+:([a-z0-9-]+|\*):[^:]*:[^:]*:.")
INERT = [
    ("ecs:UpdateService", "arn:aws:s3:::data"),
    ("ecs:UpdateService", f"{_ECS}:cluster/prod"),
    ("ecs:UpdateService", f"{_ECS}:cluster/*"),
    ("s3:GetObject", "arn:aws:s3:::data"),
    ("s3:GetObject", f"{_ECS}:service/prod/web"),
    ("kms:Decrypt", "arn:aws:kms:eu-central-1:111122223333:alias/data"),
    ("ecr:GetAuthorizationToken", "arn:aws:s3:::data"),
]
POSSIBLE = [
    ("ecs:UpdateService", f"{_ECS}:service/prod/web"),
    ("ecs:UpdateService", f"{_ECS}:service/web"),
    ("ecs:UpdateService", f"{_ECS}:s*"),
    ("ecs:UpdateService", f"{_ECS}:*"),
    ("ecs:UpdateService", f"{_ECS}:${{aws:PrincipalTag/what}}"),
    ("ecs:UpdateService", f"{_ECS}:of-next-year/web"),
    ("ecs:UpdateService", "arn:aws:ecs:*:*:cluster/prod"),
    ("ecs:UpdateService", "arn:aws:*:::data"),
    ("ecs:UpdateService", "arn:aws:${var.service}:::data"),
    ("ecs:UpdateService", "arn:aws:new-service:::data"),
    ("ecs:UpdateService", "${aws_ecs_service.web.arn}"),
    ("ecs:UpdateService", "arn:aws:s3:*"),
    ("ecs:UpdateService", "*"),
    ("ecs:OfNextYear", "arn:aws:s3:::data"),
    ("s3:GetObject", "arn:aws:s3:::data/*"),
    ("s3:GetObject", "arn:aws:s3:::data*"),
    ("s3:GetObject", "arn:aws:s3:::${aws:PrincipalTag/team}"),
    ("s3:GetObject", "arn:aws:s3:eu-central-1:111122223333:accesspoint/a/object/x"),
    ("s3:ListBucket", "arn:aws:s3:::data"),
    ("ecr:GetAuthorizationToken", "arn:aws:ecr:eu-central-1:111122223333:repository/web"),
    ("logs:PutLogEvents", "arn:aws:logs:eu-central-1:111122223333:log-group:/web:*"),
    ("ssm:SendCommand", "arn:aws:ec2:eu-central-1:111122223333:instance/*"),
]


@pytest.mark.parametrize(("action", "resource"), INERT)
def test_an_action_on_a_resource_of_another_type(action: str, resource: str) -> None:
    """AWS's list has other types for the action, so the statement allows nothing."""
    assert not may_take(action, resource)


@pytest.mark.parametrize(("action", "resource"), POSSIBLE)
def test_what_is_not_known_is_possible(action: str, resource: str) -> None:
    """A type that fits, or that nobody can tell, is not ruled out."""
    assert may_take(action, resource)


def test_every_action_may_be_on_what_it_takes() -> None:
    """AWS's list agrees with itself: no action is ruled out on a type of its own."""
    refused = [
        (action, arn)
        for action in every_action()
        for arns in resource_types(action).values()
        for arn in arns
        if not may_take(action, arn.replace("arn:*:", "arn:aws:", 1).replace("*", "1"))
    ]

    assert refused == []


def test_every_type_is_an_arn() -> None:
    """Each ARN of the list has its six parts, and names its service or any."""
    listed = [
        arn
        for one in listed_services()
        for kind in listed_types(one)
        for arn in type_arns(one, kind)
    ]

    assert [arn for arn in listed if not _ARN.match(arn)] == []


def test_one_of_several() -> None:
    """An action on the resource comes first, then one of its service, then the first of all."""
    actions = frozenset({"ecr:putimage", "ecs:describeclusters", "ecs:updateservice"})
    resources = f"{_ECS}:service/prod/web", f"{_ECS}:task/prod/1", "*"

    assert [pick_for(actions, resource) for resource in resources] == [
        "ecs:updateservice",
        "ecs:describeclusters",
        "ecr:putimage",
    ]


@pytest.mark.parametrize(
    ("action", "resource", "expected"),
    [
        ("ecs:UpdateService", "*", True),
        ("ecs:UpdateService", f"{_ECS}:*", True),
        ("ecs:UpdateService", f"{_ECS}:service/*", True),
        ("ecs:UpdateService", f"{_ECS}:service/*/*", True),
        ("ecs:UpdateService", "arn:aws:ecs:*:*:s*", True),
        ("ecs:UpdateService", "arn:aws:*:*:*:*", True),
        ("ecs:UpdateService", "arn:aws:ecs:*", True),
        ("ecs:UpdateService", "arn:*", True),
        ("ecs:UpdateService", f"{_ECS}:cluster/*", False),
        ("ecs:UpdateService", f"{_ECS}:service/prod/*", False),
        ("ecs:UpdateService", f"{_ECS}:service/prod*", False),
        ("ecs:UpdateService", "arn:aws:s3:::*", False),
        ("ecs:UpdateService", "arn:aws:s3:*", False),
        ("ecs:UpdateService", "${aws_ecs_service.web.arn}", False),
        ("ecs:UpdateService", "", False),
        ("codedeploy:CreateDeployment", "arn:aws:codedeploy:*:*:deploymentconfig:*", False),
        ("codedeploy:CreateDeployment", "arn:aws:codedeploy:*:*:deploymentgroup:*", True),
        ("codedeploy:CreateDeployment", "arn:aws:codedeploy:*:*:deploymentgroup:web/*", False),
        ("s3:GetObject", "arn:aws:s3:::*", True),
        ("s3:GetObject", "arn:aws:s3:::*/*", True),
        ("s3:GetObject", "arn:aws:s3:::data/*", False),
        ("s3:GetObject", "arn:aws:s3:eu-central-1:111122223333:accesspoint/*", True),
        ("ssm:GetParameter", "arn:aws:ssm:eu-central-1:111122223333:parameter*", True),
        ("ecr:GetAuthorizationToken", "*", True),
        ("ecr:GetAuthorizationToken", "arn:aws:ecr:eu-central-1:111122223333:*", False),
    ],
)
def test_all_that_an_action_takes(action: str, resource: str, *, expected: bool) -> None:
    """A pattern is all of one type of resources, of a type that the action takes."""
    assert takes_all(action, resource) is expected


def test_all_of_some_types() -> None:
    """A document of SSM does not say on which machines it runs."""
    documents = "arn:aws:ssm:eu-central-1:111122223333:document/*"

    assert takes_all("ssm:SendCommand", documents)
    assert not takes_all("ssm:SendCommand", documents, ("instance", "managed-instance"))


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        (("arn:aws:s3:::data",), False),
        (("arn:aws:s3:::data", f"{_ECS}:service/prod/web"), True),
        (("arn:aws:s3:::data", "*"), True),
        (("arn:aws:*:::data",), True),
        (("${aws_ecs_service.web.arn}",), True),
    ],
)
def test_one_that_an_action_may_take(resources: tuple[str, ...], *, expected: bool) -> None:
    """One resource that fits is enough, and so is one that nobody can tell."""
    assert may_take_one("ecs:UpdateService", resources) is expected


@pytest.mark.parametrize(
    ("action", "resource"), [*INERT, *(one for one in POSSIBLE if one[1].startswith(_ECS))]
)
def test_one_of_one(action: str, resource: str) -> None:
    """Of one resource of a service that AWS's list has, the shorter way says the same."""
    assert may_take_one(action, (resource,)) is may_take(action, resource)


def test_resources_of_other_services_are_not_compared() -> None:
    """A whole service beside many resources of another is told by the services."""
    resources = tuple(f"arn:aws:sqs:eu-central-1:111122223333:other-{n}" for n in range(100))
    may_take.cache_clear()

    assert not any(may_take_one(a, resources) for a in every_action() if a.startswith("ssm:"))
    assert may_take.cache_info().misses == 0


def test_some_types() -> None:
    """A document of SSM alone lets no command be sent."""
    document = "arn:aws:ssm:eu-central-1:111122223333:document/web"
    machine = "arn:aws:ec2:eu-central-1:111122223333:instance/i-1"
    targets = ("instance", "managed-instance")

    assert may_take("ssm:SendCommand", document)
    assert not may_take("ssm:SendCommand", document, targets)
    assert may_take_one("ssm:SendCommand", (document, machine), targets)


@pytest.mark.parametrize(
    ("action", "resources", "expected"),
    [
        ("ecr:putregistrypolicy", ("arn:aws:ecr:eu-central-1:1:repository/web",), False),
        ("ecr:putregistrypolicy", ("arn:aws:ecr:eu-central-1:1:repository/web", "*"), True),
        ("ecr:setrepositorypolicy", ("arn:aws:ecr:eu-central-1:1:repository/web",), True),
        ("ecr:setrepositorypolicy", ("arn:aws:s3:::web",), False),
    ],
)
def test_one_of_many_actions(action: str, resources: tuple[str, ...], *, expected: bool) -> None:
    """What a pattern means is on the resources that it takes; without any it is on `*`."""
    assert may_be_on(action, resources) is expected
