"""
The rules about repositories and about acceptances, each by examples.

A rule has what it finds, the same mended, which is clean, and three that look alike and are clean
too: no error, no warning, and nothing of the rule itself.
"""

from __future__ import annotations

from typing import Any

import pytest
from audit_other_cases import ROLE, lifecycle, repository, repository_policy, str_of
from audit_policies import ACCOUNT, ACTION, SUB, Json, allow, conditions, estate, trust
from rule_rows import Row, names, wrong

from deploy_access.audit.limits import MOST

SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/web/GitHubActions"
UNTAGGED = lifecycle("untagged", "sinceImagePushed")
WITHOUT_AUD = trust(StringEquals=conditions(aud=None))
BUCKETS = [f"arn:aws:s3:::web-{number}/*" for number in range(MOST + 1)]


def beside(resources: Json) -> Json:
    """Audit a good role with *resources* beside it."""
    return {"resources": resources}


def written(selection: Json, action: str = "expire") -> Json:
    """Make a lifecycle policy of one rule."""
    target = {"targetStorageClass": "archive"} if action == "transition" else {}
    rule = {"rulePriority": 1, "selection": selection, "action": {"type": action, **target}}
    policy = str_of({"rules": [rule]})
    return {"aws_ecr_lifecycle_policy": {"L": {"repository": "else", "policy": policy}}}


def denied(principal: Any) -> Json:
    """Make the policy of a repository that denies a principal everything."""
    statement = {"Effect": "Deny", "Principal": principal, "Action": "ecr:*"}
    policy = str_of({"Version": "2012-10-17", "Statement": [statement]})
    return {"aws_ecr_repository_policy": {"P": {"repository": "else", "policy": policy}}}


def of_web(resources: Json) -> Json:
    """Say that a lifecycle policy is of the repository that `repository()` makes."""
    (block,) = resources["aws_ecr_lifecycle_policy"].values()
    return {
        "aws_ecr_lifecycle_policy": {"L": {**block, "repository": "${aws_ecr_repository.I.name}"}}
    }


TABLE: dict[str, Row] = {
    "expires-tagged": Row(
        beside(written({"tagStatus": "any", "countType": "sinceImagePushed", "countNumber": 30})),
        beside(UNTAGGED),
        (
            beside(written({"tagStatus": "any", "storageClass": "archive",
                            "countType": "sinceImageTransitioned", "countNumber": 365})),
            beside(written({"tagStatus": "untagged", "countType": "imageCountMoreThan",
                            "countNumber": 1})),
            beside(written({"tagStatus": "untagged", "countType": "sinceImagePulled",
                            "countNumber": 30}, "transition")),
        ),
    ),
    "mutable-tags": Row(
        beside(repository(image_tag_mutability="MUTABLE")),
        beside(repository(image_tag_mutability="IMMUTABLE")),
        (
            beside(repository(image_tag_mutability="IMMUTABLE_WITH_EXCLUSION")),
            beside(repository(image_tag_mutability="${var.mutability}")),
            beside({"aws_ecr_repository_creation_template": {
                "T": {"prefix": "web", "image_tag_mutability": "IMMUTABLE"}}}),
        ),
    ),
    "no-lifecycle": Row(
        beside(repository()),
        beside(repository() | of_web(UNTAGGED)),
        (
            beside(repository(name="else") | UNTAGGED),
            beside(repository() | of_web(lifecycle("tagged", "imageCountMoreThan"))),
            beside({"data": {"aws_ecr_repository": {"I": {"name": "web"}}}}),
        ),
    ),
    "no-scan": Row(
        beside(repository(image_scanning_configuration=None)),
        beside(repository()),
        (
            beside(repository(image_scanning_configuration={"scan_on_push": True})),
            beside(repository(image_scanning_configuration=[{"scan_on_push": "true"}])),
            beside(repository(image_scanning_configuration={"scan_on_push": "${var.scan}"})),
        ),
    ),
    "open-repository": Row(
        beside(repository_policy("*")),
        beside(repository_policy({"AWS": f"arn:aws:iam::{ACCOUNT}:root"})),
        (
            beside(repository_policy("*", StringEquals={"aws:PrincipalOrgID": "o-1"})),
            beside(repository_policy({"Service": "lambda.amazonaws.com"}, StringEquals={
                "aws:SourceAccount": ACCOUNT})),
            beside(denied("*")),
        ),
    ),
    "session-principal": Row(
        beside(repository_policy({"AWS": SESSION})),
        beside(repository_policy({"AWS": ROLE})),
        (
            beside(repository_policy({"AWS": f"arn:aws:iam::{ACCOUNT}:role/assumed-role/web"})),
            beside(repository_policy({"AWS": f"arn:aws:iam::{ACCOUNT}:user/web"})),
            beside(denied({"AWS": SESSION})),
        ),
    ),
    "too-many": Row(
        {"trusting": trust({"Action": [f"sts:Get{number}" for number in range(MOST + 1)]})},
        {"trusting": trust({"Action": ACTION})},
        (
            {"trusting": trust(StringEquals=conditions(
                sub=[f"{SUB}-{number}" for number in range(MOST + 1)]))},
            {"allowing": allow("s3:GetObject", BUCKETS)},
            {"resources": {"aws_iam_role": {
                f"R{number}": {"name": f"r{number}", "assume_role_policy": str_of(trust())}
                for number in range(MOST + 1)}}},
        ),
    ),
    "unused-acceptance": Row(
        {"accept": {"no-aud": "until 2027"}},
        {},
        (
            {"trusting": WITHOUT_AUD, "accept": {"no-aud": "until 2027"}},
            {"trusting": WITHOUT_AUD, "accepting": {"no-aud": "until 2027"}},
            {"resources": repository_policy("*"),
             "accepting": {"open-repository": "an image for everybody"}},
        ),
    ),
}  # fmt: skip


def audited(example: Json) -> Any:
    """Audit an estate as `estate` takes it."""
    given = dict(example)
    return estate(given.pop("resources", None), **given)


@pytest.mark.parametrize("rule", TABLE)
def test_before(rule: str) -> None:
    """The rule finds what is wrong."""
    assert rule in names(audited(TABLE[rule].before))


@pytest.mark.parametrize("rule", TABLE)
def test_after(rule: str) -> None:
    """What is mended is clean."""
    assert wrong(rule, audited(TABLE[rule].after)) == set()


@pytest.mark.parametrize("near", range(3))
@pytest.mark.parametrize("rule", TABLE)
def test_near(rule: str, near: int) -> None:
    """What looks alike is clean."""
    assert wrong(rule, audited(TABLE[rule].near[near])) == set()


@pytest.mark.parametrize(
    ("counted", "action", "does"),
    [
        ("sinceImagePushed", "expire", "deleted by its age"),
        ("imageCountMoreThan", "expire", "deleted after enough pushes"),
        ("sinceImagePushed", "transition", "archived by its age"),
        ("sinceImagePulled", "transition", "archived when no task has started for long"),
    ],
)
def test_what_a_lifecycle_does(counted: str, action: str, does: str) -> None:
    """The reason says what becomes of an image, and when."""
    selection = {"tagStatus": "any", "countType": counted, "countNumber": 30}
    (found,) = estate(written(selection, action)).findings

    assert found.finding.why == (
        f"An image that is still deployed can be {does}; its tasks then cannot start."
    )
