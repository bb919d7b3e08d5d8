"""
Runs a job against the gate, up to the first call that AWS refuses.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from deploy_access.iam.policy import WEB_IDENTITY

from ..gate.github_run import LIFETIME
from ..server.aws_session import AwsError
from .web_session import method_of, sign_in_with

if TYPE_CHECKING:
    from ..gate.token_issuer import TokenIssuer
    from ..server.aws_session import AwsSession
    from .job import DeployJob

SIGN_IN = WEB_IDENTITY


@dataclass(frozen=True, slots=True, kw_only=True)
class JobOutcome:
    """
    How a job ended.

    Attributes:
        done: The calls that AWS let through, the sign-in first.
        refused: The call that AWS refused, or None.
        code: AWS's code for it.
        message: AWS's words.
        token: The token that it signed in with.
        session: The session in which it made all its calls, or None when it was stopped.
        terraform: What Terraform says that it changes, where the job runs it.

    """

    done: tuple[str, ...]
    refused: str | None = None
    code: str = ""
    message: str = ""
    token: str
    session: AwsSession | None = None
    terraform: str = ""


def run_job(job: DeployJob, issuer: TokenIssuer, endpoint: str) -> JobOutcome:
    """
    Sign in, and make the calls in order until AWS refuses one.
    """
    lifetime = LIFETIME if job.token_lifetime is None else job.token_lifetime
    token = issuer.token(job.run, audience=job.audience, lifetime=lifetime)
    done: list[str] = []
    answers: dict[str, Any] = {}
    current = SIGN_IN
    try:
        session = sign_in_with(token, job, endpoint)
        for call in job.calls:
            # The call before this one was let through, or its error would have ended the loop.
            done.append(current)
            current = call.name
            method = method_of(session.client(call.service, call.region), call.operation)
            answers[call.operation] = method(**call.filled(answers))
    except AwsError as error:
        found = cast("dict[str, str]", cast("Any", error.response)["Error"])
        return JobOutcome(
            done=tuple(done),
            refused=current,
            code=found["Code"],
            message=found["Message"],
            token=token,
        )
    return JobOutcome(done=(*done, current), token=token, session=session)
