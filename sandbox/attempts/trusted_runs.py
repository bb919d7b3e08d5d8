"""
Runs that a role trusts, one for each subject in its trust policy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.explain.parts import parse_subject
from deploy_access.github import GithubRepo
from sandbox.github_run import GithubRun
from sandbox.surroundings import statements
from sandbox.trust import read_trust

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.explain.parts import Parts
    from sandbox.stack import Resource
    from sandbox.trust import Trust

_UNNAMED = GithubRepo("unknown/unknown", owner_id=1, repo_id=1)
# A branch or tag that a wildcard stands for.
_ANY = "1"


def trusted_runs(account: str, role: Resource) -> Iterator[GithubRun]:
    """
    Yield a run for each subject; a wildcard in it becomes some name that it matches.
    """
    policy = {"Statement": list(statements(role, "assume_role_policy"))}
    for trust in read_trust(account, str(role.body["name"]), policy):
        yield _run(trust)


def _run(trust: Trust) -> GithubRun:
    subject = trust.subject
    if trust.match == "pattern":
        subject = subject.replace("*", _ANY).replace("?", _ANY)
    claims = {key: values[0] for key, values in trust.claims.items() if key != "aud"}
    parts = parse_subject(subject)
    if parts is None or parts.context not in {"branch", "environment", "pull_request", "tag"}:
        return GithubRun(repo=_UNNAMED, claims={"sub": subject, **claims})
    return GithubRun(
        repo=_repo(parts),
        ref=_ref(parts),
        environment=parts.value.replace("%3A", ":") if parts.context == "environment" else None,
        claims=claims,
    )


def _repo(parts: Parts) -> GithubRepo:
    if parts.owner_id is None or parts.repo_id is None:
        return GithubRepo(parts.repository, subject_format="legacy")
    return GithubRepo(parts.repository, owner_id=int(parts.owner_id), repo_id=int(parts.repo_id))


def _ref(parts: Parts) -> str:
    if parts.context == "pull_request":
        return "refs/pull/1/merge"
    return parts.context_text.removeprefix("ref:") if parts.context != "environment" else _MAIN


_MAIN = "refs/heads/main"
