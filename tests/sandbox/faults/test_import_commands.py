"""
The commands of docs/operations.md that import what AWS has and no state knows.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from kill_moments import backend
from operations_page import PAGE
from sandbox_estates import NONPROD, role, stack, write_out

from sandbox import Sandbox, StepFailed

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = Path(__file__).parents[3]
NAME, ROLE = "web-prod", "web-prod-deploy"

pytestmark = pytest.mark.terraform


def commands(beginning: str) -> str:
    """
    Return the block of the page whose first command begins so, as a script.
    """
    blocks = re.findall(r"```console\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    scripts = ["\n".join(re.findall(r"^ *\$ (.*)", one, re.MULTILINE)) for one in blocks]
    (found,) = (one for one in scripts if one.startswith(beginning) and "import" in one)
    return found


@pytest.fixture
def clone(tmp_path: Path) -> Iterator[Path]:
    """
    Leave a sandbox running in whose AWS the role of a stack is, unknown to the state.
    """
    wanted = role(ROLE)["aws_iam_role"]["Role"]
    document = stack(NAME, backend=backend(NAME), resource={"aws_iam_role": {"Deploy": wanted}})
    out = write_out(tmp_path / "cdktf.out", {NAME: document})
    sandbox = Sandbox(out, folder=tmp_path / ".sandbox")
    with sandbox:
        iam = sandbox.session(NONPROD).client("iam")
        iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument=wanted["assume_role_policy"])
        with pytest.raises(StepFailed, match="EntityAlreadyExists"):
            sandbox.apply()
        sandbox.leave_running()
    yield tmp_path
    sandbox.end()
    assert sandbox.server.process is not None
    sandbox.server.process.wait()


@pytest.mark.parametrize(
    "beginning",
    [
        pytest.param("eval", id="in the sandbox"),
        pytest.param("terraform -chdir=cdktf.out/stacks/web-prod init", id="in AWS"),
    ],
)
def test_import(clone: Path, beginning: str) -> None:
    """
    The commands import the role: the next apply makes nothing.
    """
    script = commands(beginning)
    if not script.startswith("eval"):
        # The AWS of this machine in place of the real one.
        script = f'eval "$({sys.executable} -m sandbox env)"\n{script}'
    done = subprocess.run(
        ["bash", "-euc", script],
        cwd=clone,
        env={
            **os.environ,
            "PYTHONPATH": str(PROJECT),
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr

    sandbox = Sandbox(clone / "cdktf.out", folder=clone / ".sandbox")
    sandbox.join()
    try:
        assert sandbox.changes(NAME) is None
    finally:
        sandbox.close()
