"""
How the command ends when something goes wrong that nothing foresees, and without its streams.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from sandbox_estates import role, stack, write_out

from deploy_access.errors import DeployAccessError
from sandbox.cli import main
from sandbox.steps import Steps

PROJECT = Path(__file__).parents[2]
TERRAFORM = "terraform-of-no-machine"


@pytest.fixture(autouse=True)
def out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """
    Stand in a project without Terraform, with one stack.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TERRAFORM_BINARY_NAME", TERRAFORM)
    monkeypatch.setenv("PYTHONPATH", str(PROJECT))
    monkeypatch.delenv("DEPLOY_ACCESS_TRACEBACK", raising=False)
    return write_out(tmp_path / "out", {"web": stack("web", resource=role("web-deploy"))})


def fail_with(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """
    Let the step `verify` fail.
    """

    def verify(_: Steps) -> None:
        raise error

    monkeypatch.setattr(Steps, "verify", verify)


@pytest.mark.parametrize(
    ("error", "line"),
    [
        pytest.param(
            KeyError("Statement"),
            "fatal: The input 'some.out' led to an error that is not foreseen, KeyError: "
            "'Statement'. The run ended there. Report it with what DEPLOY_ACCESS_TRACEBACK=1 "
            "prints.",
            id="an error of the program",
        ),
        pytest.param(
            OSError(24, "Too many open files"),
            "fatal: The input 'some.out' led to an error that is not foreseen, OSError: [Errno 24] "
            "Too many open files. The run ended there. Report it with what "
            "DEPLOY_ACCESS_TRACEBACK=1 prints.",
            id="an error of the system",
        ),
        pytest.param(
            OSError(28, "No space left on device"),
            "fatal: The sandbox cannot write its files. Got '.sandbox'. The disk says: No space "
            "left on device. What an earlier step has applied is as it was. Make room, or stand in "
            "a folder that can be written to, and run the step again.",
            id="a full disk",
        ),
        pytest.param(
            PermissionError(13, "Permission denied", ".sandbox"),
            "fatal: [Errno 13] Permission denied: '.sandbox'",
            id="a file",
        ),
        pytest.param(
            DeployAccessError("What is wrong. What to do."),
            "fatal: What is wrong. What to do.",
            id="an error of the reader",
        ),
    ],
)
def test_one_line(monkeypatch: pytest.MonkeyPatch, error: Exception, line: str) -> None:
    """
    Whatever goes wrong ends as one line that names the input, and the exit code is 1.
    """
    fail_with(monkeypatch, error)

    result = CliRunner().invoke(main, ["verify", "--out", "some.out"])

    assert (result.exit_code, result.stderr, result.stdout) == (1, f"{line}\n", "")


def test_traceback_on_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    With the variable set the traceback comes before the line.
    """
    fail_with(monkeypatch, KeyError("Statement"))
    monkeypatch.setenv("DEPLOY_ACCESS_TRACEBACK", "1")

    result = CliRunner().invoke(main, ["verify"])

    lines = result.stderr.splitlines()
    assert lines[0].startswith("Traceback")
    assert lines[-1].startswith("fatal: The input 'cdktf.out' led to")


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams(out: Path, closed: str) -> None:
    """
    A stream that the caller has closed changes nothing of what the others get, nor the exit code.
    """
    command = f'exec "$0" -m sandbox --out "$1" {closed}'

    run = subprocess.run(
        ["sh", "-c", command, sys.executable, str(out)], check=False, capture_output=True, text=True
    )

    silent = {"stdout": ">&-" in closed.replace("2>&-", ""), "stderr": "2>&-" in closed}
    assert run.returncode == 3
    assert run.stdout.startswith("" if silent["stdout"] else "stack  account ")
    assert run.stderr.startswith("" if silent["stderr"] else f"There is no program '{TERRAFORM}'")
    assert "Traceback" not in run.stdout + run.stderr


def test_closed_stream_is_opened(out: Path) -> None:
    """
    In place of a closed stream there is `/dev/null`, so that no log of the sandbox gets its number.
    """
    code = (
        "import atexit, os, runpy, sys\n"
        "os.close(1)\n"
        "sys.stdout, sys.argv = None, ['sandbox', '--out', sys.argv[1]]\n"
        "null = os.stat(os.devnull)\n"
        "atexit.register(lambda: os.write(2, str(os.path.samestat(os.fstat(1), null)).encode()))\n"
        "runpy.run_module('sandbox', run_name='__main__')\n"
    )

    run = subprocess.run(
        [sys.executable, "-c", code, str(out)], check=False, capture_output=True, text=True
    )

    assert run.returncode == 3
    assert run.stderr.endswith("\nTrue")


@pytest.mark.parametrize("number", [1, 2], ids=["stdout", "stderr"])
def test_closed_pipe(out: Path, number: int) -> None:
    """
    A reader that is gone, as `head` is soon, ends the command without a word about it.
    """
    reading, writing = os.pipe()
    os.close(reading)

    run = subprocess.run(
        [sys.executable, "-m", "sandbox", "--out", str(out)],
        check=False,
        stdout=writing if number == 1 else subprocess.PIPE,
        stderr=writing if number == 2 else subprocess.PIPE,
        text=True,
    )

    os.close(writing)
    assert run.returncode == 1
    assert not run.stderr
    assert "Traceback" not in (run.stdout or "")
