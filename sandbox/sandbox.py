"""
The sandbox: an AWS on this machine, and Terraform deploying a `cdktf.out` into it.
"""

from __future__ import annotations

import os
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from uuid import uuid4

from .errors import FolderInUse, SandboxError
from .gate import Gate
from .progress import Progress, Silence
from .server.aws_session import AwsSession, sign_in
from .server.child_process import Processes
from .server.folder_hold import FolderHold
from .server.moto_server import end_server, find_server, keep_server, start_server
from .server.working_folder import WorkingFolder
from .terraform.command import Terraform
from .terraform.default_target import partition_name
from .terraform.guard import check_estate
from .terraform.lane import Lane, Lanes
from .terraform.prerequisite import read_prerequisites
from .terraform.prerequisite_setup import furnish, furnish_state
from .terraform.program import find_terraform
from .terraform.provider_package import find_provider
from .terraform.sandbox_estate import read_sandbox_estate, skipped_line
from .terraform.schedule import run_in_order
from .terraform.stack_copy import copy_stacks
from .terraform.state_lock import lock_watcher
from .terraform.user_environment import visitor_environment
from .verify.left_behind import find_left_behind
from .verify.verification import remaining, verify

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .server.moto_server import MotoServer
    from .terraform.sandbox_estate import SandboxEstate
    from .terraform.sandbox_stack import SandboxStack
    from .verify.expected_state import ExpectedResource
    from .verify.verification import Verification

# Each lane runs a provider process of its own; more of them only compete for the cores.
MOST_LANES = 4


