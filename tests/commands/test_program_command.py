"""The commands that are programs of their own: their words, exit codes and signals are those."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COMMAND = Path(sys.executable).with_name("deploy-access")
SLEEPING = "import time\nopen('begun', 'w').close()\ntime.sleep(600)\n"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder."""
    return subprocess.run(
        [COMMAND, *arguments],
        check=False,
        capture_output=True,
        text=True,
        cwd=cwd,
        env=ENVIRONMENT,
    )


def test_synth_writes_the_stacks(tmp_path: Path) -> None:
    """It does what `main.py` does, with the file of the folder that one stands in."""
    (tmp_path / "environments.toml").write_bytes((ROOT / "environments.toml").read_bytes())

    found = run("synth", cwd=tmp_path)

    assert (found.returncode, found.stdout, found.stderr) == (0, "", "")
    assert (tmp_path / "cdktf.out/stacks/web-prod/cdk.tf.json").exists()


def test_synth_of_a_mistake(tmp_path: Path) -> None:
    """It ends as every other command: each line behind `fatal:`, and exit code 1."""
    (tmp_path / "environments.toml").write_text("schema = 1\n[servces]\n", "utf-8")

    found = run("synth", cwd=tmp_path)

    assert (found.returncode, found.stdout) == (1, "")
    first, second = found.stderr.splitlines()
    assert first == "fatal: environments.toml cannot be used:"
    assert second.startswith("fatal:   servces: There is no such key.")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["synth", "--help"], "Usage: deploy-access synth [OPTIONS]"),
        (["sandbox", "--help"], "Usage: deploy-access sandbox [OPTIONS]"),
    ],
)
def test_help_is_that_of_the_program(arguments: list[str], said: str, tmp_path: Path) -> None:
    """What stands behind the command is read by the program."""
    found = run(*arguments, cwd=tmp_path)

    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout.startswith(said)


@pytest.mark.parametrize("arguments", [["synth", "--nothing"], ["sandbox", "nothing"]])
def test_exit_codes_pass(arguments: list[str], tmp_path: Path) -> None:
    """Wrong usage is wrong usage."""
    assert run(*arguments, cwd=tmp_path).returncode == 2


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["Ctrl-C", "SIGTERM"]
)
def test_signals_pass(number: signal.Signals, code: int, tmp_path: Path) -> None:
    """A signal to the command is one to the program: it ends what it started, and says so."""
    (tmp_path / "app.py").write_text(SLEEPING, "utf-8")
    (tmp_path / "cdktf.json").write_text(json.dumps({"app": "python app.py"}), "utf-8")
    child = subprocess.Popen(
        [COMMAND, "sandbox", "synth"],
        cwd=tmp_path,
        env=ENVIRONMENT,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not (tmp_path / "begun").exists():
        assert child.poll() is None
    child.send_signal(number)
    _, errors = child.communicate(timeout=60)

    assert child.returncode == code
    assert "everything that was started is gone" in errors


def test_nothing_of_the_folder_is_run(tmp_path: Path) -> None:
    """A folder with modules of these names has no part in it."""
    for name in ("stacks", "sandbox", "click"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(99)\n", "utf-8")

    assert run("synth", "--help", cwd=tmp_path).returncode == 0
