"""
Two at once: in one clone, in two, on one stack, on two, and at one port.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cdktf_cli import CDKTF, find_node, why_not
from kill_moments import BUCKET, backend, read_moment
from sandbox_estates import NONPROD, role, stack, write_out
from with_terraform import give_up

from sandbox import FolderInUse, Sandbox, StepFailed
from sandbox.server.server_record import read_record

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from werkzeug.wrappers import Request, Response

PROJECT = Path(__file__).parents[3]
NAMES = ("web-dev", "web-prod")
CDKTF_STACK = "web-test"

pytestmark = pytest.mark.terraform


@dataclass
class Pause:
    """
    An observer of the gate that holds the answer to one call back until it is let go.
    """

    moment: tuple[str, str]
    reached: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)

    def __call__(self, request: Request, _: Response) -> None:
        """
        Wait, when it is the call.
        """
        if read_moment(request) == self.moment and not self.reached.is_set():
            self.reached.set()
            self.go_on.wait()


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """
    Write a clone with two stacks, whose states are in S3.
    """
    folder = tmp_path_factory.mktemp("clone")
    stacks = {
        name: stack(name, backend=backend(name), resource=role(name))
        for name in (*NAMES, CDKTF_STACK)
    }
    write_out(folder / "out", stacks)
    return folder


@pytest.fixture(scope="module")
def sandbox(clone: Path) -> Iterator[Sandbox]:
    """
    Start the sandbox of the clone.
    """
    with Sandbox(clone / "out", folder=clone / ".sandbox") as sandbox:
        yield sandbox


@contextmanager
def paused(sandbox: Sandbox, name: str) -> Generator[None]:
    """
    Apply a stack, and hold it in the middle of its apply.
    """
    pause = Pause((name, "CreateRole"))
    sandbox.gate.observers.append(pause)
    applying = threading.Thread(target=sandbox.apply, args=[name])
    applying.start()
    try:
        assert pause.reached.wait(300)
        yield
    finally:
        pause.go_on.set()
        applying.join()
        sandbox.gate.observers.remove(pause)


def terraform(sandbox: Sandbox, name: str, *command: str) -> subprocess.CompletedProcess[str]:
    """
    Run Terraform on a stack as `cdktf deploy` does: in a folder of its own, in the environment.
    """
    environment = sandbox.environment()
    return subprocess.run(
        [environment["TERRAFORM_BINARY_NAME"], *command, "-input=false", "-no-color"],
        cwd=sandbox.estate.stacks[name].path.parent,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_one_clone(sandbox: Sandbox, clone: Path) -> None:
    """
    A second sandbox in the clone ends at once, names the first and leaves it as it is.
    """
    before = read_record(sandbox.folder.record)

    second = subprocess.run(
        [sys.executable, "-m", "sandbox", "apply", "--out", "out"],
        cwd=clone,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert second.returncode == 1
    named = rf"The sandbox in '\.sandbox' is in use by process {os.getpid()}, for .+\."
    assert re.fullmatch(rf"{named} Two at once .+\n", second.stderr)
    assert read_record(sandbox.folder.record) == before
    assert sandbox.session(NONPROD).client("s3").list_objects_v2(Bucket=BUCKET)["KeyCount"] == 0


@pytest.mark.parametrize("step", ["start", "keep", "join"])
def test_no_step_takes_a_folder_in_use(sandbox: Sandbox, step: str) -> None:
    """
    No step uses the folder of another sandbox, and ending it leaves it as it is.
    """
    second = Sandbox(sandbox.out, folder=sandbox.folder.root)

    with pytest.raises(FolderInUse):
        getattr(second, step)()
    second.close()
    second.end()

    assert read_record(sandbox.folder.record).name == sandbox.server.name


def test_one_stack(sandbox: Sandbox) -> None:
    """
    A `cdktf deploy` of a stack that is being applied is stopped, with the owner and the id.

    Another stack is deployed meanwhile, and the same one afterwards.
    """
    first, other = NAMES
    terraform(sandbox, first, "init")
    terraform(sandbox, other, "init")

    with paused(sandbox, first):
        stopped = terraform(sandbox, first, "apply", "-auto-approve")
        beside = terraform(sandbox, other, "apply", "-auto-approve")
    after = terraform(sandbox, first, "apply", "-auto-approve")

    assert "Error acquiring the state lock" in stopped.stderr
    assert re.search(r"ID: +\S+\n(.*\n)+.*Who: +\S+@\S+\n", stopped.stderr)
    assert "Resources: 1 added, 0 changed, 0 destroyed" in beside.stdout
    assert "Resources: 0 added, 0 changed, 0 destroyed" in after.stdout
    assert sandbox.changes(other) is None


def test_lock_of_another(sandbox: Sandbox) -> None:
    """
    A lock that another holds is refused with its owner and age, and stays.
    """
    s3 = sandbox.session(NONPROD).client("s3")
    key = f"{NAMES[0]}.tfstate.tflock"
    created = datetime.now(UTC) - timedelta(minutes=42, seconds=5)
    info = {
        "ID": "5b2a8a0e-6a0e-4b8e-9d0e-0e6a0e4b8e9d",
        "Operation": "OperationTypeApply",
        "Info": "",
        "Who": "ann@laptop",
        "Version": "1.11.4",
        "Path": f"{BUCKET}/{key}",
        "Created": created.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    }
    s3.put_object(Bucket=BUCKET, Key=key, Body=json.dumps(info))

    with pytest.raises(StepFailed) as caught:
        sandbox.apply(NAMES[0])

    (failure,) = caught.value.failures
    assert failure.text.startswith(
        f"The state of stack '{NAMES[0]}' is locked by ann@laptop, for 42 minutes"
    )
    assert failure.text.endswith(f"`terraform force-unlock {info['ID']}`.")
    assert json.load(s3.get_object(Bucket=BUCKET, Key=key)["Body"]) == info
    s3.delete_object(Bucket=BUCKET, Key=key)
    assert sandbox.changes(NAMES[0]) is None


def start_cdktf(sandbox: Sandbox) -> subprocess.Popen[str]:
    """
    Start `cdktf deploy` of its stack.
    """
    (sandbox.out.parent / "cdktf.json").write_text('{"language": "python", "app": "true"}', "utf-8")
    node = find_node()
    assert node is not None
    environment = sandbox.environment()
    path = os.pathsep.join([str(node.parent), environment["PATH"]])
    flags = ("--output", sandbox.out.name, "--skip-synth", "--auto-approve", "--skip-provider-lock")
    return subprocess.Popen(
        [str(CDKTF), "deploy", CDKTF_STACK, *flags],
        cwd=sandbox.out.parent,
        env={**environment, "PATH": path, "CI": "1", "FORCE_COLOR": "0"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def is_stopped_by_lock(said: str) -> bool:
    """
    Whether Terraform says that the state is locked, where and by whom.
    """
    path = rf"Path: +{BUCKET}/{CDKTF_STACK}\.tfstate"
    needed = ("Error acquiring the state lock", path, r"Who: +\S+@\S+")
    return all(re.search(one, said) for one in needed)


def test_cdktf_deploy(sandbox: Sandbox) -> None:
    """
    `cdktf deploy` of a stack that is being applied is stopped, and so is one of two at once.
    """
    reason = why_not()
    if reason:
        give_up(reason)
    with paused(sandbox, CDKTF_STACK):
        stopped = start_cdktf(sandbox)
        said, _ = stopped.communicate()
    assert stopped.returncode != 0
    assert is_stopped_by_lock(said)

    both = [start_cdktf(sandbox), start_cdktf(sandbox)]
    told = [(one.communicate()[0], one.returncode) for one in both]

    assert 0 in {code for _, code in told}, told
    assert all(code == 0 or is_stopped_by_lock(said) for said, code in told), told
    assert sandbox.verify(CDKTF_STACK).differences == ()


def test_two_clones(sandbox: Sandbox, tmp_path: Path) -> None:
    """
    Two clones deploy the same stacks side by side, each into an AWS of its own.
    """
    made = sorted((*NAMES, CDKTF_STACK))
    with Sandbox(sandbox.out, folder=tmp_path / ".sandbox") as second:
        threads = [threading.Thread(target=one.apply) for one in (sandbox, second)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert second.server.port != sandbox.server.port
        assert [one.name for one in second.remaining()] == made
    assert [one.name for one in sandbox.remaining()] == made


def test_port_that_is_taken(clone: Path, tmp_path: Path) -> None:
    """
    Another program at the port of a server that is gone is left alone, and a new server started.
    """
    first = Sandbox(clone / "out", folder=tmp_path / ".sandbox")
    first.start()
    first.leave_running()
    first.close()
    assert first.server.process is not None
    first.server.process.kill()
    first.server.process.wait()
    with socket.socket() as other:
        other.bind(("127.0.0.1", first.server.port))
        other.listen()
        threading.Thread(target=answer_once, args=[other], daemon=True).start()

        with Sandbox(clone / "out", folder=tmp_path / ".sandbox") as second:
            assert second.server.port != first.server.port
            assert second.server.name != first.server.name


def answer_once(listener: socket.socket) -> None:
    """
    Answer one request as a web server of another kind.
    """
    connection, _ = listener.accept()
    with connection:
        connection.recv(4096)
        connection.sendall(b"HTTP/1.0 404 Not Found\r\nContent-Length: 0\r\n\r\n")
