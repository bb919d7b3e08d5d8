"""
The moto server: all of AWS, on 127.0.0.1, in a process of its own.
"""

from __future__ import annotations

import os
import sys
import time
import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..errors import SandboxError, ServerSilent
from . import liveness
from .child_environment import child_environment
from .liveness import Liveness, read_liveness
from .loopback import HOST
from .server_record import read_record, write_record

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

    from .child_process import Processes
    from .working_folder import WorkingFolder

# moto loads a hundred services before it answers: seconds, and more than a minute beside twenty
# busy programs. One that ends meanwhile is noticed at once.
PATIENCE = 300.0
SECONDS_BETWEEN_LOOKS = 0.05

MOTO_SETTINGS = {
    # AWS's own managed policies exist in every account.
    "MOTO_IAM_LOAD_MANAGED_POLICIES": "true",
    # Regions newer than moto are regions all the same.
    "MOTO_ALLOW_NONEXISTENT_REGION": "true",
    "MOTO_ENABLE_ISO_REGIONS": "true",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MotoServer:
    """
    A moto server that answers.
    """

    name: str
    port: int
    process: subprocess.Popen[str] | None = None

    @property
    def endpoint(self) -> str:
        """
        The address that stands for all of AWS.
        """
        return f"http://{HOST}:{self.port}"


def start_server(folder: WorkingFolder, processes: Processes) -> MotoServer:
    """
    Start a server that ends with this process, and wait until it answers.
    """
    folder.record.unlink(missing_ok=True)
    # Not the process id: another program may have the same one on a machine that has restarted.
    name = uuid.uuid4().hex
    record = str(folder.record.resolve())
    # In the wheel this package has another name.
    module = f"{__package__}.moto_process"
    command = [sys.executable, "-m", module, record, name, str(os.getpid())]
    # The package is found from where it lies, not from where the user stands.
    env = {**child_environment(folder), **MOTO_SETTINGS, "PYTHONPATH": os.pathsep.join(sys.path)}
    log = folder.log("moto")
    with log.open("w") as output:
        process = processes.start(command, env=env, stdout=output, stderr=output)
    return _wait(folder, name, process, log)


def _wait(
    folder: WorkingFolder, name: str, process: subprocess.Popen[str], log: Path
) -> MotoServer:
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        server = _recorded(folder)
        if server and server.name == name and _liveness(server) is Liveness.LIVES:
            return replace(server, process=process)
        time.sleep(SECONDS_BETWEEN_LOOKS)
    said = log.read_text(errors="replace").strip()
    raise SandboxError(f"The moto server did not start, so there is no AWS here. It said:\n{said}")


def keep_server(server: MotoServer, folder: WorkingFolder, processes: Processes) -> None:
    """
    Keep a server running after this process; removing its record then ends it.
    """
    if server.process:
        write_record(folder.record, server.name, server.port, parent=None)
        processes.forget(server.process)


def find_server(folder: WorkingFolder) -> MotoServer | None:
    """
    Return the server that is recorded in the folder, or None when there is none or it is gone.

    Raises:
        ServerSilent: It does not answer, which is no proof that it is gone.

    """
    server = _recorded(folder)
    if server is None:
        return None
    found = _liveness(server)
    if found is Liveness.SILENT:
        raise ServerSilent(str(folder.root), server.endpoint, liveness.PATIENCE)
    return server if found is Liveness.LIVES else None


def end_server(folder: WorkingFolder) -> None:
    """
    End the recorded server by removing its record, and wait until it is gone.

    Raises:
        ServerSilent: It does not answer; then nothing is removed.

    """
    server = find_server(folder)
    folder.record.unlink(missing_ok=True)
    deadline = time.monotonic() + PATIENCE
    while server and _liveness(server) is not Liveness.GONE and time.monotonic() < deadline:
        time.sleep(SECONDS_BETWEEN_LOOKS)


def _recorded(folder: WorkingFolder) -> MotoServer | None:
    try:
        record = read_record(folder.record)
    except (OSError, ValueError):
        return None
    return MotoServer(name=record.name, port=record.port)


def _liveness(server: MotoServer) -> Liveness:
    return read_liveness(server.name, server.port)
