"""The line that an error ends in which nothing foresees, and standard streams that are closed."""

from __future__ import annotations

import subprocess
import sys

import pytest

from deploy_access.commands.last_resort import TRACEBACK_VARIABLE, print_traceback, unforeseen

SHOW = """\
import sys
from deploy_access.commands.last_resort import open_standard_streams
open_standard_streams()
opened = open({path!r}, "w")
print("to stdout")
print("to stderr", file=sys.stderr)
opened.write(f"{{sys.stdin.read()}}{{opened.fileno()}}")
"""


def test_the_line_names_the_input_and_the_error() -> None:
    """The line has the input, the kind of the error, its message on one line, and a way on."""
    error = KeyError("one\ntwo")

    assert unforeseen(error, "cdktf.out") == (
        "The input 'cdktf.out' led to an error that is not foreseen, KeyError: 'one\\ntwo'. "
        "The run ended there. Report it with what DEPLOY_ACCESS_TRACEBACK=1 prints."
    )


@pytest.mark.parametrize(
    ("message", "shown"),
    [("", "no message"), ("a\nb\tc", "a b c"), ("x" * 301, f"{'x' * 300}...")],
    ids=["none", "several lines", "a whole document"],
)
def test_the_message_is_one_short_line(message: str, shown: str) -> None:
    """The message of a library is one line of bounded length, whatever it is."""
    assert f"ValueError: {shown}. The run" in unforeseen(ValueError(message), "-")


@pytest.mark.parametrize(("value", "printed"), [(None, False), ("", False), ("1", True)])
def test_the_traceback_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    value: str | None,
    *,
    printed: bool,
) -> None:
    """A traceback is printed when the variable is set to something, and only then."""
    monkeypatch.delenv(TRACEBACK_VARIABLE, raising=False)
    if value is not None:
        monkeypatch.setenv(TRACEBACK_VARIABLE, value)

    print_traceback(ValueError("x"))

    assert ("ValueError: x" in capsys.readouterr().err) is printed


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&-", "<&- >&- 2>&-"])
def test_a_closed_stream_is_no_other_file(
    tmp_path_factory: pytest.TempPathFactory, closed: str
) -> None:
    """What is printed to a stream that the caller closed does not end up in the next file."""
    path = tmp_path_factory.mktemp("opened") / "file"
    command = f'exec "$0" -c "$1" {closed}'

    run = subprocess.run(
        ["sh", "-c", command, sys.executable, SHOW.format(path=str(path))],
        check=False,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )

    assert run.returncode == 0
    assert run.stdout == ("" if ">&-" in closed.replace("2>&-", "") else "to stdout\n")
    assert run.stderr == ("" if "2>&-" in closed else "to stderr\n")
    assert int(path.read_text()) > 2
