"""Findings that need more than a subject; the constructs refuse by them too."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deploy_access.audit.finding import finding
from deploy_access.github.subject_grammar import literal_start

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deploy_access.audit.finding import Finding

_BY_NUMBER = "imageCountMoreThan"
_WHEN = {
    _BY_NUMBER: "after enough pushes",
    "sinceImagePulled": "when no task has started for long",
}


def check_everybody(pattern: str) -> Iterator[Finding]:
    """Check a pattern of `sub` for an issuer whose grammar is not known."""
    if not _names_somebody(literal_start(pattern)):
        yield finding(
            "star-sub",
            pattern,
            "Tokens of everybody whom this issuer knows match, not only your own.",
            "Begin with what is yours, up to its separator, or name each value.",
        )


def pull_request_write(value: str, what: str) -> Finding:
    """Return the finding about pull requests that may write; *what* names the policy."""
    return finding(
        "pull-request-write",
        value,
        f"Whoever opens a pull request runs code with what {what} allows, before any review.",
        "Trust a branch or an environment here, and give pull requests a role that reads.",
    )


def check_selection(selection: Mapping[str, object], *, archives: bool) -> Iterator[Finding]:
    """
    Check that a lifecycle rule takes no image that may be deployed: one with a tag.

    Args:
        selection: The images of the rule.
        archives: Whether they are moved to the archive, which nothing is pulled from.
    """
    status = str(selection.get("tagStatus"))
    # What is deleted from the archive could not be pulled before either.
    # https://docs.aws.amazon.com/AmazonECR/latest/userguide/archive-image.html
    if status not in {"any", "tagged"} or selection.get("storageClass") == "archive":
        return
    counted = str(selection.get("countType"))
    does, what = ("archived", "Archive") if archives else ("deleted", "Expire")
    yield finding(
        "expires-tagged",
        status,
        f"An image that is still deployed can be {does} {_WHEN.get(counted, 'by its age')}; "
        "its tasks then cannot start.",
        f"{what} untagged images, or only tags that are never deployed.",
        severity="note" if (counted, status) == (_BY_NUMBER, "tagged") else "warning",
    )


def _names_somebody(literal: str) -> bool:
    """
    Whether the text before the first wildcard holds a whole value, not only a key.

    `project_path:` and `project_path:acme` are open, `project_path:acme/` and a UUID with its `:`
    are not.
    """
    closed = re.split(r"[:/]", literal)[:-1]
    return len(closed) > 1 or any(not re.fullmatch(r"[a-z_]*", part) for part in closed)
