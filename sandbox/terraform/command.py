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

from .recovery import converging, is_interrupted, recover
from .run_record import read_run
from .stack_run import StackRun

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence
    from pathlib import Path

    from ..server.aws_session import SessionKeys
    from ..server.child_process import Processes
    from ..server.working_folder import WorkingFolder
    from .lane import Lanes
    from .recovery import FindLeft
    from .sandbox_stack import SandboxStack

# The exit code of `terraform plan -detailed-exitcode` for a plan with changes:
# https://developer.hashicorp.com/terraform/cli/commands/plan
CHANGES = 2

_SUMMARY = re.compile(r"^(?:Apply|Destroy) complete! Resources: (.*)\.$", re.MULTILINE)
_PLANNED = re.compile(r"^Plan: (.*)\.$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Terraform:
    """
    Terraform, run in the copies of the stacks.

    *find_left* says what AWS has of a stack beside what its state knows, after a run was killed.
    """

    program: Path
    folder: WorkingFolder
    lanes: Lanes
    processes: Processes
    keys: Mapping[str, SessionKeys]
    find_left: FindLeft

    def apply(self, stack: SandboxStack) -> str:
        """
        Apply *stack* and return Terraform's count of what it changed.
        """
        with self.session(stack) as session:
            return self._apply(session)

    def destroy(self, stack: SandboxStack) -> str:
        """
        Destroy *stack* except what it protects, and return Terraform's count.

        Terraform refuses to destroy anything of a stack that has a protected resource, so those
        are taken out of its state first: they stay, as they would on AWS.
        """
        protected = [
            resource.address for resource in stack.resources() if resource.prevents_destroy
        ]
        with self.session(stack) as session:
            if is_interrupted(session):
                # What a killed apply has made is in no state, and would stay.
                self._apply(session)
            session.forget(protected)
            output = session.run("destroy", "-auto-approve").output
        return _summary(output)

    def forget(self, stack: SandboxStack, addresses: Sequence[str]) -> None:
        """
        Take resources of *stack* out of its state; AWS keeps them.
        """
        with self.session(stack) as session:
            session.forget(addresses)

    def changes(self, stack: SandboxStack) -> str | None:
        """
        Plan *stack* and return the plan as text, or None when it changes nothing.
        """
        with self.session(stack) as session:
            result = session.run("plan", "-detailed-exitcode", accepted=(0, CHANGES))
        return result.output.strip() if result.code == CHANGES else None

    def plan(self, stack: SandboxStack) -> dict[str, Any]:
        """
        Plan *stack* and return the plan as Terraform's JSON.
        """
        with self.session(stack) as session:
            session.run("plan", "-out=plan")
            return json.loads(session.run("show", "-json", "plan", quiet=("-no-color",)).output)

    def outputs(self, stack: SandboxStack) -> dict[str, Any]:
        """
        Return the values of the outputs of an applied *stack*.
        """
        with self.session(stack) as session:
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
            with self.session(stack, *given) as run:
                yield run
        finally:
            override.unlink()

    def _apply(self, session: StackRun) -> str:
        with converging(session, self.find_left):
            return _summary(session.run("apply", "-auto-approve").output)

    @contextmanager
    def session(self, stack: SandboxStack, *given: str) -> Generator[StackRun]:
        """
        Hold a lane for *stack* while several commands run, and initialise the stack first.

        *given* are arguments for that, about its backend.
        """
        with self.lanes.borrow() as lane:
            env = lane.environment(stack, self.keys[stack.account])
            run = StackRun(self.program, stack, self.folder, self.processes, env)
            run.initialise(*given)
            recover(run)
            try:
                yield run
            finally:
                # A run was killed, and the provider may still be in the middle of its call.
                if read_run(run.path):
                    lane.end_provider()


def _summary(output: str) -> str:
    found = _SUMMARY.search(output)
    return found[1] if found else "done"
