"""
The three answers about a server, each from a real one, and what the steps do with the third.
"""

from __future__ import annotations

import os
import signal
import socket
import threading
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from sandbox_estates import NONPROD, stack, write_out
from werkzeug.wrappers import Request, Response

from sandbox import Sandbox, ServerSilent
from sandbox.cli import main
from sandbox.server.aws_session import sign_in
from sandbox.server.child_process import Processes
from sandbox.server.liveness import NAME_PATH, Liveness, read_liveness
from sandbox.server.loopback import HOST, Loopback
from sandbox.server.moto_server import (
    MotoServer,
    end_server,
    find_server,
    keep_server,
    start_server,
)
from sandbox.server.server_record import write_record
from sandbox.server.working_folder import WorkingFolder

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

NAME = "0123456789abcdef0123456789abcdef"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """
    Write a project with one stack.
    """
    project = tmp_path_factory.mktemp("project")
    write_out(project / "cdktf.out", {"web": stack("web")})
    return project


@pytest.fixture(scope="module")
def server(project: Path) -> Iterator[MotoServer]:
    """
    Start a server in the project that an earlier `apply` left running.
    """
    folder, processes = WorkingFolder(project / ".sandbox"), Processes()
    folder.create()
    found = start_server(folder, processes)
    keep_server(found, folder, Processes())
    yield found
    processes.end_all()


@pytest.fixture
def folder(project: Path, server: MotoServer, monkeypatch: pytest.MonkeyPatch) -> WorkingFolder:
    """
    Stand in the project, and ask a server that is silent for a moment only.
    """
    monkeypatch.chdir(project)
    monkeypatch.setattr("sandbox.server.liveness.PATIENCE", 0.5)
    assert server.process
    return WorkingFolder(Path(".sandbox"))


@pytest.fixture
def other_folder(tmp_path: Path) -> WorkingFolder:
    """
    Make a working folder without a server.
    """
    folder = WorkingFolder(tmp_path / ".sandbox")
    folder.create()
    return folder


@contextmanager
def stopped(server: MotoServer) -> Generator[None]:
    """
    Stop the process of a server for a while: its port stays open, and nothing answers.
    """
    assert server.process
    os.kill(server.process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(server.process.pid, signal.SIGCONT)


@contextmanager
def foreign(answer: bytes) -> Generator[int]:
    """
    Serve, as a program of another protocol, the same bytes to each connection; yield its port.
    """
    with socket.create_server((HOST, 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.sendall(answer)
                connection.recv(1000)

        threading.Thread(target=serve, daemon=True).start()
        yield listener.getsockname()[1]


def test_server_that_lives(folder: WorkingFolder, server: MotoServer) -> None:
    """
    A server that runs says its name, and is found in its folder.
    """
    assert read_liveness(server.name, server.port) is Liveness.LIVES
    assert find_server(folder) == MotoServer(name=server.name, port=server.port)


def test_answer_is_the_name_alone(server: MotoServer) -> None:
    """
    The answer is some bytes long, however much AWS holds.
    """
    connection = HTTPConnection(HOST, server.port)
    connection.request("GET", NAME_PATH)

    assert connection.getresponse().read() == server.name.encode()


def test_server_of_another_sandbox(server: MotoServer) -> None:
    """
    Another sandbox's server that has got the port is not taken for the one of the record.
    """
    assert read_liveness(NAME, server.port) is Liveness.GONE


def test_server_that_was_killed(other_folder: WorkingFolder) -> None:
    """
    A server that was killed is gone, although its record is there.
    """
    server = start_server(other_folder, Processes())
    assert server.process
    server.process.kill()
    server.process.wait()

    assert read_liveness(server.name, server.port) is Liveness.GONE
    assert other_folder.record.exists()
    assert find_server(other_folder) is None


def test_server_that_is_stopped(folder: WorkingFolder, server: MotoServer) -> None:
    """
    A server that is stopped does not answer, and lives when it goes on.
    """
    with stopped(server):
        assert read_liveness(server.name, server.port) is Liveness.SILENT
        with pytest.raises(ServerSilent, match="does not answer"):
            find_server(folder)

    assert read_liveness(server.name, server.port) is Liveness.LIVES


@pytest.mark.parametrize("status", [200, 404, 500])
def test_another_web_server(status: int) -> None:
    """
    A web server of another program that has got the port is not the sandbox's.
    """

    def answer(_: Request) -> Response:
        return Response("hello", status=status)

    other = Loopback(answer)
    other.start()
    port = int(other.url.rpartition(":")[2])

    found = read_liveness(NAME, port)

    other.close()
    assert found is Liveness.GONE


@pytest.mark.parametrize(
    ("said", "liveness"),
    [
        pytest.param(b"SSH-2.0-OpenSSH_9.9\r\n", Liveness.GONE, id="another protocol"),
        pytest.param(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 10_000, Liveness.GONE, id="a long answer"),
        pytest.param(b"", Liveness.SILENT, id="a connection that breaks"),
    ],
)
def test_another_program(said: bytes, liveness: Liveness) -> None:
    """
    A program that says anything else is another one; one that says nothing may be the server.
    """
    with foreign(said) as port:
        assert read_liveness(NAME, port) is liveness


@pytest.mark.parametrize("step", ["apply", "verify", "attempt", "destroy", "env", "demo"])
def test_no_step_touches_a_server_that_is_silent(
    folder: WorkingFolder, server: MotoServer, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """
    A step that gets no answer ends with one error, and neither ends the server nor what it holds.
    """
    monkeypatch.setenv("TERRAFORM_BINARY_NAME", "true")
    iam = sign_in(server.endpoint, NONPROD, "eu-central-1").client("iam")
    iam.create_account_alias(AccountAlias=f"alias-{step}")
    state = folder.root / "terraform.web.tfstate"
    state.write_text("{}")
    record = folder.record.read_bytes()

    with stopped(server):
        result = CliRunner().invoke(main, [step, "--out", "cdktf.out"])

    assert result.exit_code == 1
    assert result.stderr == (
        f"The server of the sandbox in '.sandbox' does not answer: {server.endpoint} was silent "
        "for 0.5 s. It may be busy or stopped, and it alone holds what was applied, so nothing was "
        "changed. Run the step again when the machine is less busy; or remove the folder "
        "'.sandbox', which ends the server and all that it holds.\n"
    )
    assert state.exists()
    assert folder.record.read_bytes() == record
    assert iam.list_account_aliases()["AccountAliases"] == [f"alias-{step}"]


def test_server_that_is_gone_is_no_obstacle(other_folder: WorkingFolder) -> None:
    """
    A record of a server that is gone neither keeps a sandbox from starting nor its end from coming.
    """
    with socket.create_server((HOST, 0)) as listener:
        port = listener.getsockname()[1]
    write_record(other_folder.record, NAME, port, parent=None)

    end_server(other_folder)

    assert not other_folder.record.exists()


def test_a_new_sandbox_refuses_to_replace_a_silent_server(
    folder: WorkingFolder, server: MotoServer
) -> None:
    """
    A sandbox that is started anew in the folder of a server that is silent is not started.
    """
    with stopped(server), pytest.raises(ServerSilent), Sandbox("cdktf.out", folder=folder.root):
        pass

    assert find_server(folder)
