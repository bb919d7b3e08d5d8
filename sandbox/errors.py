"""
Errors that the sandbox raises on purpose.

    SandboxError
    ├── UnreadableEstate     cdktf.out is not there, or not what cdktf writes
    ├── RefusedStacks        a stack could reach something that is not the sandbox
    ├── MissingTool          Terraform, or its AWS provider, is not on this machine
    ├── FolderInUse          another sandbox works in the same folder
    ├── ServerSilent         the server of an earlier step does not answer
    ├── StepFailed           stacks failed in a step; carries one failure a stack
    ├── DifferencesFound     what AWS holds is not what was synthesized
    └── AttemptsDiffer       a deploy job was let through or refused other than expected
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class SandboxError(Exception):
    """
    The root: every error that the sandbox raises on purpose.
    """


class UnreadableEstate(SandboxError):
    """
    The folder does not hold what `cdktf synth` writes.
    """


class MissingTool(SandboxError):
    """
    Terraform or its AWS provider is missing, so nothing can be deployed.
    """


class FolderInUse(SandboxError):
    """
    Another sandbox works in the same working folder.
    """

    def __init__(self, folder: str, pid: int | None, age: str | None) -> None:
        self.pid = pid
        named = f"process {pid}" if pid else "another process"
        since = f", for {age}" if age else ""
        super().__init__(
            f"The sandbox in {folder!r} is in use by {named}{since}. Two at once would end each "
            "other's server, so nothing was changed. Run this again when that process has ended, "
            "or in another clone, which has a sandbox of its own."
        )


class ServerSilent(SandboxError):
    """
    The server that an earlier step left running neither answers nor is gone.
    """

    def __init__(self, folder: str, endpoint: str, seconds: float) -> None:
        super().__init__(
            f"The server of the sandbox in {folder!r} does not answer: {endpoint} was silent for "
            f"{seconds:g} s. It may be busy or stopped, and it alone holds what was applied, so "
            "nothing was changed. Run the step again when the machine is less busy; or remove the "
            f"folder {folder!r}, which ends the server and all that it holds."
        )


@dataclass(frozen=True, slots=True)
class StackRefusal:
    """
    One reason why one stack is not run.
    """

    stack: str
    reason: str


class RefusedStacks(SandboxError):
    """
    Stacks that could reach something outside of this machine.
    """

    def __init__(self, refusals: Sequence[StackRefusal]) -> None:
        self.refusals = tuple(refusals)
        lines = "\n".join(f"  {refusal.reason}" for refusal in refusals)
        super().__init__(
            "The sandbox runs only what it can keep on this machine, and nothing was started. "
            f"Refused:\n{lines}"
        )


@dataclass(frozen=True, slots=True)
class StackFailure:
    """
    What a stack failed with, in Terraform's own words.
    """

    stack: str
    text: str


class StepFailed(SandboxError):
    """
    A step failed for at least one stack.
    """

    def __init__(
        self, step: str, failures: Sequence[StackFailure], skipped: Sequence[str] = ()
    ) -> None:
        self.step = step
        self.failures = tuple(failures)
        self.skipped = tuple(skipped)
        parts = [
            f"{step} failed for stack {failure.stack!r}.\n{failure.text}" for failure in failures
        ]
        if skipped:
            parts.append(f"Not run, because they depend on it: {', '.join(skipped)}.")
        super().__init__("\n\n".join(parts))


class DifferencesFound(SandboxError):
    """
    What AWS holds is not what was synthesized.
    """

    def __init__(self, differences: Sequence[str]) -> None:
        self.differences = tuple(differences)
        super().__init__(
            f"AWS does not hold what was synthesized: {len(differences)} difference(s), see above."
        )


class AttemptsDiffer(SandboxError):
    """
    A deploy job was let through and should be refused, or the other way round.
    """

    def __init__(self, count: int) -> None:
        super().__init__(
            f"The deployed policies do not admit whom they should: {count} job(s) ended otherwise "
            "than expected, see above."
        )
