"""
One job of a workflow, as AWS sees it: a token, a role, and a sequence of calls.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from deploy_access.github.run import AUDIENCE

if TYPE_CHECKING:
    from ..gate.github_run import GithubRun

SESSION_NAME = "GitHubActions"
"""What `configure-aws-credentials` calls a session unless it is told otherwise."""

PLAN, APPLY = "plan", "apply"


@dataclass(frozen=True, slots=True)
class FromAnswer:
    """
    A parameter whose value is in the answer of an earlier call of the job.

    Attributes:
        operation: Whose last answer it is in.
        path: The keys that lead to it.

    """

    operation: str
    path: tuple[str, ...]

    def taken_from(self, answers: Mapping[str, Any]) -> Any:
        """Return the value."""
        found: Any = answers[self.operation]
        for key in self.path:
            found = found[int(key) if key.isdecimal() else key]
        return found


@dataclass(frozen=True, slots=True)
class JobCall:
    """
    A call of AWS's API.

    Attributes:
        service: As the SDK calls it, for example `ecr`.
        operation: As the API calls it, for example `PutImage`.
        parameters: What it is given; a `FromAnswer` anywhere in them is filled in.
        region: Where it goes; None for the region of the job.

    """

    service: str
    operation: str
    parameters: Mapping[str, Any]
    region: str | None = None

    @property
    def name(self) -> str:
        """Service and operation, for example `ecr:PutImage`."""
        return f"{self.service}:{self.operation}"

    def filled(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """Return the parameters with the values of earlier answers."""
        return {key: _filled(value, answers) for key, value in self.parameters.items()}


def _filled(value: object, answers: Mapping[str, Any]) -> object:
    if isinstance(value, FromAnswer):
        return value.taken_from(answers)
    if isinstance(value, Mapping):
        found = cast("Mapping[str, object]", value)
        return {key: _filled(inner, answers) for key, inner in found.items()}
    # Text and bytes are sequences to Python, and one value to AWS.
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [_filled(inner, answers) for inner in cast("Sequence[object]", value)]
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class TerraformWork:
    """
    What a job does with Terraform, after its calls.

    Attributes:
        command: `plan`, with the rights of the job's own role, or `apply`, by way of another one.
        stack: The stack.
        beyond: Calls that its role must not make, each with how the report names it.

    """

    command: str
    stack: str
    beyond: tuple[tuple[str, JobCall], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployJob:
    """
    A job that deploys.

    Attributes:
        run: The run that it is of.
        role_arn: The role that it asks for.
        region: Where it works.
        calls: What it does in the role.
        audience: What its token is for.
        duration: How long its session is to be, in seconds, or None for an hour.
        session: What its session is called.
        token_lifetime: How long its token lives, in seconds, or None for what GitHub gives it.
        terraform: What it does with Terraform, or None.

    """

    run: GithubRun
    role_arn: str
    region: str
    calls: Sequence[JobCall] = ()
    audience: str = AUDIENCE
    duration: int | None = None
    session: str = SESSION_NAME
    token_lifetime: int | None = None
    terraform: TerraformWork | None = None
