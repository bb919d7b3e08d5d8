"""One comment on the pull request, kept up to date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api import GitHub

MARKER = "<!-- deploy-access review -->"
"""The first line of a review, as `deploy-access review --format markdown` writes it."""
AUTHOR = "github-actions[bot]"
LONGEST = 65_536
"""What GitHub takes at most; https://github.com/dead-claudia/github-limits#issues."""


def compose(review: str, notes: list[str], run_url: str) -> str:
    """Put *notes* below the review, or, when there is no room, below its first sentence."""
    text = "\n\n".join([review.rstrip(), *notes])
    if len(text.encode()) <= LONGEST:
        return text
    more = f"The review is too long for a comment: [the run]({run_url}) has all of it."
    return "\n\n".join([MARKER, first_sentence(review), more, *notes])


def first_sentence(review: str) -> str:
    """Return the sentence that says what the change comes to, without Markdown."""
    lines = (line.strip(" *#") for line in review.splitlines() if line != MARKER)
    return next(filter(None, lines), "")


def keep(github: GitHub, number: int, text: str) -> None:
    """Write *text* over the comment that was made before, or make it."""
    comments = github.pages(f"issues/{number}/comments")
    ours = next((comment for comment in comments if _is_ours(comment)), None)
    if ours is None:
        github.send("POST", f"issues/{number}/comments", body=text)
    elif ours["body"] != text:
        github.send("PATCH", f"issues/comments/{ours['id']}", body=text)


def _is_ours(comment: Mapping[str, Any]) -> bool:
    """Tell it by its author too: anybody can write the marker."""
    user: Mapping[str, Any] = comment["user"] or {}  # nobody, when the account is gone
    return (comment["body"] or "").startswith(MARKER) and user.get("login") == AUTHOR
