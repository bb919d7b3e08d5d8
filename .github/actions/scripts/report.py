"""The results of a review: a comment, a status of the commit, and the exit code of the job."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from comment import about, compose, first_sentence, keep, outdate
from pull_request import is_current

if TYPE_CHECKING:
    from api import GitHub
    from pull_request import PullRequest

FINDINGS = 10
"""The exit code of `deploy-access review` when a condition of `fail-on` holds."""
# https://docs.github.com/en/rest/commits/statuses: a longer description is refused.
_DESCRIPTION = 140
_STATES = {0: "success", FINDINGS: "failure"}
_ERROR = "The review could not be made; the run says why."
_LISTED = 3_000
"""The most files of a pull request that GitHub lists; a guarded one may be among the others."""
# https://docs.github.com/en/rest/pulls/pulls#list-pull-requests-files
_UNLISTED = "more files than GitHub lists"
_GUARDED = "A fork changes {path}, which decides what is reviewed."


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """
    The inputs of the action.

    Attributes:
        comment: Whether to keep a comment.
        context: The name of the commit status; empty for none.
        guard: Beginnings of the paths that decide what is reviewed.
        run_url: The page of this run.
    """

    comment: bool
    context: str
    guard: tuple[str, ...]
    run_url: str


def report(
    github: GitHub, pull: PullRequest, wishes: Wishes, *, review: str, exit_code: int
) -> int:
    """
    Report the review on the pull request.

    A head that changes the workflow which synthesizes it can show any JSON. So a fork that changes
    a guarded path fails. In the repository itself it is only reported: an author who can push there
    can set a status as well.

    Returns:
        0, or the exit code with which the job fails.
    """
    if not is_current(pull, github):
        return 0
    if exit_code not in _STATES:
        say_there_is_none(github, pull, wishes)
        return exit_code
    guarded = _guarded(github, pull, wishes.guard)
    if guarded and pull.is_fork and exit_code == 0:
        exit_code = FINDINGS
    if wishes.comment:
        notes = [*_warning(guarded), about(pull.head_sha, pull.base_sha)]
        keep(github, pull.number, compose(review, notes, wishes.run_url))
    sentence = first_sentence(review)
    if guarded and pull.is_fork:
        sentence = _GUARDED.format(path=guarded[0])
    set_status(github, pull, wishes, _STATES[exit_code], sentence)
    return exit_code


def say_there_is_none(github: GitHub, pull: PullRequest, wishes: Wishes) -> None:
    """
    Say that there is no review of the head: by a status, and in the comment of an earlier commit.

    A review that was made of this very head stays as it is, with its status.
    """
    if wishes.comment and not outdate(github, pull.number, pull.head_sha, wishes.run_url):
        return
    set_status(github, pull, wishes, "error", _ERROR)


def set_status(
    github: GitHub, pull: PullRequest, wishes: Wishes, state: str, sentence: str
) -> None:
    """Set the status of the reviewed commit; a later one with the same name replaces it."""
    if wishes.context:
        github.send(
            "POST",
            f"statuses/{pull.head_sha}",
            state=state,
            context=wishes.context,
            description=sentence[:_DESCRIPTION],
            target_url=wishes.run_url,
        )


def _guarded(github: GitHub, pull: PullRequest, guard: tuple[str, ...]) -> list[str]:
    if not guard:
        return []
    changed = list(github.pages(f"pulls/{pull.number}/files"))
    names = {file["filename"] for file in changed}
    names |= {file["previous_filename"] for file in changed if "previous_filename" in file}
    guarded = sorted(name for name in names if name.startswith(guard))
    return guarded or ([_UNLISTED] if len(changed) >= _LISTED else [])


def _warning(guarded: list[str]) -> list[str]:
    if not guarded:
        return []
    text = (
        f"This pull request changes what decides what is reviewed here ({len(guarded)} of its"
        " files), so it could show less than it does. Read those changes before you believe this."
    )
    return [f"> [!WARNING]\n> {text}"]
