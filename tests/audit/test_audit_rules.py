"""Each rule: what it finds, and what it leaves alone."""

from __future__ import annotations

from typing import Any

import pytest
from audit_other_cases import (
    AWS,
    BAD_PERMISSIONS,
    BAD_RESOURCES,
    GOOD_PERMISSIONS,
    GOOD_RESOURCES,
    IMAGE,
    PUSH,
    ROLE,
)
from audit_policies import (
    ACCOUNT,
    ARN,
    HOST,
    PULL_REQUEST,
    Json,
    allow,
    conditions,
    estate,
    rules,
    trust,
)
from audit_trust_cases import BAD_TRUST, GOOD_TRUST

from deploy_access.audit.catalogue import CATALOGUE, SUBJECT_RULES, WORKFLOW_RULES
from deploy_access.audit.finding import Finding
from deploy_access.audit.limits import MOST
from deploy_access.audit.subject_value_rules import check_subject


def ids(cases: list[Any]) -> list[Any]:
    """Give each case its name."""
    return [pytest.param(*case[1:], id=case[0]) for case in cases]


@pytest.mark.parametrize(("policy", "expected"), ids(BAD_TRUST))
def test_bad_trust(policy: Any, expected: list[str]) -> None:
    """A trust policy that is too wide, or never lets anybody in, is found by its rules."""
    assert rules(estate(trusting=policy)) == expected


@pytest.mark.parametrize(
    ("accept", "found", "accepted"),
    [(None, ["bad-ref"], []), ({"repo-wide": "The template is `repo` alone."}, [], ["repo-wide"])],
)
def test_the_repository_alone(accept: Json | None, found: list[str], accepted: list[str]) -> None:
    """What accepts all of a repository by name has a template that says no more."""
    policy = trust(StringEquals=conditions(sub="repo:acme@1/web@2"))

    made = estate(trusting=policy, accept=accept)

    assert rules(made) == found
    assert [placed.finding.rule for placed in made.accepted] == accepted


@pytest.mark.parametrize("value", ["repo:acme/*", "repo:*/*", "repo:acme/web*", "repo:acme@1/*"])
def test_pull_requests_of_many_repositories(value: str) -> None:
    """A wildcard in the repository leaves a pull request what it is."""
    policy = trust(
        StringLike={f"{HOST}:sub": f"{value}:pull_request"}, StringEquals=conditions(sub=None)
    )
    findings = estate(trusting=policy, allowing=PUSH).findings

    assert ("pull-request-write", "error") in [
        (p.finding.rule, p.finding.severity) for p in findings
    ]


@pytest.mark.parametrize("policy", ids(GOOD_TRUST))
def test_good_trust(policy: Any) -> None:
    """What is as narrow as it should be is left alone, but for notes."""
    assert [
        p.finding for p in estate(trusting=policy).findings if p.finding.severity != "note"
    ] == []


@pytest.mark.parametrize(("policy", "expected"), ids(BAD_PERMISSIONS))
def test_bad_permissions(policy: Any, expected: list[str]) -> None:
    """What a role may do beyond a deploy is found by its rules."""
    assert rules(estate(allowing=policy)) == expected


@pytest.mark.parametrize(
    ("policy", "severity"),
    [
        pytest.param(allow("iam:PassRole", "*"), "error", id="any role"),
        pytest.param(allow("iam:PassRole", f"{ROLE}-*"), "warning", id="roles of a name"),
        pytest.param(allow("sts:AssumeRole"), "error", id="become any"),
        pytest.param(allow("sts:AssumeRole", ROLE), "warning", id="become one"),
        pytest.param(allow("ecr:PutImage"), "error", id="write all"),
        pytest.param(allow("ecr:BatchGetImage"), "warning", id="read all"),
    ],
)
def test_severity(policy: Json, severity: str) -> None:
    """What is narrower, or only reads, is less severe."""
    found = estate(allowing=policy).findings

    assert {p.finding.severity for p in found if p.key == "Resource" or len(found) == 1} == {
        severity
    }


@pytest.mark.parametrize("policy", ids(GOOD_PERMISSIONS))
def test_good_permissions(policy: Any) -> None:
    """What a deploy calls is left alone."""
    assert rules(estate(allowing=policy)) == []


@pytest.mark.parametrize(("resources", "expected"), ids(BAD_RESOURCES))
def test_bad_resources(resources: Json, expected: list[str]) -> None:
    """What is wrong with what stands beside the role is found by its rules."""
    assert rules(estate(resources)) == expected


@pytest.mark.parametrize("resources", ids(GOOD_RESOURCES))
def test_good_resources(resources: Json) -> None:
    """What stands rightly beside the role is left alone."""
    assert rules(estate(resources)) == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("AdministratorAccess", ["full-access-policy"]),
        ("AmazonECS_FullAccess", ["full-access-policy"]),
        ("AmazonEC2ContainerRegistryPowerUser", ["full-access-policy"]),
        ("SecretsManagerReadWrite", ["full-access-policy"]),
        ("AWSCodeBuildAdminAccess", ["full-access-policy"]),
        ("job-function/SystemAdministrator", ["full-access-policy"]),
        ("job-function/DataScientist", ["full-access-policy"]),
        ("AWSCodeBuildDeveloperAccess", []),
        ("AmplifyBackendDeployFullAccess", []),
        ("service-role/AWSCodeDeployRoleForECS", []),
        ("AmazonEC2ContainerRegistryReadOnly", []),
        ("service-role/AmazonECSTaskExecutionRolePolicy", []),
    ],
)
def test_attached(name: str, expected: list[str]) -> None:
    """A managed policy is known by its name, as its text stands nowhere."""
    assert rules(estate(attached=(f"{AWS}/{name}",))) == expected


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("AdministratorAccess", "everything"),
        ("PowerUserAccess", "everything"),
        ("AdministratorAccess-Amplify", "every resource of its services"),
        ("AmazonECS_FullAccess", "every resource of its services"),
    ],
)
def test_what_is_attached(name: str, what: str) -> None:
    """Two policies of AWS are about everything, others about their services."""
    (found,) = estate(attached=(f"{AWS}/{name}",)).findings

    assert found.finding.why == (
        f"AWS keeps this policy, and it is about {what}: far more than a deploy calls."
    )


