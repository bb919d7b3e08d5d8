"""Who reaches what, of a whole account as AWS answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import boto3  # pyright: ignore[reportMissingTypeStubs]
import pytest
from moto import mock_aws

from deploy_access.audit.estate_audit import audit_estate
from deploy_access.errors import InvalidValue
from deploy_access.report.audit_json import render_audit_json
from deploy_access.terraform.reader import read_estate

if TYPE_CHECKING:
    from deploy_access.audit.report_model import Audit, ReachedRole

ACCOUNT = "111122223333"
GITHUB = "token.actions.githubusercontent.com"
SUBJECT = "repo:acme@123456/web@456789:environment:prod"
PAGE = Path(__file__).parent / "page/answers/get-account-authorization-details.json"


def provider(host: str) -> dict[str, str]:
    """Write a provider of the account as a principal."""
    return {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{host}"}


def trust(principal: object = None, **condition: object) -> dict[str, object]:
    """Write a trust policy; without a condition, for one environment."""
    asked = {f"{GITHUB}:aud": "sts.amazonaws.com", f"{GITHUB}:sub": SUBJECT}
    statement = {
        "Effect": "Allow",
        "Principal": principal or provider(GITHUB),
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": condition or {"StringEquals": asked},
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


SERVICE = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "ecs-tasks.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}


def allow(*actions: str, **more: object) -> dict[str, object]:
    """Write a policy."""
    statement = {"Effect": "Allow", "Action": [*actions], "Resource": "*", **more}
    return {"Version": "2012-10-17", "Statement": [statement]}


def role(name: str, trusted: object, *inline: object, **more: object) -> dict[str, object]:
    """Write a role of the answer."""
    return {
        "Path": "/",
        "RoleName": name,
        "Arn": f"arn:aws:iam::{ACCOUNT}:role/{name}",
        "AssumeRolePolicyDocument": trusted,
        "RolePolicyList": [
            {"PolicyName": f"p{n}", "PolicyDocument": each} for n, each in enumerate(inline)
        ],
        "AttachedManagedPolicies": [],
        **more,
    }


def audit(folder: Path, *roles: object, **more: object) -> Audit:
    """Audit an account."""
    answer = {"UserDetailList": [], "RoleDetailList": [*roles], "Policies": [], **more}
    (folder / "account.json").write_text(json.dumps(answer), "utf-8")
    return audit_estate(read_estate(folder / "account.json"))


def reached(folder: Path, *roles: object) -> tuple[ReachedRole, ...]:
    """Return who reaches what."""
    found = audit(folder, *roles).reached
    assert found is not None
    return found


def test_an_account_as_aws_answers(tmp_path: Path) -> None:
    """What IAM returns of a role, its policies and their versions is one line of the summary."""
    with mock_aws():
        iam = cast("Any", boto3).client("iam", region_name="eu-central-1")
        document = json.dumps(trust())
        iam.create_role(RoleName="web-deploy", AssumeRolePolicyDocument=document)
        iam.create_role(RoleName="task", AssumeRolePolicyDocument=json.dumps(SERVICE))
        made = iam.create_policy(PolicyName="push", PolicyDocument=json.dumps(allow("*")))
        arn = made["Policy"]["Arn"]
        newer = json.dumps(allow("ecr:PutImage", "iam:PassRole"))
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=newer, SetAsDefault=True)
        iam.attach_role_policy(RoleName="web-deploy", PolicyArn=arn)
        inline = json.dumps(allow("s3:GetObject"))
        iam.put_role_policy(RoleName="web-deploy", PolicyName="read", PolicyDocument=inline)
        answer = iam.get_account_authorization_details(Filter=["Role", "LocalManagedPolicy"])
    answer.pop("ResponseMetadata")
    file = tmp_path / "account.json"
    file.write_text(json.dumps(answer, default=str), "utf-8")

    found = audit_estate(read_estate(file))

    assert found.reached is not None
    (one,) = found.reached
    assert (one.name, [(by.issuer, by.subject) for by in one.by]) == (
        "web-deploy",
        [(GITHUB, SUBJECT)],
    )
    assert (one.may, one.gives, one.unread) == (
        {"write": ("ecr",), "read": ("s3",)},
        ("iam:PassRole",),
        (),
    )
    assert one.severities.keys() >= {"error"}
    assert found.roles == 2


@pytest.mark.parametrize(
    ("trusted", "by"),
    [
        pytest.param(trust(), [(SUBJECT, (), True)], id="one subject"),
        pytest.param(
            trust(
                StringEquals={f"{GITHUB}:sub": "repo:a/b:ref:x", f"{GITHUB}:actor": "me"},
                IpAddress={"aws:SourceIp": "10.0.0.0/8"},
            ),
            [("repo:a/b:ref:x", ("actor is me", "aws:SourceIp is in 10.0.0.0/8"), False)],
            id="what else is asked",
        ),
        pytest.param(
            trust(StringLike={f"{GITHUB}:sub": ["repo:a/*", "repo:b/*"]}),
            [("repo:a/*", (), True), ("repo:b/*", (), True)],
            id="patterns",
        ),
        pytest.param(trust(StringEquals={f"{GITHUB}:aud": "x"}), [("*", (), True)], id="no sub"),
        pytest.param(
            trust({"Federated": "cognito-identity.amazonaws.com"}, Bool={"aws:x": "true"}),
            [("*", ("aws:x is true",), True)],
            id="Cognito",
        ),
        pytest.param({"Statement": 5}, [], id="not a policy"),
    ],
)
def test_by_whom(trusted: object, by: list[object], tmp_path: Path) -> None:
    """Each subject that is let in is listed, with what is asked besides its audience."""
    (one,) = reached(tmp_path, role("web", trusted))

    assert [(each.subject, each.conditions, each.is_certain) for each in one.by] == by


@pytest.mark.parametrize(
    "trusted",
    [
        pytest.param(SERVICE, id="a service"),
        pytest.param(
            {**trust(), "Statement": [*cast("list[object]", trust()["Statement"]), {
                "Effect": "Deny", "Principal": "*", "Action": "*"
            }]},
            id="denied",
        ),
        pytest.param(
            trust({"Federated": f"arn:aws:iam::{ACCOUNT}:saml-provider/x"}), id="SAML"
        ),
    ],
)  # fmt: skip
def test_not_reached(trusted: object, tmp_path: Path) -> None:
    """A role that lets no token in is not in the summary."""
    assert reached(tmp_path, role("web", trusted)) == ()


def test_a_list_without_end(tmp_path: Path) -> None:
    """Behind a hundred subjects that no token has, others may be let in."""
    subjects = [f"repo:acme/web{n}:ref:x" for n in range(101)]
    trusted = trust(StringEquals={f"{GITHUB}:sub": subjects})
    denied = {"Effect": "Deny", "Principal": "*", "Action": "*"}
    trusted["Statement"] = [*cast("list[object]", trusted["Statement"]), denied]

    (one,) = reached(tmp_path, role("web", trusted))

    assert [(by.subject, by.is_certain) for by in one.by] == [("*", False)]


READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"


@pytest.mark.parametrize(
    ("policies", "attached", "may", "gives", "unread"),
    [
        pytest.param([allow("*")], (), {"permissions management": ("everything",)}, 3, 0, id="*"),
        pytest.param(
            [allow("ecr:PutImage", "ecr:ListImages"), allow("s3:ListBucket")],
            (),
            {"write": ("ecr",), "list": ("s3",)},
            0,
            0,
            id="the most dangerous level of each service",
        ),
        pytest.param([allow("sts:AssumeRole")], (), {}, 1, 0, id="goes on"),
        pytest.param([], (READ_ONLY,), {}, 0, 1, id="a policy of AWS"),
        pytest.param(
            [], (f"arn:aws:iam::{ACCOUNT}:policy/x",), {}, 0, 1, id="a policy that was not read"
        ),
        pytest.param([{"Version": 5}], (), {}, 0, 1, id="not a policy"),
        pytest.param([allow("s3:*", Effect="Deny")], (), {}, 0, 0, id="denies"),
        pytest.param([allow("foo:Bar")], (), {"unknown": ("foo",)}, 0, 0, id="not in AWS's list"),
    ],
)
def test_what_it_may_do(  # noqa: PLR0917 - a row of the table
    policies: list[object],
    attached: tuple[str, ...],
    may: object,
    gives: int,
    unread: int,
    tmp_path: Path,
) -> None:
    """Services stand under AWS's levels, and what is not known is never left out."""
    listed = [{"PolicyName": arn.rpartition("/")[2], "PolicyArn": arn} for arn in attached]
    one = role("web", trust(), *policies, AttachedManagedPolicies=listed)
    (found,) = reached(tmp_path, one)

    assert (found.may, len(found.gives), len(found.unread)) == (may, gives, unread)


