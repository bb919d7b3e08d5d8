"""Which jobs a trust policy makes: by what its operators mean, in every spelling."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from cdktf_out import stack, write_out
from click.testing import CliRunner
from ruamel.yaml import YAML

from deploy_access.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

Json = dict[str, Any]

ACCOUNT = "111122223333"
HOST = "token.actions.githubusercontent.com"
TAGS = "repo:acme/web:ref:refs/tags/v*"
PROD = "repo:acme/web:environment:prod"
STAGING = "repo:acme/web:environment:staging"
PUSH = [
    *("ecr:BatchCheckLayerAvailability", "ecr:InitiateLayerUpload", "ecr:UploadLayerPart"),
    *("ecr:CompleteLayerUpload", "ecr:PutImage", "ecr:BatchGetImage"),
    "ecr:GetDownloadUrlForLayer",
]


def allow(**conditions: Json) -> Json:
    """Write a statement that lets tokens in, by operator and claim."""
    asked: Json = {"StringEquals": {f"{HOST}:aud": "sts.amazonaws.com"}}
    for operator, claims in conditions.items():
        keys = {f"{HOST}:{claim}": value for claim, value in claims.items()}
        asked[operator] = {**asked.get(operator, {}), **keys}
    return {
        "Effect": "Allow",
        "Principal": {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{HOST}"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": asked,
    }


def deny(**conditions: Json) -> Json:
    """Write such a statement that denies."""
    return allow(**conditions) | {"Effect": "Deny"}


def policy(*statements: Json) -> str:
    """Write a policy."""
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def run(folder: Path, *statements: Json, words: tuple[str, ...] = ()) -> Result:
    """Run the command on a role that may push, and another one that does what it should."""
    log_in = {"Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"}
    repository = f"arn:aws:ecr:eu-central-1:{ACCOUNT}:repository/web"
    push = {"Effect": "Allow", "Action": PUSH, "Resource": repository}
    roles = {
        "Deploy": {"name": "web-deploy", "assume_role_policy": policy(*statements)},
        "Other": {
            "name": "api-deploy",
            "assume_role_policy": policy(allow(StringEquals={"sub": "repo:acme/api:pull_request"})),
        },
    }
    inline = {
        key: {
            "name": "push",
            "role": f"${{aws_iam_role.{key}.name}}",
            "policy": policy(log_in, push),
        }
        for key in roles
    }
    resources = {"aws_iam_role": roles, "aws_iam_role_policy": inline}
    out = write_out(folder / "out", {"web": {**stack(account=ACCOUNT), "resource": resources}})
    return CliRunner().invoke(main, ["workflow", "--out", str(out), *words])


def planned(result: Result) -> tuple[Json, list[str]]:
    """Say what starts the workflow, and in which environments its jobs are."""
    assert result.exit_code == 0, result.output
    yaml: Any = YAML(typ="safe")
    content = yaml.load(result.stdout)
    environments = [job.get("environment") for job in content["jobs"].values()]
    return content["on"], environments


ONLY = ("--role", "web-deploy")
TAGGED = ({"push": {"tags": ["v**"]}}, [None])
BY_HAND: Json = {"workflow_dispatch": None}


@pytest.mark.parametrize(
    "operator",
    [
        *("StringLike", "stringlike", "STRINGLIKE", "ForAnyValue:StringLike"),
        *("ForAllValues:StringLike", "StringLikeIfExists", "foranyvalue:stringLIKEifexists"),
    ],
)
def test_a_pattern_in_every_spelling(tmp_path: Path, operator: str) -> None:
    """A pattern of tags starts the workflow on every tag that it matches."""
    result = run(tmp_path, allow(**{operator: {"sub": TAGS}}), words=ONLY)

    assert planned(result) == TAGGED


@pytest.mark.parametrize(
    "operator",
    [
        *("StringEquals", "stringequals", "StringEqualsIgnoreCase", "ForAnyValue:StringEquals"),
        "StringEqualsIfExists",
    ],
)
def test_one_value_in_every_spelling(tmp_path: Path, operator: str) -> None:
    """One environment is one job."""
    result = run(tmp_path, allow(**{operator: {"sub": PROD}}), words=ONLY)

    assert planned(result) == (BY_HAND, ["prod"])


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        pytest.param(allow(StringNotEquals={"sub": PROD}), f" but {PROD!r}", id="not equal"),
        pytest.param(allow(stringnotlike={"sub": TAGS}), f" but {TAGS!r}", id="not like"),
        pytest.param(
            allow(StringNotEqualsIfExists={"sub": [PROD, TAGS]}),
            f" but {PROD!r} and {TAGS!r}",
            id="not equal to several",
        ),
        pytest.param(allow(), "", id="no sub"),
        pytest.param(allow(Null={"sub": "false"}), "", id="any sub"),
    ],
)
def test_anything_but_is_refused(tmp_path: Path, statement: Json, what: str) -> None:
    """A role that trusts any run, or any but some, gets no job for one of them."""
    result = run(tmp_path, statement)

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"fatal: The role 'web-deploy' trusts any run{what}. ")


def test_other_roles_go_on(tmp_path: Path) -> None:
    """The roles that are named alone get their workflow beside one that trusts any run."""
    result = run(tmp_path, allow(), words=("--role", "api-deploy"))

    assert planned(result) == ({"pull_request": None}, [None])


def test_everybody_of_an_organization_is_no_subject(tmp_path: Path) -> None:
    """A role that accounts may assume is none of a workflow's, whatever its action matches."""
    statement = allow() | {
        "Principal": {"AWS": "*"},
        "Action": "sts:*",
        "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}},
    }

    assert planned(run(tmp_path, statement)) == ({"pull_request": None}, [None])


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        pytest.param(
            [allow(StringNotEquals={"ref": "refs/heads/x"}, StringEquals={"sub": PROD})],
            (BY_HAND, ["prod"]),
            id="a ref that is excluded",
        ),
        pytest.param(
            [allow(StringEquals={"sub": PROD, "ref": ["refs/heads/main", "refs/tags/v1"]})],
            ({"push": {"branches": ["main"], "tags": ["v1"]}}, ["prod"]),
            id="a branch and a tag beside an environment",
        ),
        pytest.param(
            [allow(StringEquals={"sub": PROD}, StringLike={"ref": "refs/heads/r/*"})],
            ({"push": {"branches": ["r/**"]}}, ["prod"]),
            id="a pattern of branches beside it",
        ),
        pytest.param(
            [allow(StringEquals={"sub": PROD}, StringLike={"ref": "refs/*"})],
            (BY_HAND, ["prod"]),
            id="any ref beside it",
        ),
        pytest.param(
            [allow(StringEquals={"sub": [PROD, STAGING]}), deny(StringLike={"sub": "*:staging"})],
            (BY_HAND, ["prod"]),
            id="one is denied",
        ),
        pytest.param(
            [allow(StringEquals={"sub": [PROD, STAGING]}, StringLike={"sub": "*:staging"})],
            (BY_HAND, ["staging"]),
            id="both conditions must hold",
        ),
        pytest.param(
            [allow(StringLike={"sub": TAGS}), allow(stringequals={"sub": PROD})],
            (BY_HAND, ["prod"]),
            id="two statements",
        ),
        pytest.param(
            [allow(StringEquals={"sub": PROD}) | {"Action": "STS:assumerolewith*"}],
            (BY_HAND, ["prod"]),
            id="the action is matched",
        ),
        pytest.param(
            [allow(StringEquals={"sub": "repo:acme/web:environment:a%3Ab"})],
            (BY_HAND, ["a:b"]),
            id="an encoded name",
        ),
    ],
)
def test_conditions_together(
    tmp_path: Path, statements: list[Json], expected: tuple[Json, list[str]]
) -> None:
    """What else a statement asks, and what another one denies, decides about the jobs."""
    assert planned(run(tmp_path, *statements, words=ONLY)) == expected


@pytest.mark.parametrize(
    ("statements", "cause"),
    [
        pytest.param(
            [allow(StringEquals={"sub": PROD}) | {"Action": "sts:AssumeRole"}],
            "wrong-action",
            id="another action",
        ),
        pytest.param(
            [allow(StringEquals={"sub": PROD}), deny(StringLike={"sub": "*"})],
            "explicit-deny",
            id="all is denied",
        ),
        pytest.param(
            [allow(StringSame={"sub": PROD})], "unknown-operator", id="no operator of IAM's"
        ),
    ],
)
def test_a_role_that_lets_nobody_in(tmp_path: Path, statements: list[Json], cause: str) -> None:
    """A role that names a subject in vain is not passed over: the proof says why."""
    result = run(tmp_path, *statements)

    assert (result.exit_code, result.stdout) == (10, "")
    assert f"denied[{cause}]: web-deploy does not let this run in" in result.stderr
