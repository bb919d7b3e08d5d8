"""The one comment on a pull request, kept up to date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api import GitHub

MARKER = "<!-- deploy-access review -->"
"""The first line of a review, as `deploy-access review --format markdown` writes it."""
AUTHOR = "github-actions[bot]"
_OUTDATED = "> [!CAUTION]\n> **This is outdated.** "
_FOLD = "<details><summary>The review of an earlier commit</summary>\n\n"
_END = "\n\n</details>"
LONGEST = 65_536
"""The longest comment of GitHub; https://github.com/dead-claudia/github-limits#issues."""


def compose(review: str, notes: list[str], run_url: str) -> str:
    """Return the review with *notes* below it, or only its first sentence when it is too long."""
    text = "\n\n".join([review.rstrip(), *notes])
    if len(text.encode()) <= LONGEST:
        return text
    more = f"The review is too long for a comment: [the run]({run_url}) has all of it."
    return "\n\n".join([MARKER, first_sentence(review), more, *notes])


def first_sentence(review: str) -> str:
    """Return the sentence that sums up the review, without Markdown."""
    lines = (line.strip(" *#") for line in review.splitlines() if line != MARKER)
    return next(filter(None, lines), "")


def keep(github: GitHub, number: int, text: str) -> None:
    """Update the comment of an earlier run, or create it."""
    ours = _ours(github, number)
    if ours is None:
        github.send("POST", f"issues/{number}/comments", body=text)
    elif ours["body"] != text:
        github.send("PATCH", f"issues/comments/{ours['id']}", body=text)


def about(head_sha: str, base_sha: str) -> str:
    """Return the note that says which commit a review is of."""
    return f"Commit {head_sha}, compared with {base_sha}."


def outdate(github: GitHub, number: int, head_sha: str, run_url: str) -> bool:
    """
    Mark the comment of an earlier commit: what it says is folded, below what is known of the head.

    Returns:
        Whether the comment is no review of the head; True also when there is no comment.
    """
    ours = _ours(github, number)
    if ours is None:
        return True
    if f"\nCommit {head_sha}, compared with " in ours["body"]:
        return False
    # Nothing of the run under review is in this text: its code could have written it.
    notice = (
        f"{MARKER}\n\n{_OUTDATED}Of commit {head_sha} there is no review: "
        f"[the run]({run_url}) says why. Nothing is known of what it does."
    )
    earlier = _earlier(ours["body"])
    text = f"{notice}\n\n{_FOLD}{earlier}{_END}"
    fits = earlier and len(text.encode()) <= LONGEST
    github.send("PATCH", f"issues/comments/{ours['id']}", body=text if fits else notice)
    return True


def _earlier(body: str) -> str:
    """Return the review in a comment, also where it is marked already."""
    if body.startswith(f"{MARKER}\n\n{_OUTDATED}"):
        return body.partition(_FOLD)[2].removesuffix(_END)
    return body.removeprefix(MARKER).strip()


def _ours(github: GitHub, number: int) -> Mapping[str, Any] | None:
    comments = github.pages(f"issues/{number}/comments")
    return next((comment for comment in comments if _is_ours(comment)), None)


def _is_ours(comment: Mapping[str, Any]) -> bool:
    """Whether a comment is this action's, by its author too: every user can write the marker."""
    user: Mapping[str, Any] = comment["user"] or {}  # Null when the account is deleted.
    return (comment["body"] or "").startswith(MARKER) and user.get("login") == AUTHOR
