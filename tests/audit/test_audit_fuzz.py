"""Whatever is given to `audit`: findings, or one line; never a traceback, never long."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from audit_policies import ACCOUNT, ACTION, ARN, HOST, allow, trust
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from deploy_access.cli import main

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    Anything = SearchStrategy[object]

pytestmark = pytest.mark.slow

BIG = 10_000_000
_WORDS = st.sampled_from(
    [
        *("Version", "2012-10-17", "Statement", "Effect", "Allow", "Deny", "Principal", "AWS"),
        *("Federated", "Action", "NotAction", "Resource", "Condition", "StringLike", "NotResource"),
        *("StringEquals", "ForAllValues:StringEquals", "StringEqualsIfExists", "NotPrincipal"),
        *(f"{HOST}:sub", f"{HOST}:aud", f"{HOST}:x", ACTION, "sts:*", "*", "iam:PassRole"),
        *("repo:acme/*", "repo:acme/web:environment:a:b", "repo:a@*/b:pull_request", ARN, HOST),
        *(f"arn:aws:ecs:x:{ACCOUNT}:service/web", "${x}", "a\nb", "", "\x1b[31m", "rules"),
        *("selection", "tagStatus", "any", "ecr:Put*", "?*?*?*"),
    ]
)
_PLAIN: Anything = st.one_of(_WORDS, st.none(), st.booleans(), st.integers(), st.text(max_size=5))


def _containers(inner: Anything) -> Anything:
    return st.one_of(st.lists(inner, max_size=3), st.dictionaries(_WORDS, inner, max_size=4))


_ANY: Anything = st.recursive(_PLAIN, _containers, max_leaves=10)
_ELEMENTS = ("Effect", "Principal", "Action", "Resource", "Condition", "NotAction", "NotPrincipal")
_STATEMENTS: Anything = st.fixed_dictionaries(
    {"Effect": st.just("Allow")}, optional=dict.fromkeys(_ELEMENTS[1:], _ANY)
)
_POLICIES: Anything = st.one_of(
    _ANY,
    st.fixed_dictionaries({"Statement": st.one_of(_ANY, st.lists(_STATEMENTS, max_size=3))}),
    st.fixed_dictionaries({"rules": st.lists(_ANY, max_size=3)}),
)


def run(given_: bytes, form: str = "text") -> Result:
    """Audit what stands on the standard input, and check how it ends."""
    result = CliRunner().invoke(main, ["audit", "-", "--format", form], input=given_)
    assert result.exit_code in {0, 1, 10}, result.exception
    if result.exit_code == 1:
        assert (result.stdout, result.stderr.count("\n")) == ("", 1)
        assert result.stderr.startswith("fatal: ")
    return result


FORMATS = st.sampled_from(["text", "markdown", "json", "sarif"])


@given(policy=_POLICIES, form=FORMATS)
def test_any_policy(policy: object, form: str) -> None:
    """A policy by itself, with anything where something belongs."""
    run(json.dumps(policy).encode(), form)


@given(trusting=_POLICIES, allowing=_POLICIES, other=_POLICIES, form=FORMATS)
def test_any_stack(trusting: object, allowing: object, other: object, form: str) -> None:
    """Policies of a role, of a repository and of its images, of any shape."""
    text = json.dumps(other)
    role = {"name": "web", "assume_role_policy": json.dumps(trusting)}
    document = {
        "resource": {
            "aws_iam_role": {"R": {**role, "inline_policy": [{"policy": json.dumps(allowing)}]}},
            "aws_ecr_repository_policy": {"P": {"repository": "web", "policy": text}},
            "aws_ecr_lifecycle_policy": {"L": {"repository": "web", "policy": text}},
        }
    }
    run(json.dumps(document).encode(), form)


@given(st.binary(max_size=60))
def test_any_bytes(raw: bytes) -> None:
    """What is no JSON at all, in any encoding."""
    run(raw)


@given(st.integers(min_value=0, max_value=400))
def test_cut_off(end: int) -> None:
    """A file that was cut off somewhere."""
    run(json.dumps(trust()).encode()[:end])


def many_statements(size: int) -> object:
    """Make a policy with so many bad statements."""
    statement = trust({"Action": "sts:*", "Condition": {}})["Statement"][0]
    return {"Statement": [statement] * (size // len(json.dumps(statement)))}


def many_roles(size: int) -> object:
    """Make what `aws iam list-roles` prints, with so many roles."""
    role = {
        "RoleName": "web",
        "Arn": f"arn:aws:iam::{ACCOUNT}:role/web",
        "AssumeRolePolicyDocument": trust(StringEquals={f"{HOST}:sub": "repo:acme/web:*"}),
    }
    return {
        "Roles": [{**role, "RoleName": f"web{n}"} for n in range(size // len(json.dumps(role)))]
    }


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(many_statements(BIG), id="many statements"),
        pytest.param(many_statements(190_000), id="as many statements as are checked"),
        pytest.param(many_roles(BIG // 2), id="many roles"),
        pytest.param(trust({"Action": ["sts:*" + "?*" * 1000] * 400}), id="patterns"),
        pytest.param(trust(StringLike={f"{HOST}:sub": "repo:" + "*" * BIG}), id="long pattern"),
        pytest.param(trust(StringLike={f"{HOST}:sub": "repo:a/b:" * (BIG // 9)}), id="long sub"),
        pytest.param(allow(["ecr:" + "*a" * 100_000] * 20), id="long actions"),
        pytest.param(allow("ecr:PutImage", "arn:" + ":" * BIG), id="long resource"),
        pytest.param(
            {"Statement": json.loads("[" * 99 + "]" * 99)},
            id="deep",
        ),
    ],
)
def test_huge(document: object) -> None:
    """Size, and patterns made to take long, do not keep the command from answering."""
    run(json.dumps(document).encode())


def test_duplicate_keys_by_themselves() -> None:
    """A condition that a second one of its name replaces is found."""
    first = json.dumps(trust())
    raw = first.replace('"Condition": {', '"Condition": {}, "Condition": {')

    assert "error[dup-key]" in run(raw.encode()).stdout
