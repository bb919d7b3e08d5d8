"""Answers of AWS that do not say whose policy they have: named, in a folder, damaged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from deploy_access.errors import InvalidValue
from deploy_access.terraform.named_file import parse_named
from deploy_access.terraform.reader import read_estate

ACCOUNT, OTHER = "111122223333", "444455556666"
ARN = f"arn:aws:iam::{ACCOUNT}:policy/ci/push"
SECOND = f"arn:aws:iam::{ACCOUNT}:policy/pull"
DATE = "2026-01-31T10:00:00+00:00"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}],
}
PUSH = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "ecr:PutImage", "Resource": "*"}],
}


def role(name: str = "web", account: str = ACCOUNT) -> dict[str, object]:
    """Write what `aws iam get-role` prints."""
    body = {
        "Path": "/",
        "RoleName": name,
        "RoleId": "AROA0123456789EXAMPLE",
        "Arn": f"arn:aws:iam::{account}:role/{name}",
        "CreateDate": DATE,
        "AssumeRolePolicyDocument": TRUST,
        "MaxSessionDuration": 3600,
        "RoleLastUsed": dict[str, object](),
    }
    return {"Role": body}


def version(number: int = 3, **more: object) -> dict[str, object]:
    """Write what `aws iam get-policy-version` prints."""
    body = {"Document": PUSH, "VersionId": f"v{number}", "IsDefaultVersion": True}
    return {"PolicyVersion": {**body, "CreateDate": DATE, **more}}


def policy(arn: str = ARN, default: str = "v3") -> dict[str, object]:
    """Write what `aws iam get-policy` prints."""
    body = {"PolicyName": arn.rpartition("/")[2], "Arn": arn, "DefaultVersionId": default}
    return {"Policy": {**body, "Path": "/", "AttachmentCount": 1, "IsAttachable": True}}


def attached(*arns: str) -> dict[str, object]:
    """Write what `aws iam list-attached-role-policies` prints."""
    policies = [{"PolicyName": arn.rpartition("/")[2], "PolicyArn": arn} for arn in arns]
    return {"AttachedPolicies": policies}


VERSIONS = {"Versions": [{"VersionId": "v3", "IsDefaultVersion": True, "CreateDate": DATE}]}
INLINE = {"RoleName": "web", "PolicyName": "in", "PolicyDocument": PUSH}
NAMES = {"PolicyNames": ["in"]}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(**answers: object) -> None:
    """Write answers into files."""
    for name, content in answers.items():
        Path(f"{name}.json").write_text(json.dumps(content), "utf-8")


def read(*given: str) -> tuple[dict[str, list[tuple[str, bool]]], list[str]]:
    """Return the policies of each role, with whether each was read, and what is noted."""
    estate = read_estate(*map(parse_named, given))
    has = {
        one.name: [(policy.name, policy.document is not None) for policy in one.policies]
        for one in estate.roles
    }
    return has, [f"{problem.where}: {problem.what}" for problem in estate.problems]


def refused(*given: str) -> str:
    """Return what is refused, as one line with four parts."""
    with pytest.raises(InvalidValue) as caught:
        read_estate(*map(parse_named, given))
    (problem,) = caught.value.problems
    assert problem.what
    assert problem.why
    assert problem.fix
    return str(problem)


def said(*given: str) -> str:
    """Return what is refused or noted."""
    try:
        return "\n".join(read(*given)[1])
    except InvalidValue as error:
        return str(error)


@pytest.mark.parametrize(
    ("answers", "given", "has"),
    [
        pytest.param(
            {"list": attached(ARN), "v": version()},
            ["web=list.json", f"{ARN}=v.json"],
            [("push", True)],
            id="attached, and its version",
        ),
        pytest.param(
            {"list": attached(ARN), "v": version(), "p": policy(), "vs": VERSIONS},
            ["web=list.json", f"{ARN}=v.json", f"{ARN}=p.json", f"{ARN}=vs.json"],
            [("push", True)],
            id="with what says which version is in force",
        ),
        pytest.param(
            {"list": attached(ARN), "v": PUSH},
            [f"arn:aws:iam::{ACCOUNT}:role/web=list.json", f"{ARN}=v.json"],
            [("push", True)],
            id="ARN of the role, and a document",
        ),
        pytest.param({"list": attached(ARN)}, ["web=list.json"], [("push", False)], id="attached"),
        pytest.param({"p": policy()}, ["web=p.json"], [("push", False)], id="get-policy"),
        pytest.param({"names": NAMES}, ["web=names.json"], [("in", False)], id="names"),
        pytest.param(
            {"names": NAMES, "in": INLINE},
            ["in.json", "web=names.json"],
            [("in", True)],
            id="names, and the policy",
        ),
        pytest.param({"v": version()}, ["web=v.json"], [("v.json", True)], id="version of a role"),
    ],
)
def test_named(answers: dict[str, object], given: list[str], has: list[object]) -> None:
    """What has an owner is joined with it, and what no file says stays unknown."""
    write(role=role(), **answers)

    found, notes = read("role.json", *given)

    assert found == {"web": has}
    unknown = [note for note in notes if "stands nowhere" in note]
    assert len(unknown) == sum(not one[1] for one in read("role.json", *given)[0]["web"])


def test_a_trust_policy_with_its_role() -> None:
    """A role may be nothing but a trust policy with a name."""
    write(trust=TRUST, list=attached(ARN), v=version())

    found, _ = read("web=list.json", f"{ARN}=v.json", "web=trust.json")

    assert found == {"web": [("push", True)]}


def test_a_second_page_may_have_more() -> None:
    """A list that was cut off gives the role a policy of which nothing is known."""
    write(role=role(), list={**attached(ARN), "NextToken": "abc"}, v=version())

    found, notes = read("role.json", "web=list.json", f"{ARN}=v.json")

    assert found == {"web": [("policies of the next page", False), ("push", True)]}
    assert [note for note in notes if "NextToken" in note]


@pytest.mark.parametrize(
    ("answers", "given", "said"),
    [
        pytest.param({"v": version()}, ["wev=v.json"], "Did you mean 'web'?", id="no such role"),
        pytest.param({"v": version()}, ["api=v.json"], "--role-name api", id="no role like it"),
        pytest.param(
            {"v": version(), "w": version()},
            [f"{ARN}=v.json", f"{ARN}=w.json"],
            "both 'v.json' and 'w.json'",
            id="one ARN twice",
        ),
        pytest.param({"t": TRUST}, ["web=t.json"], "two were given", id="two trust policies"),
        pytest.param({"r": role("api")}, ["web=r.json"], "it is 'api'", id="another role"),
        pytest.param(
            {"i": {**INLINE, "RoleName": "api"}}, ["web=i.json"], "it is 'api'", id="inline"
        ),
        pytest.param({"p": policy(SECOND)}, [f"{ARN}=p.json"], SECOND, id="another policy"),
        pytest.param({"r": role("api")}, [f"{ARN}=r.json"], "has 'Role'", id="no policy"),
        pytest.param({"v": VERSIONS}, ["web=v.json"], "has 'Versions'", id="no policy of a role"),
        pytest.param(
            {"v": version(IsDefaultVersion=False)}, [f"{ARN}=v.json"], "not in force", id="former"
        ),
        pytest.param(
            {"v": version(2), "p": policy()},
            [f"{ARN}=v.json", f"{ARN}=p.json"],
            "not in force",
            id="former by the policy",
        ),
    ],
)
def test_refused(answers: dict[str, object], given: list[str], said: str) -> None:
    """What cannot be joined is refused, with what to do."""
    write(role=role(), **answers)

    assert said in refused("role.json", *given)


def test_a_name_in_two_accounts() -> None:
    """A name alone does not say which role is meant; its ARN does."""
    write(a=role(), b=role(account=OTHER), list=attached(ARN))

    assert f"{ACCOUNT}, {OTHER}" in refused("a.json", "b.json", "web=list.json")
    _, notes = read("a.json", "b.json", f"arn:aws:iam::{OTHER}:role/web=list.json")
    assert notes == [
        "list.json: AttachedPolicies[0]: What this policy allows stands nowhere in what was read."
    ]


def test_a_folder() -> None:
    """In a folder, the only role and the only policy without a document are meant, and noted."""
    write(r=role(), list=attached(ARN), v=version(), p=policy(), vs=VERSIONS, names=NAMES)

    found, notes = read(".")

    assert found == {"web": [("in", False), ("push", True)]}
    assert [
        note.partition(": ")[0] for note in notes if "is taken for that of the only" in note
    ] == ["list.json", "names.json", "v.json"]


@pytest.mark.parametrize(
    ("answers", "alone"),
    [
        pytest.param({"list": attached(ARN, SECOND), "v": version()}, ["v"], id="two policies"),
        pytest.param(
            {"list": attached(ARN), "v": version(), "w": version()}, ["v", "w"], id="two versions"
        ),
        pytest.param({"list": attached(ARN), "v": version(2), "p": policy()}, ["v"], id="former"),
        pytest.param({"v": version()}, ["v"], id="no list"),
    ],
)
def test_a_folder_with_several_ways(answers: dict[str, object], alone: list[str]) -> None:
    """Where more than one is possible, nothing is guessed: the note names the flag."""
    write(r=role(), **answers)

    found, notes = read(".")

    assert [name for name in found if name != "web"] == alone
    assert all(not is_read for _, is_read in found["web"])
    assert [note.partition(":")[0] for note in notes if "--policy ARN=FILE" in note] == [
        f"{name}.json" for name in alone
    ]


def test_a_list_beside_two_roles() -> None:
    """A list of policies is given to no role where there are two."""
    write(a=role(), b=role("api"), list=attached(ARN))

    found, notes = read(".")

    assert found == {"api": [], "web": []}
    assert len([note for note in notes if "--policy ROLE=FILE" in note]) == 1


def test_a_version_alone_names_the_flag() -> None:
    """Beside a role whose policy is not known, a version by itself says how it is joined."""
    write(role=role(), list=attached(ARN), v=version())

    _, notes = read("role.json", "web=list.json", "v.json")

    assert [note for note in notes if "--policy ARN=FILE" in note]
    assert read("v.json") == ({"v": []}, [])


def test_a_folder_with_other_json() -> None:
    """What is no answer is named; a folder without answers is refused as ever."""
    write(package={"name": "web"})
    assert "no stacks" in refused(".") or "manifest" in refused(".")

    write(role=role())
    assert read(".") == (
        {"web": []},
        ["package.json: It is no answer of AWS with a policy of a role, and is not read."],
    )


DAMAGED = {
    "cut off": '{"AttachedPolicies": [{"Polic',
    "another type": '{"AttachedPolicies": 5, "PolicyNames": {"a": [1]}, "Policy": {"Arn": [1]}}',
    "no policy": '{"PolicyVersion": {"Document": null, "VersionId": 3, "NextToken": {}}}',
    "empty": "",
    "list": "[]",
    "former names": '{"PolicyNames": [null, 3, ["x"]], "IsTruncated": "yes", "Marker": []}',
    "no versions": '{"Versions": [{"VersionId": [], "IsDefaultVersion": true}, 5]}',
}


@pytest.mark.parametrize("text", DAMAGED.values(), ids=DAMAGED.keys())
@pytest.mark.parametrize(
    "given", [["role.json", "web=x.json"], ["role.json", f"{ARN}=x.json"], "."]
)
def test_damaged(text: str, given: list[str]) -> None:
    """A damaged answer is one clear line, or is noted; never a traceback, never silent."""
    write(role=role())
    Path("x.json").write_text(text, "utf-8")

    assert "x.json" in said(*given)
