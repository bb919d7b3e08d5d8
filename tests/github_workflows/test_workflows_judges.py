"""Each judge of workflows can find something, and says so when it cannot read what it is given."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from judges.workflow_judges import check_schema, languageservice, read_action_inputs, zizmor

if TYPE_CHECKING:
    from pathlib import Path

NAME = ".github/workflows/bad.yml"
BAD = """\
name: Bad
on: pull_request_target
jobs:
  first:
    runs-on: ubuntu-latest
    permissions:
      content: read
    steps:
      - uses: actions/checkout@v7
        with:
          fetch-deph: 0
      - run: echo ${{ github.event.pull_request.title }}
      - run: echo "$GIVEN"
        env:
          GIVEN: ${{ steps.nowhere.outputs.what }}
      - uses: somebody/something@v1
  second:
    needs: third
    runs-on: ubuntu-latest
    steps:
      - run: "true"
"""
BAD_ACTION = """\
name: Bad
description: An action without a shell
runs:
  using: composite
  steps:
    - run: "true"
"""


def _write(folder: Path, text: str, name: str = NAME) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.slow
@pytest.mark.parametrize(
    "rule",
    [
        "artipacked",
        "dangerous-triggers",
        "excessive-permissions",
        "template-injection",
        "unpinned-uses",
    ],
)
def test_zizmor_finds_what_is_unsafe(tmp_path: Path, rule: str) -> None:
    """Zizmor finds each of the mistakes that matter here."""
    found = zizmor(_write(tmp_path, BAD))
    assert rule in {finding.rule for finding in found}


@pytest.mark.slow
def test_zizmor_is_not_believed_about_a_file_it_cannot_read(tmp_path: Path) -> None:
    """A file that is no YAML is an error of the judge, not "nothing found"."""
    with pytest.raises(subprocess.CalledProcessError):
        zizmor(_write(tmp_path, "jobs: ["))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "message"),
    [
        pytest.param(7, "Unexpected value 'content'", id="permission"),
        pytest.param(11, "Invalid action input 'fetch-deph'", id="input"),
        pytest.param(15, "Context access might be invalid: nowhere", id="step-output"),
        pytest.param(16, "Unable to resolve action `somebody/something@v1`", id="action"),
        pytest.param(18, "Job 'second' depends on unknown job 'third'", id="needs"),
    ],
)
def test_the_language_service_finds_wrong_names(line: int, message: str) -> None:
    """GitHub's language service finds names that nothing has, with their line."""
    found = languageservice({NAME: BAD})
    assert any(place.line == line and place.message.startswith(message) for place in found)


@pytest.mark.slow
def test_the_language_service_asks_for_required_inputs() -> None:
    """An input that an action cannot do without is missed."""
    action = "name: A\ndescription: B\nruns:\n  using: composite\n  steps:\n    - uses: a/b@v1\n"
    inputs = {"a/b": {"inputs": {"path": {"required": True}}}}
    found = languageservice({"x/action.yml": action}, inputs)
    assert [place.message for place in found] == ["Missing required input `path`"]


CALLER = """\
name: Caller
on: push
permissions: {{}}
jobs:
  call:
    {call}
    with:
      colour: red
"""
STEP = "runs-on: ubuntu-24.04\n    steps: [{uses: $/.github/actions/own, with: {colour: red}}]"
ACTION = "name: A\ndescription: B\ninputs: {size: {}}\nruns: {using: composite, steps: []}\n"
CALLED = """\
name: Called
on: {workflow_call: {inputs: {size: {type: string}}}}
permissions: {}
jobs:
  work:
    runs-on: ubuntu-24.04
    steps: [{run: "true"}]
"""
OTHER = "acme/ci/.github/workflows/own.yml"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("call", "file", "text", "message"),
    [
        pytest.param(
            STEP,
            ".github/actions/own/action.yml",
            ACTION,
            "Invalid action input 'colour'",
            id="action",
        ),
        pytest.param(
            "uses: $/.github/workflows/own.yml",
            ".github/workflows/own.yml",
            CALLED,
            "Invalid input, colour is not defined in the referenced workflow.",
            id="workflow",
        ),
        pytest.param(
            f"uses: {OTHER}@main",
            f".github/{OTHER}",
            CALLED,
            "Invalid input, colour is not defined in the referenced workflow.",
            id="workflow of another repository",
        ),
    ],
)
def test_the_language_service_reads_what_is_called(
    call: str, file: str, text: str, message: str
) -> None:
    """What a workflow calls is read from the files beside it; what is not there is missed."""
    caller = CALLER.format(call=call)
    if call is STEP:
        caller = caller.removesuffix("    with:\n      colour: red\n")

    def said(files: dict[str, str]) -> list[str]:
        found = languageservice({f"web/{NAME}": caller, **files})
        return [one.message for one in found if one.file == f"web/{NAME}"]

    assert said({f"web/{file}": text}) == [message]
    (missed,) = said({f"api/{file}": text})
    assert missed.startswith("Unable to ")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "text"), [(NAME, BAD), ("x/action.yml", BAD_ACTION)], ids=["workflow", "action"]
)
def test_the_schemas_find_a_wrong_shape(tmp_path: Path, name: str, text: str) -> None:
    """GitHub's schema for the kind of file finds what does not belong there."""
    assert check_schema(_write(tmp_path, text, name))


@pytest.mark.slow
def test_the_schemas_are_not_believed_about_a_file_they_cannot_read(tmp_path: Path) -> None:
    """A file that is no YAML is an error of the judge, not "nothing found"."""
    with pytest.raises(ValueError, match="cannot read"):
        check_schema(_write(tmp_path, "jobs: ["))


def test_every_action_says_where_its_inputs_are_known_from() -> None:
    """The data about actions carry their source."""
    assert all(action["source"] for action in read_action_inputs().values())
