"""What the command line of AWS prints, and a trust policy by itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from raw_estate import read_raw_estate
from reading_files import ACCOUNT

from deploy_access.errors import InvalidValue
from deploy_access.terraform.estate import Document, Estate, NamedPolicy, Role, Where
from deploy_access.terraform.reader import read_estate

if TYPE_CHECKING:
    from pathlib import Path

FILE = "answers/role.json"
TRUST: dict[str, object] = {"Version": "2012-10-17", "Statement": list[object]()}
ARN = f"arn:aws:iam::{ACCOUNT}:role/ci/web"
P_ARN = f"arn:aws:iam::{ACCOUNT}:policy/p"
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
ROLE: dict[str, object] = {
    "Path": "/ci/",
    "RoleName": "web",
    "Arn": ARN,
    "AssumeRolePolicyDocument": TRUST,
    "MaxSessionDuration": 3600,
}


def answer(content: object) -> Estate:
    """Read what a command printed."""
    return read_raw_estate(json.dumps(content).encode(), FILE)


@pytest.mark.parametrize(
    ("written", "content"),
    [
        pytest.param(TRUST, TRUST, id="object"),
        pytest.param(quote(json.dumps(TRUST)), json.dumps(TRUST), id="encoded"),
        pytest.param(json.dumps(TRUST), json.dumps(TRUST), id="text"),
    ],
)
def test_get_role(written: object, content: object) -> None:
    """A role is read whole, whichever way its trust policy is written."""
    estate = answer({"Role": {**ROLE, "AssumeRolePolicyDocument": written}})

    where = Where(FILE, "Role.AssumeRolePolicyDocument")
    role = Role(
        account=ACCOUNT,
        name="web",
        path="/ci/",
        arn=ARN,
        where=Where(FILE, "Role"),
        trust=Document(content=content, where=where),  # pyright: ignore[reportArgumentType]
        max_session_duration=3600,
    )
    assert estate == Estate(roles=(role,))


def test_list_roles() -> None:
    """Each role of a list is known by its place."""
    estate = answer({"Roles": [ROLE, {**ROLE, "RoleName": "b", "Arn": "x"}]})

    assert [(r.name, r.account, r.where.address) for r in estate.roles] == [
        ("b", None, "Roles[1]"),
        ("web", ACCOUNT, "Roles[0]"),
    ]


def test_account_authorization_details() -> None:
    """Inline, attached and bounding policies come with their documents."""
    versions = [
        {"IsDefaultVersion": False, "Document": dict[str, object]()},
        {"IsDefaultVersion": True, "Document": TRUST},
    ]
    policy = {"PolicyName": "p", "Path": "/", "Arn": P_ARN, "PolicyVersionList": versions}
    detail = {
        **ROLE,
        "RolePolicyList": [{"PolicyName": "in", "PolicyDocument": TRUST}],
        "AttachedManagedPolicies": [{"PolicyArn": P_ARN}, {"PolicyArn": READ_ONLY}],
        "PermissionsBoundary": {"PermissionsBoundaryArn": P_ARN},
    }
    estate = answer({"RoleDetailList": [detail], "Policies": [policy]})

    def managed(address: str) -> NamedPolicy:
        where = Where(FILE, "Policies[0].PolicyVersionList[1].Document")
        return NamedPolicy(
            name="p",
            kind="managed",
            document=Document(content=TRUST, where=where),
            where=Where(FILE, f"RoleDetailList[0].{address}"),
            arn=P_ARN,
        )

    inline = Where(FILE, "RoleDetailList[0].RolePolicyList[0].PolicyDocument")
    assert estate.problems == ()
    assert estate.roles[0].boundary == managed("PermissionsBoundary")
    assert estate.roles[0].policies == (
        NamedPolicy(
            name="ReadOnlyAccess",
            kind="attached-arn",
            document=None,
            where=Where(FILE, "RoleDetailList[0].AttachedManagedPolicies[1]"),
            arn=READ_ONLY,
        ),
        NamedPolicy(
            name="in",
            kind="inline",
            document=Document(content=TRUST, where=inline),
            where=Where(FILE, "RoleDetailList[0].RolePolicyList[0]"),
        ),
        managed("AttachedManagedPolicies[0]"),
    )


def test_get_role_policy_joins_get_role(tmp_path: Path) -> None:
    """Two answers about one role are one role."""
    role, policy = tmp_path / "role.json", tmp_path / "policy.json"
    role.write_text(json.dumps({"Role": ROLE}), "utf-8")
    inline = {"RoleName": "web", "PolicyName": "in", "PolicyDocument": TRUST}
    policy.write_text(json.dumps(inline), "utf-8")
    estate = read_estate(policy, role)

    assert [(r.account, [p.name for p in r.policies]) for r in estate.roles] == [(ACCOUNT, ["in"])]


def test_trust_policy_by_itself() -> None:
    """A trust policy is that of a role that is called as the file is."""
    trust = Document(content=TRUST, where=Where(FILE))
    role = Role(account=None, name="role", path=None, arn=None, where=Where(FILE), trust=trust)

    assert answer(TRUST) == Estate(roles=(role,))


@pytest.mark.parametrize(
    ("content", "addresses"),
    [
        ({"Role": 5}, ["Role"]),
        ({"Role": {"RoleName": "x"}}, ["Role.AssumeRolePolicyDocument"]),
        ({"Roles": [None, 5]}, ["Roles[0]", "Roles[1]"]),
        (
            {"RoleDetailList": [{**ROLE, "AttachedManagedPolicies": [None]}]},
            ["RoleDetailList[0].AttachedManagedPolicies[0]"],
        ),
    ],
)
def test_wrong_types_are_named(content: object, addresses: list[str]) -> None:
    """What is not as AWS prints it is a problem with its place."""
    problems = answer(content).problems

    assert [(p.kind, p.where.address) for p in problems] == [("malformed", a) for a in addresses]


def alone(address: str, name: str = "role", content: object = TRUST) -> Role:
    """Make what a policy by itself is read as."""
    document = Document(content=content, where=Where(FILE, address))  # pyright: ignore[reportArgumentType]
    return Role(account=None, name=name, path=None, arn=None, where=Where(FILE), trust=document)


@pytest.mark.parametrize(
    ("content", "address"),
    [
        pytest.param(
            {"PolicyVersion": {"Document": TRUST}}, "PolicyVersion.Document", id="version"
        ),
        pytest.param({"Document": TRUST, "VersionId": "v1"}, "Document", id="queried version"),
        pytest.param(
            {"UserName": "u", "PolicyName": "p", "PolicyDocument": TRUST},
            "PolicyDocument",
            id="user",
        ),
        pytest.param(
            {"GroupName": "g", "PolicyName": "p", "PolicyDocument": TRUST},
            "PolicyDocument",
            id="group",
        ),
        pytest.param(TRUST, "", id="document"),
    ],
)
def test_policies_by_themselves(content: object, address: str) -> None:
    """A policy of which no more is said is called as its file is."""
    assert answer(content) == Estate(roles=(alone(address),))


def test_an_encoded_policy_version() -> None:
    """The API has documents as URL-encoded text."""
    text = json.dumps(TRUST)

    assert answer({"PolicyVersion": {"Document": quote(text)}}) == Estate(
        roles=(alone("PolicyVersion.Document", content=text),)
    )


@pytest.mark.parametrize(
    ("content", "addresses"),
    [
        (ROLE, [""]),
        ({"InstanceProfile": {"Roles": [ROLE]}}, ["InstanceProfile.Roles[0]"]),
        (
            {
                "InstanceProfiles": [
                    {"Roles": list[object]()},
                    {"Roles": [ROLE, {**ROLE, "RoleName": "b"}]},
                ]
            },
            ["InstanceProfiles[1].Roles[1]", "InstanceProfiles[1].Roles[0]"],
        ),
    ],
)
def test_roles_in_other_answers(content: object, addresses: list[str]) -> None:
    """A role is read wherever an answer has it whole."""
    estate = answer(content)

    assert [role.where.address for role in estate.roles] == addresses
    assert {role.account for role in estate.roles} == {ACCOUNT}
    assert estate.problems == ()
    assert [role.trust.content for role in estate.roles if role.trust] == [TRUST] * len(addresses)


@pytest.mark.parametrize(
    ("content", "kind", "resource"),
    [
        (
            {"registryId": ACCOUNT, "repositoryName": "web", "policyText": json.dumps(TRUST)},
            "aws_ecr_repository_policy",
            "web",
        ),
        (
            {"registryId": ACCOUNT, "policyText": json.dumps(TRUST)},
            "aws_ecr_registry_policy",
            ACCOUNT,
        ),
    ],
)
def test_policies_of_ecr(content: object, kind: str, resource: str) -> None:
    """The policy of a repository, and of a registry, is a text."""
    (policy,) = answer(content).resource_policies

    assert (policy.type, policy.resource, policy.account) == (kind, resource, ACCOUNT)
    assert policy.document == Document(content=json.dumps(TRUST), where=Where(FILE, "policyText"))


def test_lifecycle_of_ecr() -> None:
    """The lifecycle of a repository is one too."""
    (lifecycle,) = answer(
        {"registryId": ACCOUNT, "repositoryName": "web", "lifecyclePolicyText": '{"rules":[]}'}
    ).lifecycles

    assert (lifecycle.resource, lifecycle.document.content) == ("web", '{"rules":[]}')


VERSION = "aws iam get-policy-version --policy-arn"


@pytest.mark.parametrize(
    ("content", "instead"),
    [
        pytest.param(
            {"Policy": {"Arn": P_ARN, "DefaultVersionId": "v3"}},
            f"`{VERSION} {P_ARN} --version-id v3`",
            id="get-policy",
        ),
        pytest.param(
            {"Versions": [{"VersionId": "v1"}, {"VersionId": "v2", "IsDefaultVersion": True}]},
            f"`{VERSION} ARN --version-id v2`",
            id="list-policy-versions",
        ),
        pytest.param(
            {"PolicyNames": ["in"]},
            "`aws iam get-role-policy --role-name ROLE --policy-name in`",
            id="list-role-policies",
        ),
        pytest.param(
            {"AttachedPolicies": [{"PolicyName": "p", "PolicyArn": P_ARN}]},
            "`aws iam get-account-authorization-details`",
            id="list-attached-role-policies",
        ),
        pytest.param(
            {"Policies": [{"PolicyName": "p"}]},
            "`aws iam get-account-authorization-details`",
            id="list-policies",
        ),
        pytest.param(
            {"Policy": json.dumps(TRUST)}, "`deploy-access review`", id="get-bucket-policy"
        ),
        pytest.param(
            {"Name": "db", "ResourcePolicy": "{}"},
            "`deploy-access review`",
            id="get-resource-policy",
        ),
        pytest.param(
            {"Attributes": {"Policy": "{}"}}, "`deploy-access review`", id="get-queue-attributes"
        ),
        pytest.param(
            {"Policy": {"PolicySummary": {}, "Content": "{}"}},
            "policies of the roles",
            id="describe-policy",
        ),
        pytest.param({"Policy": {}}, "`deploy-access review`", id="no policy"),
    ],
)
def test_answers_without_a_document(content: object, instead: str) -> None:
    """An answer that only names policies is refused with the command that has them."""
    with pytest.raises(InvalidValue) as caught:
        answer(content)

    (problem,) = caught.value.problems
    assert (problem.given, instead in problem.fix) == (FILE, True)


def test_policies_that_no_role_has() -> None:
    """Managed policies alone are not audited, and that is said."""
    version = {"IsDefaultVersion": True, "Document": TRUST}
    policy = {"PolicyName": "p", "Arn": P_ARN, "PolicyVersionList": [version]}
    details = {"RoleDetailList": list[object](), "Policies": [policy]}

    assert [p.where.address for p in answer(details).problems] == ["Policies"]
    assert answer({**details, "RoleDetailList": [ROLE]}).problems == ()
