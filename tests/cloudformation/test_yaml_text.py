"""YAML as CloudFormation reads it; the decoder of `cfn-lint` is the judge."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cfnlint.decode import cfn_yaml  # pyright: ignore[reportMissingTypeStubs]
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deploy_access.cli import main
from deploy_access.cloudformation.yaml_text import YamlError, parse_yaml

if TYPE_CHECKING:
    from hypothesis.strategies import DataObject

TEMPLATES = Path(__file__).parent / "templates"
YAML = (TEMPLATES / "deploy.yaml").read_text("utf-8")
JSON = (TEMPLATES / "cdk.out" / "ShopDeploy.template.json").read_text("utf-8")
# Each list has the one before it nine times.
LETTERS = "abcdefghij"
ALIASES = "a: &a [1]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in pairwise(LETTERS)
)
SIGNS = ["!", "&a ", "*a", "- ", ": ", "{", "[", '"', "'", "|\n", "\t", "\n", "<<: *a\n", "%", "\0"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: !Ref b", {"a": {"Ref": "b"}}),
        ("a: !GetAtt b.c.d", {"a": {"Fn::GetAtt": ["b", "c.d"]}}),
        ("a: !GetAtt [b, c]", {"a": {"Fn::GetAtt": ["b", "c"]}}),
        ("a: !Sub ${b}", {"a": {"Fn::Sub": "${b}"}}),
        ("a: !If [b, !Ref c, {d: 1}]", {"a": {"Fn::If": ["b", {"Ref": "c"}, {"d": 1}]}}),
        ("a: !Condition b", {"a": {"Condition": "b"}}),
        ("a: 2012-10-17", {"a": "2012-10-17"}),
        ("a: 012345678901", {"a": "012345678901"}),
        ("a: 3600", {"a": 3600}),
        ("a: true", {"a": True}),
        ("a:", {"a": None}),
        ("a: &x {b: 1}\nc: {<<: *x, d: 2}", {"a": {"b": 1}, "c": {"b": 1, "d": 2}}),
        ("", None),
    ],
)
def test_values(text: str, expected: object) -> None:
    """Short forms are long ones, and what looks like a date or like an account stays a text."""
    assert parse_yaml(text).content == expected


def test_cfn_lint_reads_the_same() -> None:
    """The whole template is what AWS's own linter reads."""
    judge: Any = cfn_yaml

    assert parse_yaml(YAML).content == json.loads(json.dumps(judge.loads(YAML), default=str))


def test_repeated_keys_and_lines() -> None:
    """Of two equal keys the last one counts, and both are known."""
    found = parse_yaml("a:\n  b: 1\n  b: 2\n")

    assert found.content == {"a": {"b": 2}}
    assert found.repeated == ("a.b",)
    assert found.lines["a.b"] == 3


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("a: [1,\nb", 2, id="cut off"),
        pytest.param("a: 1\n\tb: 2", 2, id="a tab"),
        pytest.param("a: *b", 1, id="an alias of nothing"),
        pytest.param("a: " + "[" * 200 + "]" * 200, 1, id="too deep"),
        pytest.param("a: " + "x" * 1_100_000, 1, id="too long"),
        pytest.param(ALIASES, 1, id="aliases of aliases"),
    ],
)
def test_damage_has_a_line(text: str, line: int) -> None:
    """What is no YAML, or is too much of it, is refused with its line."""
    with pytest.raises(YamlError) as caught:
        parse_yaml(text)

    assert caught.value.line == line
    assert caught.value.why.endswith(".")


@given(data=st.data())
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@pytest.mark.parametrize(("name", "source"), [("x.yaml", YAML), ("x.json", JSON)])
def test_damaged_templates(tmp_path: Path, name: str, source: str, data: DataObject) -> None:
    """A damaged template has findings, or is refused in one message; nothing else comes of it."""
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(source)))
        end = min(len(source), at + data.draw(st.integers(0, 200)))
        sign = data.draw(st.sampled_from(SIGNS))
        kinds = [
            source[:at] + source[end:],
            source[:end] + source[at:],
            source[:at] + sign + source[at:],
        ]
        source = data.draw(st.sampled_from(kinds))
    (tmp_path / name).write_text(source, "utf-8")
    result = CliRunner().invoke(main, ["audit", str(tmp_path / name)])

    assert result.exit_code in {0, 1, 10}, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
