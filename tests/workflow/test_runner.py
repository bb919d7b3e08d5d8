"""What a job runs on: labels and groups, however they are said, and GitHub's own machines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from rendering import plan
from workflow_files import parse

from deploy_access.workflow.runner import Runner, check_runner, read_runner, why_no_runner
from deploy_access.workflow.setting_checks import check_hints
from deploy_access.workflow.steps import SetUpEmulation

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

    from deploy_access.workflow.deployer_reader import DeployerEstate


@pytest.mark.parametrize(
    ("words", "runs_on"),
    [
        pytest.param([], "ubuntu-24.04", id="default"),
        pytest.param(["--runs-on", "aws"], "aws", id="label"),
        pytest.param(
            ["--runs-on", "self-hosted", "--runs-on", "linux"],
            ["self-hosted", "linux"],
            id="labels",
        ),
        pytest.param(["--runs-on", "group=a b"], {"group": "a b"}, id="group"),
        pytest.param(
            ["--runs-on", "group=aws", "--runs-on", "x64", "--runs-on", "gpu"],
            {"group": "aws", "labels": ["x64", "gpu"]},
            id="both",
        ),
    ],
)
def test_option(run: Callable[..., Result], words: list[str], runs_on: object) -> None:
    """Labels and a group are written as GitHub takes them."""
    text = run("--repo", "acme/push", *words).stdout

    assert parse(text)["jobs"]["push"]["runs-on"] == runs_on


def test_a_server_has_no_machines_of_githubs(run: Callable[..., Result]) -> None:
    """On a GitHub Enterprise Server a job runs on any self-hosted runner of the platform."""
    text = run("--repo", "acme/server").stdout
    arm = run("--repo", "acme/server", "--platform", "linux/arm64").stdout

    assert parse(text)["jobs"]["push"]["runs-on"] == ["self-hosted", "linux", "x64"]
    assert parse(arm)["jobs"]["push"]["runs-on"] == ["self-hosted", "linux", "ARM64"]
    assert "setup-qemu" not in arm


@pytest.mark.parametrize(
    ("runs_on", "emulates"),
    [
        pytest.param((), False, id="default"),
        pytest.param(("big-arm64",), False, id="arm64"),
        pytest.param(("graviton",), False, id="graviton"),
        pytest.param(("group=arm", "linux"), False, id="group"),
        pytest.param(("big",), True, id="not said"),
        pytest.param(("group=farm", "swarm"), True, id="no word of its own"),
    ],
)
def test_emulation(read: DeployerEstate, runs_on: tuple[str, ...], *, emulates: bool) -> None:
    """A runner whose name does not say that it is an Arm machine emulates one."""
    (workflow,) = plan(read, "push", platforms=("linux/arm64",), runs_on=runs_on)

    steps = workflow.jobs[0].steps
    assert any(isinstance(step, SetUpEmulation) for step in steps) == emulates


@pytest.mark.parametrize(
    ("value", "runner"),
    [
        pytest.param("aws", Runner(labels=("aws",)), id="text"),
        pytest.param(["a", "b"], Runner(labels=("a", "b")), id="list"),
        pytest.param({"group": "g"}, Runner(group="g"), id="group"),
        pytest.param({"group": "g", "labels": "a"}, Runner(labels=("a",), group="g"), id="both"),
        pytest.param(None, None, id="nothing"),
        pytest.param([], None, id="empty"),
    ],
)
def test_hints(value: object, runner: Runner | None) -> None:
    """A label, a list and a table are read; nothing is nothing."""
    assert read_runner(value) == runner
    assert runner is None or list(check_runner("workflow.runs_on", value)) == []


@pytest.mark.parametrize(
    "value",
    [
        *([], {}, "", " ", 7, True, ["a", 7], ["a", ""], {"labels": []}, {"group": ["a", "b"]}),
        *({"group": "g", "label": "a"}, {"group": ""}, "a\nb", "${var.runner}", ["${x}"]),
    ],
    ids=repr,
)
def test_no_runner(value: object) -> None:
    """What names no machine is refused in the stacks, too."""
    assert list(check_hints({"runs_on": value})) != []


@pytest.mark.parametrize("text", ["", " ", "group=", "${{ matrix.os }}"])
def test_no_runner_of_the_option(run: Callable[..., Result], text: str) -> None:
    """An option without a name, or with an expression, is wrong usage."""
    assert why_no_runner(text) is not None
    assert run("--repo", "acme/push", "--runs-on", text).exit_code == 2