def test_not_action_is_nearly_everything(tmp_path: Path) -> None:
    """A `NotAction` says what it leaves out."""
    policy = allow(NotAction=["iam:*", "s3:*"])
    del cast("list[dict[str, object]]", policy["Statement"])[0]["Action"]
    (one,) = reached(tmp_path, role("web", trust(), policy))

    assert one.may == {"permissions management": ("all but iam:*, s3:*",)}
    assert "iam:PassRole" not in one.gives


def test_the_worst_come_first(tmp_path: Path) -> None:
    """Roles with errors stand before those with notes; both have their rules."""
    wide = trust(StringLike={f"{GITHUB}:sub": "repo:acme/*"})
    found = reached(tmp_path, role("a", trust()), role("b", wide, allow("*")))

    assert [one.name for one in found] == ["b", "a"]
    assert "org-wide" in found[0].rules
    assert found[1].severities == {"note": 1}


def test_several_answers_of_one_account(tmp_path: Path) -> None:
    """Pages of one account join, and a page that is missing is said."""
    arn = f"arn:aws:iam::{ACCOUNT}:policy/push"
    attached = [{"PolicyName": "push", "PolicyArn": arn}]
    first = {
        "RoleDetailList": [role("web", trust(), AttachedManagedPolicies=attached)],
        "Policies": [],
        "IsTruncated": True,
        "Marker": "abc",
    }
    version = {"VersionId": "v1", "IsDefaultVersion": True, "Document": allow("ecr:PutImage")}
    policy = {"PolicyName": "push", "Path": "/", "Arn": arn, "PolicyVersionList": [version]}
    second = {"RoleDetailList": [], "Policies": [policy]}
    for name, content in {"a": first, "b": second}.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(content), "utf-8")

    found = audit_estate(read_estate(tmp_path / "a.json", tmp_path / "b.json"))

    assert found.reached is not None
    assert (found.reached[0].may, found.reached[0].unread) == ({"write": ("ecr",)}, ())
    assert [problem.given for problem in found.problems if "several" in problem.what] == ["Marker"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(PAGE.read_text("utf-8")[:3000], id="cut off"),
        pytest.param('{"RoleDetailList": [5, null, {"RoleName": 7}], "Policies": {}}', id="types"),
        pytest.param('{"RoleDetailList": [{"Arn": "x"}], "NextToken": "t"}', id="no name"),
        pytest.param('{"RoleDetailList": "x", "Policies": [{"PolicyVersionList": 3}]}', id="text"),
    ],
)
def test_damaged(text: str, tmp_path: Path) -> None:
    """A damaged account is one clear line, or each damaged part is noted."""
    file = tmp_path / "account.json"
    file.write_text(text, "utf-8")

    assert said(file)


