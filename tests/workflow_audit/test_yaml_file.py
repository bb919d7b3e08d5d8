"""YAML as GitHub reads it, and whatever else is in such a file."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from both_ends import joined
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy_access.cli import main
from deploy_access.errors import InvalidValue
from deploy_access.workflow_audit.yaml_file import LONGEST, parse_yaml

SEED = (Path(__file__).parent / "seeds/003/.github/workflows/deploy.yml").read_bytes()
BOMB = b"a: &a [x, x]\n" + b"".join(
    f"{chr(n + 1)}: &{chr(n + 1)} [*{chr(n)}, *{chr(n)}, *{chr(n)}, *{chr(n)}]\n".encode()
    for n in range(ord("a"), ord("z"))
)
BAD = {
    "cut": b"on: push\njobs:\n  deploy:\n    steps: [",
    "cut in a quote": b"on: push\njobs: 'x",
    "a list at the top": b"- on: push\n",
    "a text at the top": b"push",
    "nothing": b"",
    "a tab": b"on:\n\tpush:\n",
    "no UTF-8": b"on: \xff\xfe\n",
    "a character that YAML forbids": b"on: \x00\n",
    "two documents": b"on: push\n---\non: push\n",
    "a name of nothing": b"on: *push\n",
    "too deep": b"[" * 5000,
    "a list in itself": b"on: &a [*a]\n",
    "too long": b"#" * (10 * 1024 * 1024),
    "no jobs": b"on: push\n",
    "a list of jobs": b"on: push\njobs: [deploy]\n",
    "a bomb": BOMB,
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input(name: str, tmp_path: Path) -> None:
    """What is no workflow is refused in one line, which names the file."""
    file = tmp_path / "bad.yml"
    file.write_bytes(BAD[name])
    roles = tmp_path / "roles.json"
    roles.write_text('{"RoleDetailList": []}', "utf-8")

    run = CliRunner().invoke(main, ["audit", str(roles), "--workflows", str(file)])

    assert run.exit_code == 1
    assert run.stderr.startswith("fatal: The file is no workflow.")
    assert "bad.yml" in run.stderr
    assert run.stderr.count("\n") == 1


def test_words_and_lines() -> None:
    """`on` is a word, numbers and truth are texts, and each key has its line."""
    read = parse_yaml(b"on:\n  push:\nx:\n- 010\n- yes\n- null\n", "w.yml")

    assert read.get("on", "push").line == 2
    assert read.get("x").texts == ("010", "yes", "")
    assert not read.get("x", "y").is_there


def test_anchors() -> None:
    """A value that has a name is read at each place that names it."""
    read = parse_yaml(b"a: &a {b: c}\nd: *a\n", "w.yml")

    assert read.get("d", "b").text == "c"


WORDS = (
    "on jobs steps with env uses run strategy matrix include push branches permissions environment "
    "role-to-assume inputs options secrets types pull_request workflow_dispatch workflow_call if"
)
KEYS = st.sampled_from(WORDS.split())
TEXTS = st.sampled_from(
    [
        *("push", "*", "[", "./x", "./.github/workflows/w.yml", "${{ env.A || 'b' }}", "", "*?"),
        *("aws-actions/configure-aws-credentials@v6", "arn:aws:iam::111122223333:role/web"),
        *("${{ vars.A }}", "AWS_ROLE_ARN=x AWS_WEB_IDENTITY_TOKEN_FILE=y >> $GITHUB_ENV", "choice"),
    ]
)
SHAPES = st.recursive(
    TEXTS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4)
)


@settings(deadline=None, max_examples=60)
@given(SHAPES, SHAPES, SHAPES)
def test_any_shape(on: object, job: object, steps: object) -> None:
    """Whatever stands where something else belongs, the audit ends with findings or none."""
    content = {"on": on, "jobs": {"a": job, "b": {"steps": steps}, "c": {"steps": [job, steps]}}}
    with TemporaryDirectory() as folder:
        file = Path(folder, ".github/workflows/w.yml")
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps(content), "utf-8")

        assert joined(Path(folder), {}).workflows == 1


@settings(deadline=None, max_examples=60)
@given(st.integers(0, len(SEED)), st.binary(max_size=4), st.integers(0, 40))
def test_damage(at: int, put: bytes, take: int) -> None:
    """A workflow that is damaged somewhere is read, or refused by a message."""
    damaged = SEED[:at] + put + SEED[at + take :]
    assert len(damaged) < LONGEST

    with suppress(InvalidValue):
        assert parse_yaml(damaged, "w.yml").entries
