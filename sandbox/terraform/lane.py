"""
A lane: one Terraform at a time, with an AWS provider that keeps running between the runs.

The provider has some 700 MB, and its start takes a good part of every run. One process serves any
number of runs, but it has one configuration, that of the last run: two stacks at once, or one stack
with two configurations, would mix up their accounts. So each lane has its own process and takes one
stack at a time, and a stack with several configurations starts its own provider.
"""

from __future__ import annotations

import json
import queue
import re
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..server.child_environment import terraform_environment

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from ..server.aws_session import SessionKeys
    from ..server.child_process import Processes
    from ..server.working_folder import WorkingFolder
    from .provider_package import ProviderPackage
    from .sandbox_stack import SandboxStack

# Seconds until a provider has started. Where it takes longer, Terraform starts one for each run.
PATIENCE = 60.0

# The shell ends the provider when its own input ends, and that happens whenever the sandbox is
# gone, even when it was killed without a chance to clean up.
_GUARDED = '"$0" -debug </dev/null & trap "" INT; read -r _; kill -INT $!; wait'

# https://developer.hashicorp.com/terraform/plugin/debugging
_ATTACH = re.compile(r"TF_REATTACH_PROVIDERS='(.*)'")


@dataclass(kw_only=True)
class Lane:
    """
    One provider process, and the credentials file that it and Terraform read.

    The file is written before each run; the provider reads it whenever Terraform configures it.
    """

    number: int
    folder: WorkingFolder
    endpoint: str
    provider: ProviderPackage
    processes: Processes
    _attached: dict[str, str] | None = field(default=None, init=False)
    _process: subprocess.Popen[str] | None = field(default=None, init=False)

    @property
    def credentials(self) -> Path:
        """
        The credentials file of this lane.
        """
        return self.folder.root / f"lane-{self.number}.credentials"

    @property
    def base_environment(self) -> dict[str, str]:
        """
        The environment of the provider, and of Terraform when it starts its own.
        """
        return terraform_environment(
            self.folder, endpoint=self.endpoint, credentials=self.credentials
        )

    def environment(self, stack: SandboxStack, keys: SessionKeys) -> dict[str, str]:
        """
        Make the lane ready for *stack* and return the environment to run Terraform in.
        """
        self.credentials.write_text(keys.credentials_file(), encoding="utf-8")
        attached = self._attach() if len(stack.providers) == 1 else {}
        return {**self.base_environment, **attached}

    def end_provider(self) -> None:
        """
        End the provider, if it runs; the next run starts another.
        """
        if self._process:
            self.processes.kill(self._process)
        self._process = self._attached = None

    def _attach(self) -> dict[str, str]:
        """
        Start the provider once. If it cannot be attached, Terraform starts its own.
        """
        if self._attached is None:
            log = self.folder.log(f"lane-{self.number}-provider")
            with log.open("w") as output:
                self._process = self.processes.start(
                    ["/bin/sh", "-c", _GUARDED, self.provider.executable],
                    env=self.base_environment,
                    stdin=subprocess.PIPE,
                    stdout=output,
                    stderr=output,
                )
            self._attached = self._wait(self._process, log)
        return self._attached

    def _wait(self, process: subprocess.Popen[str], log: Path) -> dict[str, str]:
        deadline = time.monotonic() + PATIENCE
        while process.poll() is None and time.monotonic() < deadline:
            found = _ATTACH.search(log.read_text(errors="replace"))
            if found:
                # The provider prints the address of Terraform's registry; OpenTofu has its own.
                (handle,) = json.loads(found[1]).values()
                return {"TF_REATTACH_PROVIDERS": json.dumps({self.provider.address: handle})}
            time.sleep(0.05)
        return {}


class Lanes:
    """
    The lanes that are free.
    """

    def __init__(self, lanes: list[Lane]) -> None:
        self.count = len(lanes)
        self._free: queue.SimpleQueue[Lane] = queue.SimpleQueue()
        for lane in lanes:
            self._free.put(lane)

    @contextmanager
    def borrow(self) -> Generator[Lane]:
        """
        Wait for a free lane, and hold it.
        """
        lane = self._free.get()
        try:
            yield lane
        finally:
            self._free.put(lane)
