"""
One attempt at a role: the job that is run, and how it should end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..gate.fault import Advice
    from ..gate.judge import Judgement
    from .job import DeployJob
    from .job_run import JobOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """
    One job, and how it should end.

    Attributes:
        who: The job, or what is wrong with it, in a few words.
        role: The name of the role.
        job: The job.
        refused_at: The call that AWS should refuse, or None when it should let the job through.
        code: AWS's code for that.
        is_stranger: Whether the trust policy has to keep it out; a policy that is wide on purpose,
            and says so in the stacks, lets it in.

    """

    who: str
    role: str
    job: DeployJob
    refused_at: str | None = None
    code: str = ""
    is_stranger: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptResult:
    """
    How an attempt ended.

    Attributes:
        attempt: The attempt.
        outcome: What AWS did.
        why: Why it was refused: what `explain` says, or AWS's own words.
        judgements: What the gate judged by policies meanwhile.
        advice: What would have let in what it refused.

    """

    attempt: Attempt
    outcome: JobOutcome
    why: str = ""
    judgements: tuple[Judgement, ...] = ()
    advice: tuple[Advice, ...] = ()

    @property
    def is_as_expected(self) -> bool:
        """Whether it ended at the call, and with the code, that was expected."""
        # A refusal at another call, or by another code, would be one for the wrong reason.
        wanted = (self.attempt.refused_at, self.attempt.code)
        return wanted == (self.outcome.refused, self.outcome.code)
