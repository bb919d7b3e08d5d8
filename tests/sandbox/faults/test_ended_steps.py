"""
Ctrl-C, SIGTERM, a closed terminal and SIGKILL at each step: nothing is left, the next run works.

One project goes through all of it, so each row begins with what the row before has left.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from kill_moments import BUCKET, backend
from operations_page import is_shown
from sandbox_estates import NONPROD, role, stack, write_out
from started_processes import PROC, processes_in, wait_until

from sandbox.server.aws_session import pages, sign_in
from sandbox.server.moto_server import find_server
from sandbox.server.working_folder import WorkingFolder

if TYPE_CHECKING:
    from collections.abc import Callable

PROJECT = Path(__file__).parents[3]
SERVER = "sandbox.server.moto_process"
APP = "import time\nprint('synthesizing', flush=True)\ntime.sleep(600)\n"
# Seconds, on a machine with other work beside.
LONGEST = 300
STATE, LOCK = "web.tfstate", "web.tfstate.tflock"

pytestmark = [
    pytest.mark.terraform,
    pytest.mark.skipif(not PROC.is_dir(), reason="reads the process table of Linux"),
    pytest.mark.usefixtures("interruptible"),
]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """
    Write a project with an app that takes its time, and one stack that is synthesized.
    """
    folder = tmp_path_factory.mktemp("ended")
    (folder / "app.py").write_text(APP)
    (folder / "cdktf.json").write_text(json.dumps({"app": "python app.py"}))
    write_stack(folder, "web")
    return folder


def write_stack(folder: Path, *roles: str) -> None:
    """
    Write a stack with these roles.
    """
    made = {name: role(name)["aws_iam_role"]["Role"] for name in roles}
    document = stack("web", backend=backend("web"), resource={"aws_iam_role": made})
    write_out(folder / "out", {"web": document})


def start(project: Path, step: str) -> subprocess.Popen[str]:
    """
    Start a step in the project.
    """
    given = () if step == "synth" else ("--out", "out")
    return subprocess.Popen(
        [sys.executable, "-m", "sandbox", step, *given],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(project: Path, step: str) -> None:
    """
    Run a step that ends well.
    """
    process = start(project, step)
    output, errors = process.communicate()
    assert process.returncode == 0, output + errors


def keys(project: Path) -> set[str]:
    """
    Return what is in the bucket of the states of the server that runs, or nothing.
    """
    server = find_server(WorkingFolder(project / ".sandbox"))
    if server is None:
        return set()
    s3 = sign_in(server.endpoint, NONPROD, "eu-central-1").client("s3")
    return {one["Key"] for one in pages(s3, "list_objects_v2", "Contents", Bucket=BUCKET)}


def runs(text: str) -> Callable[[Path], bool]:
    """
    Return whether a process with *text* in its command line runs.
    """
    return lambda project: any(text in line for line in processes_in(project).values())


def is_locked(project: Path) -> bool:
    """
    Return whether Terraform has the lock of the state.
    """
    return LOCK in keys(project)


ROWS = [
    ("synth", runs("app.py"), signal.SIGHUP),
    ("apply", runs(SERVER), signal.SIGINT),
    ("apply", runs(" init "), signal.SIGTERM),
    ("apply", runs(" apply -input"), signal.SIGHUP),
    ("env", runs(" init "), signal.SIGTERM),
]
KEPT = [
    ("verify", runs(" plan -input"), signal.SIGINT),
    ("attempt", runs(" init "), signal.SIGHUP),
    ("env", runs(" init "), signal.SIGINT),
    ("apply", is_locked, signal.SIGTERM),
    ("apply", is_locked, signal.SIGINT),
    ("destroy", runs(" destroy -input"), signal.SIGHUP),
]


def name_of(value: object) -> str:
    """
    Name a row by its step and its signal.
    """
    if isinstance(value, signal.Signals):
        return value.name
    return value if isinstance(value, str) else ""


def end_in_the_middle(
    project: Path, step: str, moment: Callable[[Path], bool], number: signal.Signals
) -> None:
    """
    Start a step, and end it by a signal at a moment.
    """
    process = start(project, step)
    wait_until(lambda: moment(project) or process.poll() is not None, LONGEST)
    process.send_signal(number)
    output, errors = process.communicate()

    assert process.returncode == 128 + number, output + errors
    assert errors == f"Ended by {number.name}; everything that was started is gone.\n"
    assert number != signal.SIGINT or is_shown(errors)


@pytest.mark.parametrize(("step", "moment", "number"), ROWS, ids=name_of)
def test_without_a_server(
    project: Path, step: str, moment: Callable[[Path], bool], number: signal.Signals
) -> None:
    """
    A step that is ended leaves no process, its own server neither.
    """
    end_in_the_middle(project, step, moment, number)

    assert not processes_in(project)


def test_next_run(project: Path) -> None:
    """
    After all of that an apply works, and leaves its server running.
    """
    run(project, "apply")

    assert keys(project) == {STATE}


@pytest.mark.parametrize(("step", "moment", "number"), KEPT, ids=name_of)
def test_with_a_server(
    project: Path, step: str, moment: Callable[[Path], bool], number: signal.Signals
) -> None:
    """
    A step that is ended leaves the server that it has found, and no lock; `destroy` ends that too.
    """
    # Each time there is another role to make.
    write_stack(project, "web", f"{step}-{number.name}")
    end_in_the_middle(project, step, moment, number)

    left = [line for line in processes_in(project).values() if SERVER not in line]
    assert not left
    assert keys(project) == (set() if step == "destroy" else {STATE})


def test_killed_sandbox(project: Path) -> None:
    """
    After a SIGKILL of the sandbox itself the next apply ends its Terraform and frees its lock.
    """
    run(project, "apply")
    write_stack(project, "web", "last")
    process = start(project, "apply")
    wait_until(lambda: is_locked(project) or process.poll() is not None, LONGEST)
    process.kill()
    process.communicate()
    assert is_locked(project)

    run(project, "apply")
    assert keys(project) == {STATE}
    run(project, "verify")
    run(project, "destroy")
    assert not processes_in(project)
