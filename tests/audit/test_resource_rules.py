"""Resources are paired with the actions that take them, and only what is wide is found."""

from __future__ import annotations

import json
from typing import Any

import pytest
from audit_other_cases import IMAGE, ROLE, SERVICE
from audit_policies import ACCOUNT, allow, estate, rules

from deploy_access.audit.reach import OF_DEPLOYS, REACHES, TARGETS
from deploy_access.iam.actions import is_listed, level_of, resource_types, spelled

ECS = f"arn:aws:ecs:eu-central-1:{ACCOUNT}"
CODEDEPLOY = f"arn:aws:codedeploy:eu-central-1:{ACCOUNT}"
SSM = f"arn:aws:ssm:eu-central-1:{ACCOUNT}"
MACHINES = f"arn:aws:ec2:eu-central-1:{ACCOUNT}:instance"
RECORDS = "route53:ChangeResourceRecordSetsNormalizedRecordNames"
EVERY_TAG = {"aws:ResourceTag/team": "*"}
TAG = {"aws:ResourceTag/team": "web"}


def severities(policy: Any) -> list[tuple[str, str]]:
    """Name the rule and the severity of each finding about resources."""
    found = [(p.finding.rule, p.finding.severity) for p in estate(allowing=policy).findings]
    return [one for one in found if not one[0].startswith("runs-")]


@pytest.mark.parametrize(
    ("actions", "resources"),
    [
        (["ecs:UpdateService"], [f"{SERVICE}/prod/web", f"{ECS}:cluster/*"]),
        (["ecs:UpdateService"], [f"{SERVICE}/prod/*"]),
        (["ecs:RunTask"], [f"{ECS}:task-definition/web:*", f"{ECS}:cluster/*"]),
        (["ecs:DescribeTasks"], [f"{ECS}:task/prod/*", f"{ECS}:service/*"]),
        (["codedeploy:CreateDeployment"], [f"{CODEDEPLOY}:deploymentgroup:a/*"]),
        (["codedeploy:GetDeploymentConfig"], [f"{CODEDEPLOY}:deploymentconfig:*"]),
        (["ecr:PutImage"], [IMAGE, f"{ECS}:*"]),
        (["s3:PutObject"], ["arn:aws:s3:::web/*", "arn:aws:dynamodb:::table/*"]),
        (["s3:GetObject"], ["arn:aws:s3:::web-${var.stage}/*"]),
        (["cloudfront:CreateInvalidation"], [f"arn:aws:cloudfront::{ACCOUNT}:distribution/E1"]),
        (["cloudformation:DeleteStack"], [f"arn:aws:cloudformation:*:{ACCOUNT}:stack/web/*"]),
        (["ecs:CreateService"], [f"{SERVICE}/prod/web"]),
        (["ecs:RegisterTaskDefinition", "ecs:DescribeTaskDefinition"], ["*"]),
    ],
)
def test_wildcards_of_another_type(actions: list[str], resources: list[str]) -> None:
    """A wildcard for what an action does not take is none for the action."""
    assert severities(allow(actions, resources)) == []


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        pytest.param(
            allow(["ecs:UpdateService", "ecs:DescribeServices"], f"{SERVICE}/*"),
            [("resource-star", "error")],
            id="a write on all",
        ),
        pytest.param(
            allow(["ecs:UpdateService", "ecs:DescribeTasks"], [f"{SERVICE}/c/s", f"{ECS}:task/*"]),
            [("resource-star", "warning")],
            id="a write on one, a read on all",
        ),
        pytest.param(allow("kms:Decrypt"), [("resource-star", "warning")], id="decrypt"),
        pytest.param(
            allow("cloudfront:CreateInvalidation"),
            [("resource-star", "note")],
            id="what changes nothing that stays",
        ),
        pytest.param(
            allow("ecs:UpdateService", "arn:aws:ecs:*"), [("resource-star", "error")], id="short"
        ),
        pytest.param(
            allow("ecs:UpdateService", StringLike=EVERY_TAG),
            [("resource-star", "error")],
            id="any tag",
        ),
        pytest.param(
            allow("ecs:UpdateService", StringNotEquals=TAG),
            [("resource-star", "error")],
            id="all but a tag",
        ),
        pytest.param(
            allow("ecs:UpdateService", ArnLike={"ecs:cluster": "arn:aws:ecs:*:*:cluster/*"}),
            [("resource-star", "error")],
            id="any cluster",
        ),
        pytest.param(
            allow("ecs:UpdateService", ArnLike={"ecs:cluster": "arn:aws:ecs:*:*:cluster/web-*"}),
            [],
            id="clusters of a name",
        ),
        pytest.param(
            allow("rds:DeleteDBInstance", StringEquals={"rds:req-tag/team": "web"}),
            [("far-reaching", "error")],
            id="a tag of the request",
        ),
        pytest.param(
            allow("ecs:UpdateService", StringEqualsIfExists=TAG),
            [("resource-star", "error")],
            id="a tag if there is one",
        ),
        pytest.param(
            allow("ssm:SendCommand", f"{MACHINES}/*"), [("far-reaching", "error")], id="machines"
        ),
        pytest.param(
            allow("ecr:PutReplicationConfiguration"), [("far-reaching", "error")], id="copies"
        ),
        pytest.param(
            allow(["ecs:DeleteCluster"], f"{ECS}:cluster/*"),
            [("far-reaching", "error")],
            id="clusters",
        ),
        pytest.param(
            allow("cloudformation:*Stack", "*"), [("far-reaching", "error")], id="a pattern"
        ),
    ],
)
def test_severity_by_what_is_wide(policy: Any, expected: list[tuple[str, str]]) -> None:
    """What is narrow of a statement, or only reads, does not make it worse."""
    assert severities(policy) == expected


