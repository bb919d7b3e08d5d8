"""
The steps with which a job becomes a role by its token.

Sources: https://github.com/aws-actions/configure-aws-credentials (its inputs),
https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-role.html#cli-configure-role-oidc
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.github.run import AUDIENCE
from deploy_access.workflow_audit.model import Written
from deploy_access.workflow_audit.triggers import starting

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from deploy_access.workflow_audit.model import GithubJob, Step, Trigger

CREDENTIALS = "aws-actions/configure-aws-credentials"
KEY_ID = "aws-access-key-id"
ROLE = "role-to-assume"
_VARIABLE = "AWS_ROLE_ARN"
_TOKEN_FILE = "AWS_WEB_IDENTITY_TOKEN_FILE"  # noqa: S105 - the name of a variable
_IN_SCRIPT = re.compile(r"""\bAWS_ROLE_ARN=["']?([^\s"'$]+|\$\{\{.*?\}\})""")
_BY_COMMAND = re.compile(
    r"""assume-role-with-web-identity\b.*?--role-arn[ =]+["']?([^\s"'$\\]+|\$\{\{.*?\}\})""",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """
    A step with which a job becomes a role by its token.

    Attributes:
        job: The job.
        step: The step.
        role: The role that it asks for, as far as it is known.
        key: What names the role in the step, for example `role-to-assume`.
        audience: The `aud` of the token.
        duration: The seconds of the session, or None where nothing says.
    """

    job: GithubJob
    step: Step
    role: Written
    key: str
    audience: str
    duration: Written | None

    @property
    def condition(self) -> str:
        """Each `if:` that may keep it from running."""
        return f"{self.job.condition} {self.step.condition}".strip()

    @property
    def triggers(self) -> tuple[Trigger, ...]:
        """What may start it."""
        return starting(self.job.triggers, self.condition)


def sign_ins_of(job: GithubJob) -> list[SignIn]:
    """List the sign-ins of a job, each role once."""
    found: dict[str, SignIn] = {}
    # What the action asks for says more than a variable of the same role.
    for one in sorted(_sign_ins(job), key=lambda one: one.key != ROLE):
        found.setdefault(one.role.text, one)
    return list(found.values())


def is_sign_in(step: Step) -> bool:
    """Whether the action of a step shows the job's token to AWS."""
    given = step.inputs
    is_chained = ROLE in given and _text(given.get("role-chaining")) == "true"
    by_token = bool(_text(given.get(ROLE))) and not _text(given.get(KEY_ID))
    return step.action == CREDENTIALS and by_token and not is_chained


def _sign_ins(job: GithubJob) -> Iterator[SignIn]:
    for step in job.steps:
        if is_sign_in(step):
            yield SignIn(
                job=job,
                step=step,
                role=step.inputs[ROLE],
                key=ROLE,
                audience=_text(step.inputs.get("audience")) or AUDIENCE,
                duration=step.inputs.get("role-duration-seconds"),
            )
        elif step.run.text:
            for key, role in _in_script(step):
                yield SignIn(
                    job=job, step=step, role=role, key=key, audience=AUDIENCE, duration=None
                )


def _in_script(step: Step) -> Iterable[tuple[str, Written]]:
    script, line = step.run.text, step.run.line
    for role in _BY_COMMAND.findall(script):
        yield "--role-arn", Written(role, line)
    if _TOKEN_FILE not in script and _TOKEN_FILE not in step.env:
        return
    named = _IN_SCRIPT.findall(script)
    for role in named:
        yield _VARIABLE, Written(role, line)
    if not named and _VARIABLE in step.env:
        yield _VARIABLE, step.env[_VARIABLE]


def _text(value: Written | None) -> str:
    return value.text.strip() if value else ""