def said(file: Path) -> str:
    """Return what is refused or noted about a file."""
    try:
        found = audit_estate(read_estate(file))
    except InvalidValue as error:
        return str(error) if str(file) in str(error) else ""
    return "\n".join([*map(str, found.problems), *(one.finding.rule for one in found.findings)])


def test_only_of_a_whole_account(tmp_path: Path) -> None:
    """A role by itself is no account, so nothing is said of who reaches what."""
    (tmp_path / "role.json").write_text(json.dumps({"Role": role("web", trust())}), "utf-8")
    found = audit_estate(read_estate(tmp_path / "role.json"))

    assert found.reached is None
    assert "reached" not in json.loads(render_audit_json(found))


def test_json_has_all_of_it() -> None:
    """A program gets every caller and every service, with nothing cut."""
    document = json.loads(render_audit_json(audit_estate(read_estate(PAGE))))

    assert [one["role"] for one in document["reached"]] == [
        "ci-admin",
        "web-deploy",
        "docs-publish",
    ]
    assert document["reached"][2] == {
        "role": "docs-publish",
        "account": ACCOUNT,
        "by": [
            {
                "issuer": "gitlab.com",
                "subject": "project_path:acme/docs:ref_type:branch:ref:main",
                "conditions": [],
                "is_certain": True,
            }
        ],
        "may": {"write": ["s3"]},
        "gives": [],
        "unread": [],
        "severities": {},
        "rules": [],
    }
