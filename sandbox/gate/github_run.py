"""
A workflow run on GitHub, as its token describes it.

Source: https://docs.github.com/actions/reference/security/oidc
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from deploy_access.github.issuer import GITHUB_HOST

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy_access.github.repository import GithubRepo
    from deploy_access.github.subject import Subject

LIFETIME = 300
"""How long GitHub's tokens live, in seconds."""
_BRANCH, _TAG, _PULL_REQUEST = "refs/heads/", "refs/tags/", "refs/pull/"


@dataclass(frozen=True, slots=True, kw_only=True)
class GithubRun:
    """
    A run of a workflow.

    Attributes:
        repo: The repository; a `subject_format` of `both` stands for the immutable one.
        ref: `refs/heads/…`, `refs/tags/…`, or `refs/pull/…` for a pull request.
        environment: The `environment:` of the job, or None.
        workflow: The file of the workflow.
        actor: The user who started it.
        claims: Claims that replace the usual ones, for example a `sub` under a custom template.

    """

    repo: GithubRepo
    ref: str = "refs/heads/main"
    environment: str | None = None
    workflow: str = ".github/workflows/deploy.yml"
    actor: str = "octocat"
    claims: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def is_pull_request(self) -> bool:
        """Whether it was started by a pull request."""
        return self.ref.startswith(_PULL_REQUEST)

    @property
    def subject(self) -> str:
        """The `sub`: with an environment it names that one and no ref."""
        return self.claims.get("sub") or self._subject().exact[0]

    @property
    def name(self) -> str:
        """The repository with the environment or the ref."""
        if self.environment is not None:
            return f"{self.repo.full_name}, environment {self.environment}"
        return f"{self.repo.full_name}, {self.ref}"

    def _subject(self) -> Subject:
        if self.environment is not None:
            return self.repo.environment(self.environment)
        if self.is_pull_request:
            return self.repo.pull_request()
        if self.ref.startswith(_TAG):
            return self.repo.tag(self.ref.removeprefix(_TAG))
        return self.repo.branch(self.ref.removeprefix(_BRANCH))


def claims_of(
    run: GithubRun,
    *,
    audience: str,
    issuer: str = f"https://{GITHUB_HOST}",
    lifetime: int = LIFETIME,
) -> dict[str, Any]:
    """
    Return the claims of a token that is issued now.

    Args:
        run: The run.
        audience: Its `aud`.
        issuer: Its `iss`.
        lifetime: Seconds from `iat` to `exp`; less than 0 for a token that has expired.

    """
    now = int(time.time())
    # A token that has expired was issued its whole lifetime before.
    started = min(now, now + lifetime - LIFETIME)
    found = {
        "jti": str(uuid.uuid4()),
        "sub": run.subject,
        "aud": audience,
        "iss": issuer,
        "iat": started,
        "nbf": started - LIFETIME,
        "exp": now + lifetime,
        **_workflow(run),
        **_repository(run),
    }
    return {**found, **run.claims}


def _workflow(run: GithubRun) -> dict[str, str]:
    file = f"{run.repo.full_name}/{run.workflow}@{run.ref}"
    # Derived from the file, so that the same run has the same commit.
    sha = uuid.uuid5(uuid.NAMESPACE_URL, file).hex.ljust(40, "0")
    environment = {} if run.environment is None else {"environment": run.environment}
    return {
        "actor": run.actor,
        "actor_id": "583231",
        "base_ref": "main" if run.is_pull_request else "",
        "head_ref": "feature" if run.is_pull_request else "",
        "event_name": "pull_request" if run.is_pull_request else "push",
        "job_workflow_ref": file,
        "job_workflow_sha": sha,
        "ref": run.ref,
        "ref_type": "tag" if run.ref.startswith(_TAG) else "branch",
        "run_attempt": "1",
        "run_id": "1000000001",
        "run_number": "1",
        "runner_environment": "github-hosted",
        "sha": sha,
        "workflow": "Deploy",
        "workflow_ref": file,
        "workflow_sha": sha,
        **environment,
    }


def _repository(run: GithubRun) -> dict[str, str]:
    return {
        "repository": run.repo.full_name,
        "repository_id": str(run.repo.repo_id or 1),
        "repository_owner": run.repo.owner,
        "repository_owner_id": str(run.repo.owner_id or 1),
        "repository_visibility": "private",
    }
