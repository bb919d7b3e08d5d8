"""
The moto server: all of AWS, on 127.0.0.1, in a process of its own.
"""

from __future__ import annotations

import os
import sys
import time
import urllib.request
import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sandbox.environment import child_environment
from sandbox.errors import SandboxError
from sandbox.record import read_record, write_record

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

    from sandbox.folder import Folder
    from sandbox.processes import Processes

PATIENCE = 60.0

MOTO_SETTINGS = {
    # AWS's own managed policies exist in every account.
    "MOTO_IAM_LOAD_MANAGED_POLICIES": "true",
    # Regions newer than moto are regions all the same.
    "MOTO_ALLOW_NONEXISTENT_REGION": "true",
    "MOTO_ENABLE_ISO_REGIONS": "true",
}

_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
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
        return f"http://127.0.0.1:{self.port}"


def start_server(folder: Folder, processes: Processes) -> Server:
    """
    Start a server that ends with this process, and wait until it answers.
    """
    folder.record.unlink(missing_ok=True)
    name = uuid.uuid4().hex
    record = str(folder.record.resolve())
    command = [sys.executable, "-m", "sandbox.moto_process", record, name, str(os.getpid())]
    # The package is found from where it lies, not from where the user stands.
    env = {**child_environment(folder), **MOTO_SETTINGS, "PYTHONPATH": os.pathsep.join(sys.path)}
    log = folder.log("moto")
    with log.open("w") as output:
        process = processes.start(command, env=env, stdout=output, stderr=output)
    return _wait(folder, name, process, log)


def _wait(folder: Folder, name: str, process: subprocess.Popen[str], log: Path) -> Server:
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        server = find_server(folder)
        if server and server.name == name:
            return replace(server, process=process)
        time.sleep(0.05)
    said = log.read_text(errors="replace").strip()
    raise SandboxError(f"The moto server did not start, so there is no AWS here. It said:\n{said}")


def keep_server(server: Server, folder: Folder, processes: Processes) -> None:
    """
    Let a server outlive this process: it then ends when `end_server` removes its record.
    """
    if server.process:
        write_record(folder.record, server.name, server.port, parent=None)
        processes.forget(server.process)


def find_server(folder: Folder) -> Server | None:
    """
    Return the server that is recorded in the folder, if it answers.
    """
    try:
        record = read_record(folder.record)
        server = Server(name=record["name"], port=record["port"])
    except (OSError, ValueError, KeyError):
        return None
    return server if _answers(server) else None


def end_server(folder: Folder) -> None:
    """
    End the recorded server, which goes when its record does, and wait until it is gone.
    """
    server = find_server(folder)
    folder.record.unlink(missing_ok=True)
    deadline = time.monotonic() + PATIENCE
    while server and _answers(server) and time.monotonic() < deadline:
        time.sleep(0.05)


def _answers(server: Server) -> bool:
    try:
        with _direct.open(f"{server.endpoint}/moto-api/data.json", timeout=10):
            return True
    except OSError:
        return False
