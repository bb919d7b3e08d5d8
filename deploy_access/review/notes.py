"""What holds a destruction back, and what does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.reading.shapes import as_text, objects
from deploy_access.review.data_holders import HOLDERS

if TYPE_CHECKING:
    from collections.abc import Mapping

    Body = Mapping[str, object]


def protection(kind: str, before: Body, after: Body | None) -> str:
    """
    Say what happens when Terraform tries to destroy a resource.

    Args:
        kind: Its type.
        before: What it was made with: with these arguments Terraform destroys it.
        after: The block that stands there now, or None when it is gone.
    """
    if after is not None and prevents_destroy(after):
        return "Terraform refuses: `prevent_destroy` is set."
    found = _guard(kind, before)
    if after is None and prevents_destroy(before):
        return f"`prevent_destroy` does not hold it back: it went with the block. {found}".strip()
    return found


def prevents_destroy(body: Body) -> bool:
    """Whether Terraform may not destroy it."""
    return any(_is_true(each.get("prevent_destroy")) for each in objects(body.get("lifecycle")))


def _guard(kind: str, body: Body) -> str:
    guard = HOLDERS.get(kind)
    if guard is None:
        return ""
    holds = _is_true(body.get(guard.argument)) == guard.holds_when
    return guard.held if holds else guard.open


def _is_true(value: object) -> bool:
    return as_text(value) == "true"
