"""
The pull request of a run, from GitHub's event and API only.

The event of a fork's run holds neither the number of the pull request nor its base, and the files
of such a run were written by the code under review. So the pull request is looked up by the head
repository, the branch and the commit of the event. (The endpoint for the pull requests of a commit
does not know the commits of forks.)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from refused import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api import GitHub

_COMMIT = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequest:
    """
    A pull request whose head is the commit of the run.

    Attributes:
        number: Its number.
        head_sha: The commit that is reviewed.
        base_sha: The commit where its branch left the base branch, which it is compared with.
        is_fork: Whether it comes from another repository.
    """

    number: int
    head_sha: str
    base_sha: str
    is_fork: bool


def find(event: Mapping[str, Any], github: GitHub, *, failed: bool = False) -> PullRequest | None:
    """
    Find the pull request of an event `pull_request` or `workflow_run`.

    Args:
        event: The event.
        github: The repository.
        failed: Whether a run that failed counts too; its pull request is not to be reviewed.

    Returns:
        None when there is nothing to review: the run failed or was no pull request's, the pull
        request is closed, has a newer commit, or is for another branch than the default one.
    """
    found = (
        _of_run(event, github, failed=failed) if "workflow_run" in event else event["pull_request"]
    )
    if found is None:
        return None
    head = _commit(found["head"]["sha"])
    return PullRequest(
        number=int(found["number"]),
        head_sha=head,
        base_sha=_merge_base(found["base"]["ref"], head, github),
        is_fork=_repository(found) != github.repository,
    )


def is_current(pull: PullRequest, github: GitHub) -> bool:
    """Whether the pull request is open and its head is still the reviewed commit."""
    now = github.get(f"pulls/{pull.number}")
    return now["state"] == "open" and now["head"]["sha"] == pull.head_sha


def _of_run(event: Mapping[str, Any], github: GitHub, *, failed: bool) -> Mapping[str, Any] | None:
    run = event["workflow_run"]
    repository = run["head_repository"]
    is_done = failed or run["conclusion"] == "success"
    if run["event"] != "pull_request" or not is_done or not repository:
        return None
    found = github.pages(
        "pulls",
        state="open",
        head=f"{repository['owner']['login']}:{run['head_branch']}",
        base=event["repository"]["default_branch"],
    )
    # GitHub leaves out a filter that it does not understand, so each answer is compared again.
    return next((pull for pull in found if _is_of(pull, event)), None)


def _is_of(pull: Mapping[str, Any], event: Mapping[str, Any]) -> bool:
    run = event["workflow_run"]
    return (
        pull["head"]["sha"] == run["head_sha"]
        and _repository(pull) == run["head_repository"]["full_name"]
        and pull["base"]["ref"] == event["repository"]["default_branch"]
    )


def _repository(pull: Mapping[str, Any]) -> str:
    """Return the name of the head repository; empty for a deleted one."""
    repository = pull["head"]["repo"]
    return repository["full_name"] if repository else ""


def _merge_base(branch: str, head: str, github: GitHub) -> str:
    found = github.get(f"compare/{quote(branch, safe='')}...{head}", per_page=1)
    return _commit(found["merge_base_commit"]["sha"])


def _commit(text: str) -> str:
    if not _COMMIT.fullmatch(text):
        raise Refused("GitHub's answer has no commit where one belongs.")
    return text
