"""The line of a finding: what the document holds, with the evidence underlined."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from audit_policies import HOST, Json, conditions, trust
from click.testing import CliRunner

from deploy_access.cli import main

SUB = "repo:acme@1/web@2:environment:prod"
HOLDS = f'{{"{HOST}:sub": "{SUB}"}}'
LISTED = ["a", "b"]
LONG = {**trust(), "Id": "x" * 300_000}


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run in an empty folder."""
    monkeypatch.chdir(tmp_path)


def printed(text: str, form: str = "text") -> str:
    """Audit a document by itself."""
    Path("trust.json").write_text(text, "utf-8")
    return CliRunner().invoke(main, ["audit", "trust.json", "--format", form]).stdout


def shown(policy: object, rule: str) -> tuple[str, str]:
    """Return the line of a finding, and what of it is underlined."""
    lines = printed(json.dumps(policy)).split(f"[{rule}]", 1)[1].splitlines()[3:5]
    line, marks = (each[5:] for each in lines)
    marked = "".join(c for c, mark in zip(line, marks, strict=False) if mark == "^")
    return line, marked if "^" in marks else ""


def version(value: object) -> Json:
    """Write a policy of some version."""
    return {**trust(), "Version": value}


@pytest.mark.parametrize(
    ("policy", "rule", "line", "marked"),
    [
        pytest.param(
            trust(StringEquals=conditions(sub=SUB)),
            "env-unprotected",
            f'{HOST}:sub: "{SUB}"',
            "prod",
            id="a part of a value",
        ),
        pytest.param(
            trust(StringEquals=conditions(repository_owner="acme")),
            "wrong-key",
            f'{HOST}:repository_owner: "acme"',
            f"{HOST}:repository_owner",
            id="a key",
        ),
        pytest.param(
            trust(
                **{
                    "StringEquals": conditions(sub=None),
                    "ForAllValues:StringLike": {f"{HOST}:sub": SUB},
                }
            ),
            "for-all-values",
            f"ForAllValues:StringLike: {HOLDS}",
            "ForAllValues:StringLike",
            id="an operator",
        ),
        pytest.param(
            trust(StringEquals=conditions(aud=LISTED)),
            "loose-aud",
            f'{HOST}:aud: ["a", "b"]',
            '["a", "b"]',
            id="a list",
        ),
        pytest.param(
            trust(StringEquals=conditions(aud=None)),
            "no-aud",
            f"No condition asks for a value of {HOST}:aud",
            "",
            id="no audience",
        ),
        pytest.param(
            trust(StringEquals=conditions(sub=None)),
            "no-sub",
            f"No condition asks for a value of {HOST}:sub",
            "",
            id="no subject",
        ),
        pytest.param(version(5), "malformed-policy", "Version: 5", "5", id="a number"),
        pytest.param(
            LONG,
            "malformed-policy",
            f"It has {len(json.dumps(LONG))} characters",
            "",
            id="too long",
        ),
    ],
)
def test_line(policy: Json, rule: str, line: str, marked: str) -> None:
    """The line is what stands there, and only the evidence is underlined."""
    assert shown(policy, rule) == (line, marked)


def test_a_list_with_null() -> None:
    """A value of a list is shown by its place in it, and null as null."""
    statement = {"Effect": "Allow", "Action": ["ecs:ListTasks", None], "Resource": "*"}

    found = shown({"Version": "2012-10-17", "Statement": statement}, "malformed-policy")

    assert found == ("Action[1]: null", "null")


def test_a_key_that_stands_twice() -> None:
    """Of a key that stands twice no value is shown, as one of them is gone."""
    text = json.dumps(trust()).replace('"Version"', '"Version": "2012-10-17", "Version"', 1)

    assert "   | Version stands twice\n   = why" in printed(text)


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_characters_that_nobody_sees(form: str) -> None:
    """What turns the direction of writing is written as its number, as `review` does."""
    policy = trust(StringEquals=conditions(sub="repo:acme@1/web@2:\u202e\x9b\nx"))

    text = printed(json.dumps(policy), form)

    assert "u202e" in text
    assert all(char == "\n" or char.isprintable() for char in text)


def test_permissions_by_themselves() -> None:
    """A policy by itself is no role."""
    statement = {"Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"}

    text = printed(json.dumps({"Version": "2012-10-17", "Statement": statement}))

    assert text == "0 errors, 0 warnings, 0 notes, 0 accepted; 1 policy read.\n"
