"""How the command ends when it cannot go on: one line, the input by name, and no traceback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cdktf_out import PROD, s3_backend, stack, write_out
from click.testing import CliRunner

from deploy_access.cli import COMMANDS, main
from deploy_access.commands import audit
from deploy_access.commands.last_resort import TRACEBACK_VARIABLE

if TYPE_CHECKING:
    from collections.abc import Callable

COMMAND = Path(sys.executable).with_name("deploy-access")
ROLE = f"arn:aws:iam::{PROD}:role/terraform"
NOTHING: dict[str, object] = {"resource": {}}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run in a folder with a stack to bootstrap and a file, with nothing of the caller's."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(TRACEBACK_VARIABLE, raising=False)
    account = stack(role_arn=ROLE, backend=s3_backend("account-prod"))
    write_out(tmp_path / "cdktf.out", {"account-prod": account})
    (tmp_path / "x.tf.json").write_text(json.dumps(NOTHING), "utf-8")
    return tmp_path


def shell(script: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run *script*, in which `$0` is the command."""
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", script, str(COMMAND)],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        timeout=60,
    )


@pytest.mark.parametrize("arguments", ["bootstrap prod", "--help", "audit --help"])
def test_a_closed_pipe_is_silent(arguments: str) -> None:
    """A reader that is gone leaves nothing but the exit code that shells have for `SIGPIPE`."""
    found = shell(f'{{ sleep 0.1; "$0" {arguments}; echo "$?" >&2; }} | true')

    assert found.stderr == "141\n"


def test_as_much_as_is_wanted_is_printed() -> None:
    """A reader that stops after its line has it, and nothing is said of the rest."""
    found = shell('"$0" bootstrap prod | head -1')

    assert found.stdout.startswith("Wrote bootstrap/prod/bootstrap.tf.json")
    assert (found.returncode in {0, 141}, found.stderr) == (True, "")


@pytest.mark.parametrize(
    ("script", "said"),
    [
        pytest.param('"$0" audit x.tf.json >&-', "The standard output is closed", id="stdout"),
        pytest.param('"$0" audit - <&-', "The file is no JSON. Got 'stdin'", id="stdin"),
        pytest.param('"$0" explain --event - <&-', "Got 'stdin'", id="event"),
        pytest.param('"$0" audit x.tf.json >/dev/full', "No space left on device", id="full"),
        pytest.param('"$0" audit x.tf.json 1</dev/null', "Bad file descriptor", id="to read only"),
        pytest.param("\"$0\" audit $'\\xff.json'", "Got '?.json'", id="no text"),
        pytest.param('"$0" audit - </dev/zero', "has more than 256 MiB", id="without end"),
    ],
)
def test_one_line_and_exit_code_1(script: str, said: str) -> None:
    """Streams that are closed or full, and files that are none, end in one line."""
    found = shell(script)

    assert (found.returncode, found.stdout) == (1, "")
    assert found.stderr.startswith("fatal: ")
    assert found.stderr.count("\n") == 1
    assert said in found.stderr


def test_nobody_to_tell() -> None:
    """Without a standard error output the exit code alone says that the command failed."""
    found = shell('"$0" audit no.json 2>&-')

    assert (found.returncode, found.stdout, found.stderr) == (1, "", "")


def test_process_substitution_is_read() -> None:
    """What another program prints is read by `<(...)`, from a pipe and as the standard input."""
    found = shell(
        '"$0" audit <(cat x.tf.json) && cat x.tf.json | "$0" audit /dev/stdin && '
        '"$0" audit - < x.tf.json && "$0" review <(cat x.tf.json) - < x.tf.json'
    )

    assert (found.returncode, found.stderr) == (0, "")


def test_an_output_of_another_encoding(here: Path) -> None:
    """A character that the output cannot have is named, and how to print it."""
    role = {"name": "日本", "assume_role_policy": "{}"}
    document = {"resource": {"aws_iam_role": {"Role": role}}}
    (here / "x.tf.json").write_text(json.dumps(document), "utf-8")

    found = shell('"$0" audit x.tf.json', PYTHONIOENCODING="latin-1")

    assert (found.returncode, found.stderr.count("\n")) == (1, 1)
    assert found.stderr.startswith("fatal: The output cannot be printed. Got 'x.tf.json'.")
    assert "PYTHONUTF8=1" in found.stderr


@pytest.mark.usefixtures("interruptible")
def test_an_interrupt_is_quiet() -> None:
    """Ctrl-C says nothing, and the exit code is the one that shells have for `SIGINT`."""
    with subprocess.Popen(
        [str(COMMAND), "audit", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as run:
        assert run.stdin
        run.stdin.write(b" " * 1_000_000)  # more than a pipe holds, so that the command reads it
        run.send_signal(signal.SIGINT)
        out, err = run.communicate(timeout=60)

    assert (run.returncode, out, err) == (130, b"", b"")


@pytest.mark.parametrize(
    "error", [KeyError("x"), RecursionError("too deep"), MemoryError(), OSError("x"), EOFError()]
)
def test_what_nothing_foresees(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """An error of the command itself is one line that names what was read, and no traceback."""
    monkeypatch.setattr(audit, "audit_both", raising(error))

    result = CliRunner().invoke(main, ["audit", "x.tf.json"])

    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert result.stderr.startswith("fatal: ")
    assert "'x.tf.json'" in result.stderr


def test_the_default_is_named_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no file is named, the line names the folder that is read without it."""
    monkeypatch.setattr(audit, "audit_both", raising(KeyError("x")))

    assert "fatal: The input 'cdktf.out' led" in CliRunner().invoke(main, ["audit"]).stderr


def test_the_traceback_is_there_for_who_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the variable set, the place where the error arose stands before the line."""
    monkeypatch.setattr(audit, "audit_both", raising(KeyError("x")))
    monkeypatch.setenv(TRACEBACK_VARIABLE, "1")

    result = CliRunner().invoke(main, ["audit", "x.tf.json"])

    assert result.stderr.startswith("Traceback (most recent call last):\n")
    assert result.stderr.splitlines()[-1].startswith("fatal: ")


def raising(error: Exception) -> Callable[..., None]:
    """Make a function that fails."""

    def fail(*_: object) -> None:
        raise error

    return fail


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_names_its_input(name: str) -> None:
    """Each command is of the class that names what it has read."""
    command = main.get_command(main.make_context("deploy-access", [name]), name)

    assert type(command).__name__ == "InputCommand"