class Sandbox:
    """
    An AWS on this machine that holds what one `cdktf.out` describes.

        with Sandbox("cdktf.out") as sandbox:
            sandbox.apply()
            assert not sandbox.changes("web-prod")
            iam = sandbox.session("111122223333").client("iam")

    Entering it checks every stack, starts the server and finds Terraform's provider; leaving it
    ends every process. Nothing is written outside of *folder*, which is a temporary one if it is
    left out.
    """

    def __init__(
        self,
        out: Path | str = "cdktf.out",
        *,
        folder: Path | str | None = None,
        progress: Progress | None = None,
        soft: bool = False,
    ) -> None:
        self.soft = soft
        self.out = Path(out)
        self._temporary = folder is None
        self.folder = WorkingFolder(
            Path(folder or Path(tempfile.gettempdir(), f"sandbox-{uuid4().hex}"))
        )
        self.progress = progress or Silence()
        self.processes = Processes()
        self._hold = FolderHold(self.folder)
        self._gate: Gate | None = None
        self._sessions: dict[str, AwsSession] = {}
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """
        Start a new server; what an earlier sandbox left in the folder is removed.
        """
        # Before anything is removed: a stack that is refused leaves an earlier sandbox as it is.
        self._read()
        self._hold.take()
        self._prepare(self._new_server())

    def keep(self) -> None:
        """
        Use the sandbox that is running in the folder, or start one.
        """
        self._read()
        self._hold.take()
        self._prepare(find_server(self.folder) or self._new_server())

    def join(self) -> None:
        """
        Use the sandbox that is running in the folder, and leave it running.
        """
        self._read()
        if self.folder.is_ours:
            self._hold.take()
        server = find_server(self.folder)
        if server is None:
            raise SandboxError(
                f"No sandbox is running in {str(self.folder.root)!r}, so there is nothing to look "
                "at. Run the step `apply` first, or all steps at once by naming none."
            )
        self._prepare(server)

    def leave_running(self) -> None:
        """
        Keep the server running when this object is closed, for a later `join`.
        """
        keep_server(self.server, self.folder, self.processes)

    def end(self) -> None:
        """
        End a server that was left running, and remove its folder.

        When another sandbox has taken the folder over meanwhile, both are its own.
        """
        if not self.folder.is_ours:
            return
        try:
            self._hold.take()
        except FolderInUse:
            return
        end_server(self.folder)
        self.folder.remove()
        self._hold.release()

    def close(self) -> None:
        """
        End every process that was started here, the server last.
        """
        # Before the folder goes: the processes write into it.
        self.processes.end_all()
        if self._gate:
            self._gate.close()
        if self._temporary:
            self.folder.remove()
        self._hold.release()

    def _read(self) -> None:
        """
        Read and check what is to be run, before anything starts.
        """
        self.estate = read_sandbox_estate(self.out)
        check_estate(self.estate)
        if self.estate.skipped:
            self.progress.say(skipped_line(self.estate.skipped))
        self._program = find_terraform(self.processes)

    def _new_server(self) -> MotoServer:
        end_server(self.folder)
        self.folder.clear()
        return start_server(self.folder, self.processes)

    def _prepare(self, server: MotoServer) -> None:
        self.server = server
        self._gate = Gate(server.endpoint, session=self.session, soft=self.soft)
        self._gate.observers.append(lock_watcher(self.estate, self.folder))
        self._gate.start()
        self.prerequisites = read_prerequisites(self.estate)
        # Terraform asks for its state before it makes anything.
        furnish_state(self.prerequisites, self.session)
        self.provider = find_provider(self.estate, self.folder, self._program, self.processes)
        copy_stacks(self.estate, self.folder)
        self.progress.say(
            f"AWS is a moto server at {server.endpoint}; its provider for Terraform is version "
            f"{self.provider.version}, from {self.provider.source}."
        )
        self.terraform = Terraform(
            program=self._program,
            folder=self.folder,
            lanes=Lanes([self._lane(number) for number in range(_lane_count(self.estate))]),
            processes=self.processes,
            keys={stack.account: self.session(stack.account).keys for stack in self.estate},
            find_left=lambda stack, known: find_left_behind(
                stack, known, self.estate, self.session
            ),
        )

    def _lane(self, number: int) -> Lane:
        return Lane(
            number=number,
            folder=self.folder,
            endpoint=self.gate.endpoint,
            provider=self.provider,
            processes=self.processes,
        )

    @property
    def gate(self) -> Gate:
        """
        The gate before the server, through which Terraform and the jobs go.
        """
        assert self._gate is not None, "the sandbox has not started"
        return self._gate

    def session(self, account: str) -> AwsSession:
        """
        Return the administrator's session in *account*, in the region that the estate uses there.

        It asks the server without the gate; the gate lets its calls pass, and writes them down.
        """
        # Two lanes may ask for the same account at once, and moto would make two sets of keys.
        with self._lock:
            if account not in self._sessions:
                region = self.estate.region(account)
                partition = partition_name(region)
                made = sign_in(self.server.endpoint, account, region, partition)
                self.gate.admit(made, account)
                self._sessions[account] = made
            return self._sessions[account]

    def apply(self, *stacks: str) -> None:
        """
        Make the prerequisites of the estate and apply the stacks of these names, or all.
        """
        self.furnish()
        self._run("apply", stacks, self.terraform.apply)

    def furnish(self) -> None:
        """
        Make what the stacks name and do not make: clusters, services, roles, OIDC providers.
        """
        furnish(self.prerequisites, self.session)

    def changes(self, stack: str) -> str | None:
        """
        Plan one stack and return the plan as text, or None when it changes nothing.
        """
        return self.terraform.changes(self._stack(stack))

    def plan(self, stack: str) -> dict[str, Any]:
        """
        Plan one stack and return the plan as Terraform's JSON.

        The prerequisites are made by `apply`: before it, the accounts are empty.
        """
        return self.terraform.plan(self._stack(stack))

    def outputs(self, stack: str) -> dict[str, Any]:
        """
        Return the values of the outputs of an applied stack.
        """
        return self.terraform.outputs(self._stack(stack))

    def verify(self, *stacks: str) -> Verification:
        """
        Compare what AWS holds with what was synthesized, and plan every stack again.
        """
        changed: dict[str, str] = {}

        def plan_again(stack: SandboxStack) -> str:
            changes = self.terraform.changes(stack)
            if changes is None:
                return "no changes"
            changed[stack.name] = changes
            return "CHANGES"

        self._run("verify", stacks, plan_again)
        return verify(self.estate.pick(stacks), self.estate, self.session, changed)

    def destroy(self, *stacks: str) -> None:
        """
        Destroy the stacks of these names, or all, except what they protect.
        """
        self._run("destroy", stacks, self.terraform.destroy, backwards=True)

    def remaining(self) -> list[ExpectedResource]:
        """
        Return the resources of the estate that AWS still holds.
        """
        return remaining(self.estate, self.session)

    def environment(self) -> dict[str, str]:
        """
        Return an environment in which `cdktf deploy` and others find this sandbox as their AWS.

        Its account is that of the first stack. Terraform, as far as it is started through
        TERRAFORM_BINARY_NAME in the folder of a stack, gets the account of that stack.
        """
        keys = {stack.name: self.session(stack.account).keys for stack in self.estate}
        return visitor_environment(
            self.folder, endpoint=self.server.endpoint, terraform=self._program, keys=keys
        )

    def _stack(self, name: str) -> SandboxStack:
        return self.estate.pick([name]).stacks[name]

    def _run(
        self,
        step: str,
        names: Sequence[str],
        work: Callable[[SandboxStack], str],
        *,
        backwards: bool = False,
    ) -> None:
        """
        Run *work* for the stacks in order, and report each.
        """

        def tell(stack: SandboxStack) -> None:
            self.progress.begin(step, stack.name)
            try:
                result = work(stack)
            except BaseException:
                self.progress.fail(step, stack.name)
                raise
            self.progress.finish(step, stack.name, result)

        estate = self.estate.pick(names)
        run_in_order(step, estate, tell, lanes=self.terraform.lanes.count, backwards=backwards)


def _lane_count(estate: SandboxEstate) -> int:
    return max(1, min(MOST_LANES, os.cpu_count() or 1, len(estate.stacks)))
