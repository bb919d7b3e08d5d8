"""
The commit that is deployed: that of the workflow's last run, if that run succeeded.

The commit before a push serves only while no run fails: after a failure the next push would be
compared with a commit that is deployed in part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api import GitHub

NOTHING = "none"
# Runs that may have failed one after the other before a stack was touched; more mean "none".
_NEWEST = 50
_EVENTS = {"push", "workflow_dispatch"}


def deployed_commit(
    github: GitHub, workflow: str, branch: str, *, this_run: int, harmless: str
) -> str:
    """
    Return the commit; `none` when there was no run, or when the last one failed.

    Args:
        github: The repository.
        workflow: The workflow's file name.
        branch: The branch that is deployed.
        this_run: The run that calls.
        harmless: The name of the job that deploys nothing; a run that failed in it is ignored.
    """
    answer = github.get(f"actions/workflows/{workflow}/runs", branch=branch, per_page=_NEWEST)
    runs = [r for r in answer["workflow_runs"] if r["id"] != this_run and r["event"] in _EVENTS]
    # A repeated run keeps its place in GitHub's list; only its start time is new.
    for run in sorted(runs, key=lambda run: run["run_started_at"], reverse=True):
        if run["conclusion"] == "success":
            return str(run["head_sha"])
        if _has_deployed(github, run, harmless):
            return NOTHING
    return NOTHING


def _has_deployed(github: GitHub, run: Mapping[str, Any], harmless: str) -> bool:
    """Whether a job that can deploy was started; a job that was not has no steps."""
    jobs = github.pages(f"actions/runs/{run['id']}/jobs", "jobs", filter="all")
    return any(job["name"] != harmless and job["steps"] for job in jobs)
