"""One thing that a role is given, and what the audit says of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.audit.attached_policies import check_attached, may_write

if TYPE_CHECKING:
    from deploy_access.audit.finding import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """
    One thing that a role is given.

    Attributes:
        what: Its name in a sentence, for example `statement 'Invalidate'`.
        writes: Whether it may do more than read, as far as is known.
        findings: What the audit would report.
    """

    what: str
    writes: bool
    findings: tuple[Finding, ...]


def judge_managed_policy(arn: str) -> Permission:
    """Judge the managed policy at *arn*, of which only the name is known."""
    return Permission(
        what=f"managed policy {arn!r}",
        writes=may_write(arn),
        findings=tuple(found.finding for found in check_attached(arn)),
    )
