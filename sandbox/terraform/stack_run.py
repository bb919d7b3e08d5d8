"""
Terraform's commands in the copy of one stack, and the record of each run.
"""

from __future__ import annotations

import re
import signal
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ..errors import StackFailure, StepFailed
from ..server.process_identity import ProcessIdentity
from .rescued_state import keep_state, kept_state
from .run_record import UNWRITTEN_STATE, RunRecord, read_run, remove_run
from .stack_copy import local_state, state_override
from .state_lock import held_lock

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from ..server.child_process import Processes, ProcessResult
    from ..server.working_folder import WorkingFolder
    from .sandbox_stack import SandboxStack

# A question would wait for ever: nothing is connected to the standard input.
QUIET = ("-input=false", "-no-color")

# These neither lock a state nor change one, so a kill leaves nothing of them.
_HARMLESS = {"init", "show", "output", "state list", "force-unlock"}

_FRAME = re.compile(r"^[╷│╵] ?", re.MULTILINE)
_BLANK_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True)
class StackRun:
    """
    One stack in one lane.
    """

    program: Path
    stack: SandboxStack
    folder: WorkingFolder
    processes: Processes
    env: Mapping[str, str]

    def run(
        self,
        command: str,
        *arguments: str,
        quiet: Sequence[str] = QUIET,
        accepted: Sequence[int] = (0,),
    ) -> ProcessResult:
        """
        Run one command; an exit code that is not accepted raises what Terraform said.
        """
        line = [self.program, *command.split(), *quiet, *arguments]
        record = None if command in _HARMLESS else self._record(command)
        result = self.processes.run(line, env=self.env, cwd=self.path, started=record)
        if record and _has_ended(result.code, self.path):
            remove_run(self.path)
        if result.code not in accepted:
            text = killed_text(result.code) or self._reason(result)
            raise StepFailed(f"terraform {command}", [StackFailure(self.stack.name, text)])
        return result

    @property
    def path(self) -> Path:
        """
        The folder that Terraform runs in.
        """
        return self.folder.stack(self.stack.name)

    def _record(self, command: str) -> Callable[[int], None]:
        def write(pid: int) -> None:
            RunRecord(command=command, process=ProcessIdentity.of(pid)).write(self.path)

        return write

    def _reason(self, result: ProcessResult) -> str:
        # Where the standard error output is empty, the reason is on the other one.
        text = readable(result.errors) or readable(result.output)
        locked = held_lock(self.stack.name, text, datetime.now(UTC))
        return locked or keep_state(text, self.path, self.folder.reserve)

    def initialise(self, *given: str) -> None:
        """
        Initialise the stack; a local state that would lie outside of the folder goes inside.
        """
        state = state_override(self.stack, self.folder)
        kept = kept_state(self.path)
        if kept and self.stack.backend.type == "local":
            # Not pushed: that would read the file first, which may be cut off.
            kept.replace(state or local_state(self.stack, self.folder))
        elsewhere = [f"-backend-config=path={state}"] if state else []
        # A folder that was used before may hold another backend; its state is not to be moved.
        self.run("init", "-reconfigure", *elsewhere, *given)

    def forget(self, addresses: Sequence[str]) -> None:
        """
        Remove resources from the state, with all their instances; AWS keeps them.
        """
        if not addresses:
            return
        known = self.run("state list", quiet=()).output.split()
        kept = [name for name in known if name.partition("[")[0] in addresses]
        if kept:
            self.run("state rm", *kept, quiet=())


def _has_ended(code: int, folder: Path) -> bool:
    """
    Return whether a run has ended in order: its state is written and its lock is free.
    """
    left = read_run(folder)
    has_lock = left is not None and left.lock is not None
    return code >= 0 and not has_lock and not (folder / UNWRITTEN_STATE).exists()


def killed_text(code: int) -> str:
    """
    Say that Terraform was ended by a signal, and what to do; an empty text for another exit code.
    """
    if code >= 0:
        return ""
    return (
        f"Terraform was ended by {signal.Signals(-code).name} in the middle, and not all that it "
        "has done is in its state. Run the step again: it frees the lock that this run has left, "
        "and takes over what AWS has made already."
    )


def readable(text: str) -> str:
    """
    Return Terraform's errors without the frames that it draws around them.
    """
    return _BLANK_LINES.sub("\n\n", _FRAME.sub("", text)).strip()
