"""What holds a destruction back, and what does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.json_shape import as_text, objects
from deploy_access.resource_diff.data_holders import HOLDERS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy_access.resource_diff.data_holders import Guard

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
    return guard.held if is_guarded(guard, body) else guard.open


def is_guarded(guard: Guard, body: Body) -> bool:
    """Whether *guard* holds with these arguments."""
    return _is_true(body.get(guard.argument)) == guard.holds_when


def _is_true(value: object) -> bool:
    return as_text(value) == "true"
