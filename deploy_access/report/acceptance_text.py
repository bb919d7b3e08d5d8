"""What reports say of an acceptance: its reason, and its last day."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deploy_access.audit.report_model import PlacedFinding


def reason_text(placed: PlacedFinding) -> str:
    """Return the reason of an accepted finding, with its last day where it has one."""
    reason = placed.accepted or ""
    return f"until {placed.until}: {reason}" if placed.until else reason


def ended_text(placed: PlacedFinding) -> str:
    """Return which acceptance of a finding has run out; empty where none has."""
    return f"accepted until {placed.until}, which is over: {placed.ended}" if placed.ended else ""
