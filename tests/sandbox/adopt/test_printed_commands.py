"""The commands that `deploy-access adopt` prints, run as they are printed."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest
from account_exports import as_printed, read_account
from aws_cli import write_program
from click.testing import CliRunner
from hand_made import SYSTEMS, Account

from deploy_access.cli import main
from sandbox.server.aws_session import sign_in

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow


def test_the_commands_make_the_files(moto: str, tmp_path: Path) -> None:
    """They ask AWS for all that is read, write it into files, and end in the adoption."""
    system = SYSTEMS[0]
    session = sign_in(moto, system.account, system.region)
    system.make(Account(session, system.account))
    printed = CliRunner().invoke(main, ["adopt", "--commands"]).output
    env = {**os.environ, **write_program(tmp_path, session)}

    done = subprocess.run(
        ["sh", "-euc", printed], cwd=tmp_path, env=env, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")
    files = {path.name: path.read_text("utf-8") for path in (tmp_path / "account").iterdir()}
    answers = read_account(session)
    assert files == {f"{name}.json": as_printed(answer) for name, answer in answers.items()}
    assert "1 role taken over" in done.stdout
