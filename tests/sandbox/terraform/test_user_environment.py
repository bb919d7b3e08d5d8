"""
The pinned `cdktf` command line against the sandbox.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cdktf_cli import CDKTF, PROJECT, find_node, why_not
from with_terraform import give_up

from sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

# Without a limit it runs every stack at once, each with a provider of 600 MB.
DEPLOY = ("--auto-approve", "--skip-provider-lock", "--parallelism=3")

pytestmark = pytest.mark.terraform


@pytest.fixture(scope="module")
def box(example_out: Path) -> Iterator[Sandbox]:
    """
    Start a sandbox for the example estate, with its prerequisites and nothing deployed.
    """
    reason = why_not()
    if reason:
        give_up(reason)
    with Sandbox(example_out) as sandbox:
        sandbox.furnish()
        yield sandbox


def cdktf(box: Sandbox, out: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """
    Run `cdktf` in the project, with this Python, on a folder of its own.
    """
    environment = box.environment()
    node = find_node()
    assert node is not None
    folders = [str(Path(sys.executable).parent), str(node.parent), environment["PATH"]]
    path = os.pathsep.join(folders)
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


def test_deploy_by_pattern(box: Sandbox, tmp_path: Path) -> None:
    """
    `cdktf deploy 'account-prod' '*-prod'` deploys production, and nothing else.

    `account-prod` fits both patterns, and cdktf-cli 0.21 then deploys it twice: one at a time, or
    the second is stopped by the lock of the first.
    """
    patterns = ("account-prod", "*-prod")
    result = cdktf(box, tmp_path, "deploy", *patterns, *DEPLOY[:2], "--parallelism=1")

    assert result.returncode == 0, result.stdout + result.stderr
    production = ("account-prod", "billing-prod", "web-prod")
    assert box.verify(*production).differences == ()
    assert (
        box.session("111122223333")
        .client("iam")
        .list_open_id_connect_providers()["OpenIDConnectProviderList"]
        == []
    )


def test_deploy(box: Sandbox, tmp_path: Path) -> None:
    """
    `cdktf deploy '*'` deploys every stack into the sandbox, and what it made is what was written.
    """
    result = cdktf(box, tmp_path, "deploy", "*", *DEPLOY)

    assert result.returncode == 0, result.stdout + result.stderr
    assert box.verify().differences == ()
