"""The shape of a table of rules: what each finds, and what looks alike and is clean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from deploy_access.audit.report_model import Audit


class Row(NamedTuple):
    """
    The examples of a rule.

    Attributes:
        before: What the rule finds.
        after: What it should be.
        near: Three that look alike and that nothing is wrong with.
    """

    before: Any
    after: Any
    near: tuple[Any, Any, Any]


def names(audit: Audit) -> set[str]:
    """Name the rules that find something."""
    return {placed.finding.rule for placed in audit.findings}


def wrong(rule: str, audit: Audit) -> set[str]:
    """Name what is wrong: the rules that find an error or a warning, and *rule* in any case."""
    return {
        placed.finding.rule
        for placed in audit.findings
        if placed.finding.severity != "note" or placed.finding.rule == rule
    }
