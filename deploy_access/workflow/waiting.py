"""
What becomes of runs that come while another one is at work: decided here, for each kind of job.

A deploy may wait for a person, and it holds its group meanwhile. With a queue each older commit
would have to be approved or refused before the newest one, so of those that wait the newest counts.
https://docs.github.com/actions/how-tos/write-workflows/choose-when-workflows-run/control-workflow-concurrency
"""

from __future__ import annotations

from dataclasses import dataclass

from deploy_access.workflow.step_value import expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """
    What becomes of the runs of one group.

    Attributes:
        why: What a reader of the workflow should know.
        cancels: Whether a newer run cancels the one that is at work.
        queue: How many may wait, in GitHub's word; nothing for the newest alone.
    """

    why: tuple[str, ...]
    cancels: bool = False
    queue: str = ""


NEWEST = Waiting(
    why=(
        "A later run waits for this one, as one that is cancelled stops half-way.",
        "Of those that wait GitHub keeps the newest, and cancels the others.",
    )
)
"""What deploys: the newest run deploys the commits of the others too."""
EVERY = Waiting(
    why=("Runs take turns and none is cancelled, so that each commit has its image.",), queue="max"
)
"""What only builds; on github.com, as GitHub Enterprise Server has no `queue`."""
OWN = Waiting(
    why=("Each pull request has its own group: a newer run of it cancels the older one.",),
    cancels=True,
)
"""What runs on pull requests."""

STRANGERS = "A run for a fork or for Dependabot gets no token for AWS, so it could only fail."
"""Why jobs on pull requests have a condition."""
# The author and not `github.actor`, which is whoever pushed last:
# https://docs.zizmor.sh/audits/#bot-conditions
IS_OURS = (
    "github.event.pull_request.head.repo.full_name == github.repository"
    " && github.event.pull_request.user.login != 'dependabot[bot]'"
)
"""The condition that leaves them out."""


def of_pull_request(group: str) -> str:
    """Name the group of one pull request."""
    return f"{group}-{expression('github.event.pull_request.number')}"
