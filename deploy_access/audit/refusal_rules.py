"""Findings that need more than a subject; the constructs refuse by them too."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deploy_access.audit.finding import finding
from deploy_access.github.subject_claim import literal_start

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deploy_access.audit.finding import Finding


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


def check_selection(selection: Mapping[str, object]) -> Iterator[Finding]:
    """Check that a lifecycle rule expires no image that may be deployed: one with a tag."""
    status = str(selection.get("tagStatus"))
    if status not in {"any", "tagged"}:
        return
    by_number = selection.get("countType") == "imageCountMoreThan"
    why = "after enough pushes" if by_number else "by its age"
    yield finding(
        "expires-tagged",
        status,
        f"An image that is still deployed can be deleted {why}; its tasks then cannot start.",
        "Expire untagged images, or only tags that are never deployed.",
        severity="note" if by_number and status == "tagged" else "warning",
    )


def _names_somebody(literal: str) -> bool:
    """
    Whether the text before the first wildcard holds a whole value, not only a key.

    `project_path:` and `project_path:acme` are open, `project_path:acme/` and a UUID with its `:`
    are not.
    """
    closed = re.split(r"[:/]", literal)[:-1]
    return len(closed) > 1 or any(not re.fullmatch(r"[a-z_]*", part) for part in closed)