@pytest.mark.parametrize(
    "policy",
    [
        pytest.param(allow("ecs:UpdateService", StringEquals=TAG), id="a tag"),
        pytest.param(allow("ecs:RunTask", ArnEquals={"ecs:cluster": "arn"}), id="a cluster"),
        pytest.param(
            allow("ssm:StartSession", StringLike={"ssm:resourceTag/team": "web"}), id="SSM's tag"
        ),
        pytest.param(
            allow("ec2:AuthorizeSecurityGroupIngress", ArnEquals={"ec2:Vpc": "arn"}), id="a VPC"
        ),
        pytest.param(
            allow("ecs:ExecuteCommand", StringEquals={"ecs:container-name": "migrate"}),
            id="a container",
        ),
        pytest.param(
            allow("s3:GetObject", ArnLike={"s3:DataAccessPointArn": "arn"}), id="an access point"
        ),
        pytest.param(
            allow("rds:DeleteDBInstance", StringEquals={"rds:db-tag/team": "web"}), id="RDS's tag"
        ),
        pytest.param(
            allow("kms:Decrypt", StringEquals={"kms:ViaService": "s3.eu-central-1.amazonaws.com"}),
            id="for S3",
        ),
        pytest.param(allow("ecs:ExecuteCommand", [f"{ECS}:cluster/c", f"{ECS}:task/*"]), id="in c"),
        pytest.param(
            allow("ssm:StartSession", [f"{MACHINES}/i-1", f"{SSM}:document/*"]), id="one machine"
        ),
        pytest.param(
            allow("ecr:PutReplicationConfiguration", IMAGE), id="on a resource it does not take"
        ),
    ],
)
def test_what_a_condition_or_another_type_tames(policy: Any) -> None:
    """A tag, a cluster or one machine is as narrow as a name."""
    found = rules(estate(allowing=policy))

    assert {"resource-star", "far-reaching"}.isdisjoint(found)


def test_the_policy_of_the_readme() -> None:
    """The policy for CodeDeploy in the README of the deploy action is left alone."""
    resources = [
        f"{SERVICE}/c/s",
        f"{CODEDEPLOY}:deploymentgroup:a/g",
        f"{CODEDEPLOY}:deploymentconfig:*",
        f"{CODEDEPLOY}:application:a",
    ]
    actions = [
        "ecs:DescribeServices",
        "codedeploy:GetDeploymentGroup",
        "codedeploy:CreateDeployment",
        "codedeploy:GetDeployment",
        "codedeploy:GetDeploymentConfig",
        "codedeploy:RegisterApplicationRevision",
    ]

    assert severities(allow(actions, resources)) == []


def test_the_words() -> None:
    """The worst comes first; what reaches far says what it reaches."""
    wide = estate(allowing=allow(["ecr:BatchGetImage", "ecr:PutImage", "ecs:DeleteClust*"]))

    assert [(p.key, p.finding.evidence, p.finding.why) for p in wide.findings] == [
        ("Action", "ecs:DeleteClust*", "It means ecs:DeleteCluster: every cluster can be deleted."),
        ("Resource", "*", "It is about everything there is: ecr:PutImage, ecr:BatchGetImage."),
    ]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (
            allow(["ecr:PutImage", "ecr:GetAuthorizationToken"]),
            "Name the ARNs; `ecr:GetAuthorizationToken` takes none: give it its own statement.",
        ),
        (allow("ecr:PutImage"), "Name the ARNs that they are for."),
        (
            allow(["ecs:UpdateService", "ecs:ListClusters"], f"{SERVICE}/*"),
            "Name the ARNs that they are for.",
        ),
    ],
)
def test_the_help(policy: Any, expected: str) -> None:
    """What takes no resource has to stay on `*`, in a statement of its own."""
    (found,) = estate(allowing=policy).findings

    assert found.finding.help == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"ForAllValues:StringLike": {RECORDS: ["*.web.example.com"]}}, []),
        ({"StringEquals": {RECORDS: ["web.example.com"]}}, []),
        ({"ForAllValues:StringLike": {RECORDS: ["*"]}}, ["far-reaching"]),
        ({"ForAllValues:StringNotLike": {RECORDS: ["www.example.com"]}}, ["far-reaching"]),
        ({"ForAllValues:StringEquals": EVERY_TAG | TAG}, ["far-reaching"]),
    ],
)
def test_the_records_of_a_zone(condition: Any, expected: list[str]) -> None:
    """Each change of a zone has the names of its records, so AWS's form of the condition counts."""
    policy = allow("route53:ChangeResourceRecordSets", **condition)

    assert rules(estate(allowing=policy)) == expected


