"""
Which commit is deployed: that of the last run of the workflow, if it went well to its end.

The commit before a push would do only while nothing fails: the next push would be compared with a
commit of which nobody knows how much was deployed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api import GitHub

NOTHING = "none"
_NEWEST = 50
_EVENTS = {"push", "workflow_dispatch"}


def deployed_commit(
    github: GitHub, workflow: str, branch: str, *, this_run: int, harmless: str
) -> str:
    """
    Return the commit, or `none` when nobody knows: there was no run, or the last one failed.

    Args:
        github: The repository.
        workflow: The workflow's file name.
        branch: The branch that is deployed.
        this_run: The run that asks.
        harmless: The name of the job that deploys nothing; a run that failed before it came
            further is passed over.
    """
    answer = github.get(f"actions/workflows/{workflow}/runs", branch=branch, per_page=_NEWEST)
    runs = [r for r in answer["workflow_runs"] if r["id"] != this_run and r["event"] in _EVENTS]
    # A run that is repeated keeps its place in the list, but not when it was started.
    for run in sorted(runs, key=lambda run: run["run_started_at"], reverse=True):
        if run["conclusion"] == "success":
            return str(run["head_sha"])
        if _has_deployed(github, run, harmless):
            return NOTHING
    return NOTHING


def _has_deployed(github: GitHub, run: Mapping[str, Any], harmless: str) -> bool:
    """Tell whether a job started that could have deployed; one that did not has no steps."""
    jobs = github.pages(f"actions/runs/{run['id']}/jobs", "jobs", filter="all")
    return any(job["name"] != harmless and job["steps"] for job in jobs)
