"""The one comment on a pull request, kept up to date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api import GitHub

MARKER = "<!-- deploy-access review -->"
"""The first line of a review, as `deploy-access review --format markdown` writes it."""
AUTHOR = "github-actions[bot]"
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
    comments = github.pages(f"issues/{number}/comments")
    ours = next((comment for comment in comments if _is_ours(comment)), None)
    if ours is None:
        github.send("POST", f"issues/{number}/comments", body=text)
    elif ours["body"] != text:
        github.send("PATCH", f"issues/comments/{ours['id']}", body=text)


def _is_ours(comment: Mapping[str, Any]) -> bool:
    """Whether a comment is this action's, by its author too: every user can write the marker."""
    user: Mapping[str, Any] = comment["user"] or {}  # Null when the account is deleted.
    return (comment["body"] or "").startswith(MARKER) and user.get("login") == AUTHOR