@pytest.mark.parametrize(
    ("allowing", "attached", "expected"),
    [
        pytest.param(PUSH, (), ["pull-request-write"], id="push"),
        pytest.param(allow("ecr:GetAuthorizationToken"), (), [], id="log in"),
        pytest.param(allow(["ecr:BatchGetImage"], IMAGE), (), [], id="pull"),
        pytest.param(None, (), [], id="nothing"),
        pytest.param(None, (f"{AWS}/AmazonEC2ContainerRegistryReadOnly",), [], id="read"),
        pytest.param(None, (f"{AWS}/AWSCodeDeployRole",), ["pull-request-write"], id="unread"),
    ],
)
def test_pull_requests(allowing: Any, attached: tuple[str, ...], expected: list[str]) -> None:
    """A role that trusts pull requests may read, and write nothing."""
    trusting = trust(StringEquals=conditions(sub=PULL_REQUEST))

    assert rules(estate(trusting=trusting, allowing=allowing, attached=attached)) == expected


@pytest.mark.parametrize(
    "policy",
    [
        '{"Version":"2012-10-17","Statement":[],"Statement":[]}',
        '{"Version":"2012-10-17","Version":"2012-10-17","Statement":[]}',
    ],
)
def test_duplicate_keys(policy: str) -> None:
    """A key that stands twice is found, in a document and around it."""
    assert "dup-key" in rules(estate(trusting=policy))


def test_permissions_of_other_roles() -> None:
    """A role that no token can assume is not what the audit is about."""
    service = {"Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}

    assert rules(estate(trusting=trust(service), allowing=allow("*"))) == []


def test_a_role_for_all_but_some() -> None:
    """A role that everybody may assume is found, whatever it is assumed with."""
    strangers = {"Principal": None, "NotPrincipal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}
    statement = trust(strangers)["Statement"][0]
    del statement["Principal"]

    assert rules(estate(trusting={"Version": "2012-10-17", "Statement": [statement]})) == [
        "not-principal"
    ]


def test_the_repository_of_the_second_system() -> None:
    """What was made by hand has tags that move, no scan, and nothing that deletes."""
    made = estate({"aws_ecr_repository": {"Web": {"name": "sample"}}})

    assert rules(made) == ["mutable-tags", "no-lifecycle", "no-scan"]
    assert {p.finding.severity for p in made.findings} == {"note"}


def test_too_many() -> None:
    """Where more is wrong than anybody reads, it is said that the rest was not checked."""
    many = {"Action": [f"sts:Get{number}" for number in range(MOST + 1)]}

    found = rules(estate(trusting=trust(many)))

    assert found == ["too-many", *["wrong-action"] * MOST]


def test_as_much_as_is_checked() -> None:
    """What is just not too much is all there."""
    many = {"Action": [f"sts:Get{number}" for number in range(MOST)]}

    assert rules(estate(trusting=trust(many))) == ["wrong-action"] * MOST


def test_too_many_providers() -> None:
    """More providers than a policy has room for are not checked in silence."""
    many = [f"{ARN}{number}" for number in range(MOST + 1)]

    assert "too-many" in rules(estate(trusting=trust({"Principal": {"Federated": many}})))


def test_a_role_made_elsewhere() -> None:
    """What is given to a role whose trust policy stands elsewhere is checked."""
    policy = {"role": "shared", "policy_arn": f"{AWS}/AmazonECS_FullAccess"}

    found = estate({"aws_iam_role_policy_attachment": {"A": policy}})

    assert [(p.subject, p.finding.rule) for p in found.findings] == [
        (f"role shared ({ACCOUNT})", "full-access-policy")
    ]


def test_evidence() -> None:
    """A finding says whose it is, where it stands, and shows the value."""
    (found,) = estate(
        trusting=trust(StringEquals=conditions(sub="repo:acme@1/web@2:ref:x"))
    ).findings

    assert (found.subject, str(found.where), found.path, found.key, found.finding.evidence) == (
        f"role web ({ACCOUNT})",
        "web.tf.json: aws_iam_role.Web.assume_role_policy",
        "Statement[0].Condition.StringEquals",
        f"{HOST}:sub",
        "repo:acme@1/web@2:ref:x",
    )


def test_the_same_words_as_the_constructs() -> None:
    """What `audit` reports of a subject is what the constructs refuse it with."""
    wide = "repo:acme@1/web@2:*"
    (found,) = estate(
        trusting=trust(StringLike=conditions(sub=wide), StringEquals=conditions(sub=None))
    ).findings[:1]

    assert [found.finding] == list[Finding](check_subject(wide, pattern=True))


def test_every_rule_is_tried() -> None:
    """No rule is without a case here, apart from those of subjects and workflows elsewhere."""
    tried = {
        rule for _, _, found in [*BAD_TRUST, *BAD_PERMISSIONS, *BAD_RESOURCES] for rule in found
    }
    elsewhere = {
        *("dup-key", "full-access-policy", "too-many", "unused-acceptance"),
        *("open-role", "other-account", "own-account"),
        *("contradicting-ids", "letter-case"),
    }
    notes = {rule for rule in CATALOGUE if rule.startswith("runs-")}

    assert set(CATALOGUE) - tried - SUBJECT_RULES - WORKFLOW_RULES - notes == elsewhere
