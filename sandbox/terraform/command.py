"""
Terraform's commands, for one stack at a time.
"""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from deploy_access.terraform.session_override import FILE, session_override
from sandbox.errors import StackFailure, StepFailed
from sandbox.terraform.stack_copy import state_override

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence
    from pathlib import Path

    from sandbox.server.aws_session import SessionKeys
    from sandbox.server.child_process import Processes, ProcessResult
    from sandbox.server.working_folder import WorkingFolder
    from sandbox.terraform.lane import Lanes
    from sandbox.terraform.sandbox_stack import SandboxStack

# A question would wait for ever: nothing is connected to the standard input.
QUIET = ("-input=false", "-no-color")
# The exit code of `terraform plan -detailed-exitcode` for a plan with changes:
# https://developer.hashicorp.com/terraform/cli/commands/plan
CHANGES = 2

_SUMMARY = re.compile(r"^(?:Apply|Destroy) complete! Resources: (.*)\.$", re.MULTILINE)
_PLANNED = re.compile(r"^Plan: (.*)\.$", re.MULTILINE)
_FRAME = re.compile(r"^[╷│╵] ?", re.MULTILINE)
_BLANK_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True, kw_only=True)
class Terraform:
    """
    Terraform, run in the copies of the stacks.
    """

    program: Path
    folder: WorkingFolder
    lanes: Lanes
    processes: Processes
    keys: Mapping[str, SessionKeys]

    def apply(self, stack: SandboxStack) -> str:
        """
        Apply *stack* and return Terraform's count of what it changed.
        """
        with self._session(stack) as session:
            output = session.run("apply", "-auto-approve").output
        return _summary(output)

    def destroy(self, stack: SandboxStack) -> str:
        """
        Destroy *stack* except what it protects, and return Terraform's count.

        Terraform refuses to destroy anything of a stack that has a protected resource, so those
        are taken out of its state first: they stay, as they would on AWS.
        """
        protected = [
            resource.address for resource in stack.resources() if resource.prevents_destroy
        ]
        with self._session(stack) as session:
            session.forget(protected)
            output = session.run("destroy", "-auto-approve").output
        return _summary(output)

    def forget(self, stack: SandboxStack, addresses: Sequence[str]) -> None:
        """
        Take resources of *stack* out of its state; AWS keeps them.
        """
        with self._session(stack) as session:
            session.forget(addresses)

    def changes(self, stack: SandboxStack) -> str | None:
        """
        Plan *stack* and return the plan as text, or None when it changes nothing.
        """
        with self._session(stack) as session:
            result = session.run("plan", "-detailed-exitcode", accepted=(0, CHANGES))
        return result.output.strip() if result.code == CHANGES else None

    def plan(self, stack: SandboxStack) -> dict[str, Any]:
        """
        Plan *stack* and return the plan as Terraform's JSON.
        """
        with self._session(stack) as session:
            session.run("plan", "-out=plan")
            return json.loads(session.run("show", "-json", "plan", quiet=("-no-color",)).output)

    def outputs(self, stack: SandboxStack) -> dict[str, Any]:
        """
        Return the values of the outputs of an applied *stack*.
        """
        with self._session(stack) as session:
            found = json.loads(session.run("output", "-json", quiet=("-no-color",)).output)
        return {name: output["value"] for name, output in found.items()}

    def count_without_role(self, stack: SandboxStack) -> str:
        """
        Plan *stack* with the rights of the caller alone, and return Terraform's count.

        A caller that only reads cannot write the lock either.
        """
        with self.without_role(stack) as session:
            output = session.run("plan", "-lock=false").output
        found = _PLANNED.search(output)
        return found[1] if found else "no changes"

    @contextmanager
    def without_role(self, stack: SandboxStack) -> Generator[StackRun]:
        """
        Run commands on *stack* in which neither the provider nor the backend assumes a role.

        So a plan is made with the rights of the caller alone, which only have to read.
        """
        override = self.folder.stack(stack.name) / FILE
        override.write_text(session_override(stack.document) or "{}", encoding="utf-8")
        # Only the backend of S3 has a role to be left out.
        given = ["-backend-config=assume_role=null"] if stack.backend.type == "s3" else []
        try:
            with self._session(stack, *given) as run:
                yield run
        finally:
            override.unlink()

    @contextmanager
    def _session(self, stack: SandboxStack, *given: str) -> Generator[StackRun]:
        """
        Hold a lane for *stack* while several commands run, and initialise the stack first.

        *given* are arguments for that, about its backend.
        """
        with self.lanes.borrow() as lane:
            env = lane.environment(stack, self.keys[stack.account])
            run = StackRun(self.program, stack, self.folder, self.processes, env)
            run.initialise(*given)
            yield run


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
        cwd = self.folder.stack(self.stack.name)
        result = self.processes.run(line, env=self.env, cwd=cwd)
        if result.code not in accepted:
            # Where the standard error output is empty, the reason is on the other one.
            text = readable(result.errors) or readable(result.output)
            raise StepFailed(f"terraform {command}", [StackFailure(self.stack.name, text)])
        return result

    def initialise(self, *given: str) -> None:
        """
        Initialise the stack; a local state that would lie outside of the folder goes inside.
        """
        state = state_override(self.stack, self.folder)
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


def _summary(output: str) -> str:
    found = _SUMMARY.search(output)
    return found[1] if found else "done"


def readable(text: str) -> str:
    """
    Return Terraform's errors without the frames that it draws around them.
    """
    return _BLANK_LINES.sub("\n\n", _FRAME.sub("", text)).strip()
