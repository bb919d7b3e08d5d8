"""
Tries everything with every deploy role of an estate, through the gate.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from deploy_access.claims.token import read_token
from deploy_access.explain.decide import explain_run
from deploy_access.reading.reader import read_estate
from sandbox.attempts.attempt import Attempted
from sandbox.attempts.deploy_calls import version_of
from sandbox.attempts.deployment import read_deployments
from sandbox.attempts.plan import plan_attempts
from sandbox.attempts.run_job import SIGN_IN, run_job
from sandbox.gate import Gate
from sandbox.issuer import TokenIssuer

if TYPE_CHECKING:
    from deploy_access.explain.finding import Explanation
    from deploy_access.reading.estate import Estate as ReadEstate
    from sandbox.attempts.attempt import Attempt
    from sandbox.attempts.deployment import Deployment
    from sandbox.attempts.run_job import Outcome
    from sandbox.aws import AwsSession
    from sandbox.gate.judge import Judgement
    from sandbox.progress import Progress
    from sandbox.sandbox import Sandbox

STEP = "attempt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempts:
    """
    What was tried.

    Attributes:
        attempted: Each attempt with its end, role by role.
        judgements: Everything that the gate judged by policies meanwhile.

    """

    attempted: tuple[Attempted, ...] = ()
    judgements: tuple[Judgement, ...] = ()

    @property
    def unexpected(self) -> tuple[Attempted, ...]:
        """What ended otherwise than it should."""
        return tuple(one for one in self.attempted if not one.is_as_expected)


def attempt_all(sandbox: Sandbox) -> Attempts:
    """
    Try what `plan_attempts` says with each deploy role, as it is deployed.

    The images that are pushed are taken away again, so that their repositories can be destroyed.
    """
    deployments = read_deployments(sandbox.estate)
    if not deployments:
        return Attempts()
    read = read_estate(sandbox.out)
    with ExitStack() as stack:
        urls = sorted({one.issuer for one in deployments})
        issuers = {url: stack.enter_context(TokenIssuer(url)) for url in urls}
        addresses = {url: issuer.address for url, issuer in issuers.items()}
        gate = stack.enter_context(
            Gate(sandbox.server.endpoint, session=sandbox.session, issuers=addresses)
        )
        found: list[Attempted] = []
        for one in deployments:
            stack.callback(_remove_images, one, sandbox.session(one.account))
            sandbox.progress.begin(STEP, one.role)
            ended = [
                _attempted(attempt, run_job(attempt.job, issuers[one.issuer], gate.endpoint), read)
                for attempt in plan_attempts(one)
            ]
            _tell(sandbox.progress, one.role, ended)
            found += ended
        return Attempts(attempted=tuple(found), judgements=tuple(gate.judgements))


def _tell(progress: Progress, role: str, ended: list[Attempted]) -> None:
    if all(one.is_as_expected for one in ended):
        through = sum(one.outcome.refused is None for one in ended)
        text = f"{through} jobs let through, {len(ended) - through} refused"
        progress.finish(STEP, role, text)
    else:
        progress.fail(STEP, role)


def _remove_images(deployment: Deployment, session: AwsSession) -> None:
    ecr = session.client("ecr", deployment.region)
    tags = [{"imageTag": version_of(deployment, number)} for number in range(len(deployment.runs))]
    for repository in deployment.repositories:
        ecr.batch_delete_image(repositoryName=repository, imageIds=tags)


def _attempted(attempt: Attempt, outcome: Outcome, estate: ReadEstate) -> Attempted:
    """
    Add why: what `explain` says where the trust policy refuses, else AWS's own words.
    """
    (finding,) = _explained(attempt, outcome, estate).findings
    if attempt.is_stranger and finding.answer == "allowed":
        attempt = replace(attempt, refused_at=None, code="")
    if outcome.refused == SIGN_IN and finding.answer == "denied":
        says = f"{finding.cause.text} [{finding.cause.id}]"
        return Attempted(attempt=attempt, outcome=outcome, why=says)
    return Attempted(attempt=attempt, outcome=outcome, why=outcome.message)


def _explained(attempt: Attempt, outcome: Outcome, estate: ReadEstate) -> Explanation:
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
