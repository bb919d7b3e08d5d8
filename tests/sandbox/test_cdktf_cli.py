"""
The pinned `cdktf` command line against the sandbox.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = Path(__file__).parent.parent.parent
CDKTF = PROJECT / "node_modules" / ".bin" / "cdktf"

# cdktf-cli 0.21 brings a native module built for these; with a later Node it does not start.
NODES = range(18, 23)

# Without a limit it runs every stack at once, each with a provider of 600 MB.
DEPLOY = ("--auto-approve", "--skip-provider-lock", "--parallelism=3")

pytestmark = pytest.mark.terraform


def why_not() -> str | None:
    """
    Say why the command line cannot run here, or None.
    """
    if not CDKTF.exists():
        return "cdktf-cli is not installed: run `make setup`."
    node = shutil.which("node")
    said = (
        subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
        if node
        else ""
    )
    major = re.match(r"v(\d+)", said)
    if major is None or int(major[1]) not in NODES:
        return f"cdktf-cli needs Node 18 to 22 on the PATH, and there is {said.strip() or 'none'}."
    return None


@pytest.fixture(scope="module")
def box(example_out: Path) -> Iterator[Sandbox]:
    """
    Start a sandbox for the example estate, with its surroundings and nothing deployed.
    """
    reason = why_not()
    if reason and os.environ.get("CI") == "true":
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)
    with Sandbox(example_out) as sandbox:
        sandbox.furnish()
        yield sandbox


def cdktf(box: Sandbox, out: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """
    Run `cdktf` in the project, with this Python, on a folder of its own.
    """
    environment = box.environment()
    path = os.pathsep.join([str(Path(sys.executable).parent), environment["PATH"]])
    return subprocess.run(
        [str(CDKTF), *arguments, "--output", str(out)],
        cwd=PROJECT,
        env={**environment, "PATH": path, "CI": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_synth(box: Sandbox, example_out: Path, tmp_path: Path) -> None:
    """
    `cdktf synth` writes the same stacks as the app alone.
    """
    result = cdktf(box, tmp_path, "synth")

    assert result.returncode == 0, result.stdout + result.stderr
    for stack in box.estate:
        path = stack.path.relative_to(example_out)
        assert (tmp_path / path).read_bytes() == stack.path.read_bytes()


def test_deploy(box: Sandbox, tmp_path: Path) -> None:
    """
    `cdktf deploy '*'` deploys every stack into the sandbox, and what it made is what was written.
    """
    result = cdktf(box, tmp_path, "deploy", "*", *DEPLOY)

    assert result.returncode == 0, result.stdout + result.stderr
    assert box.verify().differences == ()
