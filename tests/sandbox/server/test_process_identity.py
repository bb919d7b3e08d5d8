"""
A process, told from a later one with its number.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from sandbox.server.process_identity import PROC, ProcessIdentity, group_members

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(not PROC.is_dir(), reason="reads the process table of Linux")

# Leads a group with one more process, and says its number.
_LEADS = """
import subprocess, sys
print(subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"]).pid, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def leader(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """
    Start a process with a child, in a group of its own.
    """
    process = subprocess.Popen(
        [sys.executable, "-c", _LEADS],
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    yield process
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def child_of(leader: subprocess.Popen[str]) -> int:
    """
    Return the number that the leader says.
    """
    assert leader.stdout is not None
    return int(leader.stdout.readline())


def test_a_process_that_runs(leader: subprocess.Popen[str]) -> None:
    """
    A process is there until it has ended, also before its parent has asked for its exit code.
    """
    found = ProcessIdentity.of(leader.pid)
    assert not found.is_gone

    os.kill(leader.pid, signal.SIGKILL)
    os.waitid(os.P_PID, leader.pid, os.WEXITED | os.WNOWAIT)
    assert found.is_gone


def test_another_process_of_the_same_number(leader: subprocess.Popen[str]) -> None:
    """
    A process that has started at another time is another one; where no start is known it counts.
    """
    found = ProcessIdentity.of(leader.pid)

    assert replace(found, started="of another day").is_gone
    assert not replace(found, started=None).is_gone


def test_no_process_of_the_number() -> None:
    """
    A number that no process has is gone.
    """
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()

    assert ProcessIdentity(pid=ended.pid, started=None).is_gone


def test_what_a_killed_leader_leaves(
    leader: subprocess.Popen[str], tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """
    The rest of the group of a killed process is found, as far as it stands in the folder.
    """
    child = child_of(leader)
    assert set(group_members(leader.pid, tmp_path)) == {leader.pid, child}
    os.kill(leader.pid, signal.SIGKILL)
    os.waitid(os.P_PID, leader.pid, os.WEXITED | os.WNOWAIT)

    assert set(group_members(leader.pid, tmp_path)) == {child}
    assert not set(group_members(leader.pid, tmp_path_factory.mktemp("other")))