@pytest.mark.parametrize(
    ("operator", "service", "expected"),
    [
        ("StringLike", "*.amazonaws.com", ["pass-role-service"]),
        ("StringLike", "*", ["pass-role-service"]),
        ("StringLike", ["ecs-tasks.amazonaws.com", "?*"], ["pass-role-service"]),
        ("StringLike", "ecs*.amazonaws.com", []),
        ("StringLike", "*.apprunner.amazonaws.com", []),
        ("StringEquals", "ecs-tasks.amazonaws.com", []),
        ("StringEquals", ["ecs-tasks.amazonaws.com", "ecs.amazonaws.com"], []),
    ],
)
def test_the_services_of_a_condition(operator: str, service: Any, expected: list[str]) -> None:
    """A pattern that means services far apart means any."""
    policy = allow("iam:PassRole", ROLE, **{operator: {"iam:PassedToService": service}})

    assert rules(estate(allowing=policy)) == expected


@pytest.mark.parametrize(
    ("action", "resource", "expected"),
    [
        ("ssm:GetParametersByPath", "*", [("resource-star", "warning")]),
        ("ecr-public:PutImage", "*", [("resource-star", "error")]),
        ("dynamodb:PutItem", "arn:aws:dynamodb:*:*:table/*", [("resource-star", "error")]),
        ("dynamodb:GetItem", "*", [("resource-star", "warning")]),
        ("dynamodb:PutItem", "arn:aws:dynamodb:*:*:table/lock", []),
        ("ecr:PutLifecyclePolicy", "*", [("far-reaching", "error")]),
        ("ecr:PutLifecyclePolicy", IMAGE, []),
        ("secretsmanager:UpdateSecret", "*", [("far-reaching", "error")]),
        ("ssm:DeleteParameters", "*", [("far-reaching", "error")]),
        ("rds-db:connect", "*", [("far-reaching", "error")]),
        ("rds-db:connect", "arn:aws:rds-db:eu-central-1:1:dbuser:db-1/deploy", []),
        ("rds:ModifyDBInstance", "arn:aws:rds:eu-central-1:1:db:*", [("far-reaching", "error")]),
        ("rds:ModifyDBInstance", "arn:aws:rds:eu-central-1:1:db:web-*", []),
    ],
)
def test_what_is_like_what_a_deploy_calls(action: str, resource: str, expected: Any) -> None:
    """What does the same by another name is found alike."""
    assert severities(allow(action, resource)) == expected


def test_not_resource_with_a_tag() -> None:
    """All but one, of those with a tag, is as narrow as the tag."""
    statement = {"Effect": "Allow", "Action": "ecs:UpdateService", "NotResource": f"{SERVICE}/c/s"}
    policy = {"Version": "2012-10-17", "Statement": statement}
    narrowed = {**policy, "Statement": {**statement, "Condition": {"StringEquals": TAG}}}

    assert rules(estate(allowing=policy)) == ["resource-star"]
    assert rules(estate(allowing=narrowed)) == []


def test_not_resource() -> None:
    """All but some is everything else."""
    statement = {"Effect": "Allow", "Action": "ssm:StartSession", "NotResource": f"{MACHINES}/i-1"}
    policy = {"Version": "2012-10-17", "Statement": statement}

    assert rules(estate(allowing=json.dumps(policy))) == ["far-reaching"]


@pytest.mark.parametrize("action", sorted({*OF_DEPLOYS, *REACHES}))
def test_the_tables(action: str) -> None:
    """Each action is AWS's, in one table, spelled as AWS does, and no other rule is about it."""
    assert is_listed(action)
    assert spelled(action.lower()) == action
    assert level_of(action) != "permissions management"
    assert not (action in OF_DEPLOYS and action in REACHES)
    assert action in REACHES or resource_types(action)
    assert set(TARGETS.get(action, ())) <= set(resource_types(action))
