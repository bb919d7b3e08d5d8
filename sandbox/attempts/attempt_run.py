"""
Runs every generated job of an estate through the gate, and tries everything with its role.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from deploy_access.explain.decide import explain_run
from deploy_access.github.token import read_token
from deploy_access.terraform.reader import read_estate

from ..gate.token_issuer import TokenIssuer
from .attempt import AttemptResult
from .attempt_plan import plan_attempts
from .generated_job import read_generated
from .job_prerequisite import furnish_jobs, remove_images
from .job_run import SIGN_IN, run_job
from .terraform_run import (
    change_back,
    change_by_hand,
    furnish_terraform_roles,
    run_terraform,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy_access.explain.finding import Explanation
    from deploy_access.terraform.estate import Estate

    from ..gate.judge import Judgement
    from ..progress import Progress
    from ..sandbox import Sandbox
    from .attempt import Attempt
    from .job_run import JobOutcome

STEP = "attempt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempts:
    """
    All attempts at the roles of an estate.

    Attributes:
        attempted: Each attempt and how it ended, job by job.
        left_out: The roles that no job can be run for, and why.

    """

    attempted: tuple[AttemptResult, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def judgements(self) -> tuple[Judgement, ...]:
        """Everything that the gate judged by policies meanwhile."""
        return tuple(judged for one in self.attempted for judged in one.judgements)

    @property
    def unexpected(self) -> tuple[AttemptResult, ...]:
        """The attempts that did not end as expected."""
        return tuple(one for one in self.attempted if not one.is_as_expected)


def attempt_all(sandbox: Sandbox) -> Attempts:
    """
    Run each generated job, and try with its role what `plan_attempts` says, as it is deployed.

    The images that are pushed are taken away again, so that their repositories can be destroyed.
    """
    # From the stacks, not from what was applied: as `deploy-access workflow` reads them.
    generated = read_generated(sandbox.out)
    if not generated.jobs:
        return Attempts(left_out=generated.left_out)
    read = read_estate(sandbox.out)
    furnish_jobs(generated.jobs, sandbox.session)
    furnish_terraform_roles(sandbox)
    before = change_by_hand([one.job for one in generated.jobs], sandbox)
    with ExitStack() as stack:
        stack.callback(change_back, before, sandbox)
        urls = sorted({one.issuer for one in generated.jobs})
        issuers = {url: stack.enter_context(TokenIssuer(url)) for url in urls}
        addresses = {url: issuer.address for url, issuer in issuers.items()}
        gate = sandbox.gate
        gate.believe(addresses)
        stack.callback(remove_images, generated.jobs, sandbox.session)
        roles = [one.role for one in generated.jobs]
        found: list[AttemptResult] = []
        for one in generated.jobs:
            label = one.role if roles.count(one.role) == 1 else one.name
            sandbox.progress.begin(STEP, label)
            ended = [
                _attempted(attempt, issuers[one.issuer], sandbox, read)
                for attempt in plan_attempts(one, generated.jobs)
                # Where everything passes, those who have to be refused would only pass as well.
                if attempt.refused_at is None or not sandbox.soft
            ]
            _tell(sandbox.progress, label, ended)
            found += ended
        return Attempts(attempted=tuple(found), left_out=generated.left_out)


def _tell(progress: Progress, label: str, ended: list[AttemptResult]) -> None:
    if all(one.is_as_expected for one in ended):
        through = sum(one.outcome.refused is None for one in ended)
        text = f"{through} let through, {len(ended) - through} refused"
        progress.finish(STEP, label, text)
    else:
        progress.fail(STEP, label)


def _attempted(
    attempt: Attempt, issuer: TokenIssuer, sandbox: Sandbox, estate: Estate
) -> AttemptResult:
    """
    Run the attempt and add the reason: what `explain` says of the token, or AWS's own words.
    """
    gate = sandbox.gate
    judged, advised = len(gate.judgements), len(gate.refusals)
    outcome = run_job(attempt.job, issuer, gate.endpoint)
    if attempt.job.terraform:
        outcome = run_terraform(attempt.job.terraform, outcome, sandbox)
    (finding,) = _explained(attempt, outcome, estate).findings
    # A policy that is wide on purpose lets a stranger in, and `explain` says so in advance.
    if attempt.is_stranger and finding.answer == "allowed":
        attempt = replace(attempt, refused_at=None, code="")
    why = outcome.message
    if outcome.refused == SIGN_IN and finding.answer == "denied":
        why = f"{finding.cause.text} [{finding.cause.id}]"
    return AttemptResult(
        attempt=attempt,
        outcome=outcome,
        why=why,
        judgements=tuple(gate.judgements[judged:]),
        advice=tuple(gate.refusals[advised:]),
    )


def _explained(attempt: Attempt, outcome: JobOutcome, estate: Estate) -> Explanation:
    """
    Ask `explain` about the token, the role, and what AWS answered.
    """
    run = replace(
        read_token(outcome.token.encode(), "token"),
        role_arn=attempt.job.role_arn,
        duration=attempt.job.duration,
        error=outcome.code or None,
    )
    return explain_run(run, estate)
