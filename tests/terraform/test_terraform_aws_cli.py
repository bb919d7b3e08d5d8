"""What the command line of AWS prints, and a trust policy by itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from raw_estate import read_raw_estate
from reading_files import ACCOUNT

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
