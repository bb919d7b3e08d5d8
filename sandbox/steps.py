"""
The steps of the command: which processes each starts, and which of them it leaves running.
"""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from .attempts import attempt_all
from .attempts.attempt_table import print_part, render_advice, render_attempts
from .errors import AttemptsDiffer, DifferencesFound, MissingTool
from .sandbox import Sandbox
from .server.child_process import Processes
from .server.moto_server import find_server
from .synthesis import run_app
from .terraform.sandbox_estate import read_sandbox_estate
from .verify.report import (
    render_estate,
    render_remaining,
    render_trusts,
    render_verification,
)
from .verify.verification import synthesized_trusts

if TYPE_CHECKING:
    from rich.console import Console

    from .progress import Progress

DEFAULT_OUT = Path("cdktf.out")
WORKING_FOLDER = Path(".sandbox")


class Steps:
    """
    The steps in the current directory.

    *out* is what was synthesized; without it, the app here writes `cdktf.out` first. With *soft*
    the jobs are let through, and what AWS would refuse is only printed.
    """

    def __init__(
        self, console: Console, progress: Progress, out: Path | None, *, soft: bool = False
    ) -> None:
        self._soft = soft
        self._console = console
        self._progress = progress
        self._chosen = out
        self._out = out or DEFAULT_OUT

    def demo(self) -> None:
        """
        Run all steps in a sandbox that is gone afterwards; a failure leaves its logs.
        """
        if self._chosen is None:
            self.synth()
        else:
            self._console.print(render_estate(read_sandbox_estate(self._out)))
        try:
            with self._sandbox() as sandbox:
                sandbox.apply()
                self._verify(sandbox)
                self._attempt(sandbox)
                self._destroy(sandbox)
        except MissingTool:
            trusts = synthesized_trusts(read_sandbox_estate(self._out))
            self._console.print(render_trusts(trusts))
            raise
        # After a failure the folder stays, with the logs in it.
        sandbox.end()

    def synth(self) -> None:
        """
        Run the app and show its stacks.
        """
        processes = Processes()
        try:
            said = run_app(Path.cwd(), processes, out=self._chosen)
        finally:
            processes.end_all()
        if said:
            self._console.print(said, markup=False, highlight=False)
        self._console.print(render_estate(read_sandbox_estate(self._out)))

    def apply(self) -> None:
        """
        Apply into the sandbox that is running, or a new one, and leave it running.
        """
        sandbox = self._sandbox()
        try:
            sandbox.keep()
            sandbox.apply()
            sandbox.leave_running()
        finally:
            sandbox.close()
        self._progress.say("The sandbox keeps running: `deploy-access sandbox destroy` ends it.")

    def verify(self) -> None:
        """
        Check what an earlier `apply` made.
        """
        sandbox = self._sandbox()
        try:
            sandbox.join()
            self._verify(sandbox)
        finally:
            sandbox.close()

    def attempt(self) -> None:
        """
        Run deploy jobs against what an earlier `apply` made.
        """
        sandbox = self._sandbox()
        try:
            sandbox.join()
            self._attempt(sandbox)
        finally:
            sandbox.close()

    def destroy(self) -> None:
        """
        Destroy what an earlier `apply` made, and end the sandbox.
        """
        sandbox = self._sandbox()
        # First, so that a server that does not answer is waited for once, not by each part below.
        find_server(sandbox.folder)
        try:
            sandbox.join()
            self._destroy(sandbox)
        finally:
            sandbox.close()
            sandbox.end()

    def env(self) -> None:
        """
        Print the environment in which `cdktf deploy` and others find the sandbox.
        """
        sandbox = self._sandbox()
        try:
            sandbox.keep()
            sandbox.furnish()
            environment = sandbox.environment()
            sandbox.leave_running()
        finally:
            sandbox.close()
        for name, value in environment.items():
            self._console.out(f"export {name}={shlex.quote(value)}", highlight=False)

    def _sandbox(self) -> Sandbox:
        return Sandbox(self._out, folder=WORKING_FOLDER, progress=self._progress, soft=self._soft)

    def _verify(self, sandbox: Sandbox) -> None:
        found = sandbox.verify()
        for part in render_verification(found):
            self._console.print(part)
        if found.differences:
            raise DifferencesFound(found.differences)

    def _attempt(self, sandbox: Sandbox) -> None:
        found = attempt_all(sandbox)
        for part in render_attempts(found):
            print_part(self._console, part)
        if self._soft:
            print_part(self._console, render_advice(sandbox.gate.refusals))
        elif found.unexpected:
            raise AttemptsDiffer(len(found.unexpected))

    def _destroy(self, sandbox: Sandbox) -> None:
        sandbox.destroy()
        remaining = sandbox.remaining()
        for part in render_remaining(remaining):
            self._console.print(part)
        surplus = [item.title for item in remaining if not item.is_protected]
        if surplus:
            raise DifferencesFound(surplus)
