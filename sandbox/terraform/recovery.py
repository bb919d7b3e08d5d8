"""
Recovery of a stack whose run was killed: its provider, its lock, its state, what AWS has made.

The state that Terraform keeps in S3 is written at the end of an apply. What it made before it was
killed is in AWS and in no state: the next apply imports it, or would make it a second time.
"""

from __future__ import annotations

import json
import os
import re
import signal
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from ..errors import StackFailure, StepFailed
from ..server.process_identity import group_members
from .rescued_state import kept_state
from .run_record import read_run, remove_run

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Generator, Mapping
    from pathlib import Path

    from ..server.process_identity import ProcessIdentity
    from .run_record import RunRecord
    from .sandbox_stack import SandboxStack
    from .stack_run import StackRun

    FindLeft = Callable[[SandboxStack, Collection[str]], Mapping[str, str]]

# It stays from the kill of an apply until one has ended well.
_MARK = "interrupted"
# Terraform reads every file of this ending: https://developer.hashicorp.com/terraform/language/import
_IMPORTS = "left_behind.tf.json"

# A run whose sandbox was killed has no AWS any more, and ends as soon as it is told to.
PATIENCE = 20.0
SECONDS_BETWEEN_LOOKS = 0.1

_EXISTS = re.compile(r"AlreadyExists|already exists|AlreadyOwnedByYou", re.IGNORECASE)
_ADDRESS = re.compile(r"^\s*with ([^\s,]+),$", re.MULTILINE)


def recover(run: StackRun) -> None:
    """
    Put right what a killed run has left, but for what AWS has made: its lock and its state.

    Raises:
        StepFailed: Its process still runs.

    """
    # That of an apply that was killed while it imported; the next one writes its own.
    (run.path / _IMPORTS).unlink(missing_ok=True)
    left = read_run(run.path)
    if left:
        _end_processes(left, run)
        if left.command == "apply":
            (run.path / _MARK).touch()
        if left.lock:
            # It fails where the lock is free, or is another's: then that one is named later.
            run.run("force-unlock", "-force", left.lock, quiet=("-no-color",), accepted=(0, 1))
        remove_run(run.path)
    unwritten = kept_state(run.path)
    if unwritten:
        run.run("state push", unwritten.name, quiet=())
        unwritten.unlink()


def is_interrupted(run: StackRun) -> bool:
    """
    Return whether AWS may have what a killed apply has made and no state knows.
    """
    return (run.path / _MARK).exists()


@contextmanager
def converging(run: StackRun, find_left: FindLeft) -> Generator[None]:
    """
    Import what a killed run has made and not written down, while an apply runs.

    Raises:
        StepFailed: AWS has something that the stack makes and that is not surely of that run.

    """
    if not is_interrupted(run):
        yield
        return
    known = run.run("state list", quiet=(), accepted=(0, 1)).output.split()
    found = find_left(run.stack, known)
    blocks = [{"to": address, "id": name} for address, name in found.items()]
    imports = run.path / _IMPORTS
    imports.write_text(json.dumps({"import": blocks}), encoding="utf-8")
    try:
        yield
    except StepFailed as error:
        raise StepFailed(error.step, [_advise(one, run) for one in error.failures]) from None
    finally:
        imports.unlink()
    (run.path / _MARK).unlink()


def _end_processes(left: RunRecord, run: StackRun) -> None:
    """
    End what is left of a run, the providers that it started before all.
    """
    _end_leader(left.process, run.path)
    if not left.process.is_gone:
        raise StepFailed(
            f"terraform {left.command}",
            [
                StackFailure(
                    run.stack.name,
                    f"An earlier `terraform {left.command}` of this stack still runs, as process "
                    f"{left.process.pid}, and has the lock of its state. Two at once would "
                    "overwrite each other's state, so nothing was changed. Wait until it has "
                    f"ended, or end it: `kill -INT {left.process.pid}`.",
                )
            ],
        )
    for member in group_members(left.process.pid, run.path):
        with suppress(ProcessLookupError):
            os.kill(member, signal.SIGKILL)


def _end_leader(process: ProcessIdentity, folder: Path) -> None:
    """
    Tell the Terraform of a sandbox that is gone to end, and wait for it.
    """
    if process.is_gone or process.pid not in group_members(process.pid, folder):
        return
    with suppress(ProcessLookupError):
        os.kill(process.pid, signal.SIGINT)
    deadline = time.monotonic() + PATIENCE
    while not process.is_gone and time.monotonic() < deadline:
        time.sleep(SECONDS_BETWEEN_LOOKS)


def _advise(failure: StackFailure, run: StackRun) -> StackFailure:
    """
    Add what to import to what Terraform said, where AWS has what it was to make.
    """
    named = set(_ADDRESS.findall(failure.text)) if _EXISTS.search(failure.text) else set[str]()
    if not named:
        return failure
    resources = [one for one in run.stack.resources() if one.address in named]
    ids = {one.address: one.import_id for one in resources}
    advice = import_advice(failure.stack, ids or dict.fromkeys(named, "ID"))
    return StackFailure(failure.stack, f"{failure.text}\n\n{advice}")


def import_advice(stack: str, ids: Mapping[str, str]) -> str:
    """
    Say what to import, where AWS has it otherwise than the stack writes it.
    """
    imports = " and ".join(f"`terraform import {one} {name}`" for one, name in ids.items())
    return (
        f"An earlier run of stack {stack!r} was killed in the middle, and AWS has "
        f"{', '.join(ids)} otherwise than the stack writes it, so it may not be of that run. "
        f"If it is, import it in the folder of the stack: {imports}."
    )
