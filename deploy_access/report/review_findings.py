"""What the audit says of a change, in phrases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.report.review_item import Item, Line
from deploy_access.report.review_phrase import Prose, Value

if TYPE_CHECKING:
    from deploy_access.audit.placed import Placed
    from deploy_access.reading.estate import Unread
    from deploy_access.report.review_phrase import Phrase


def finding_item(placed: Placed) -> Item:
    """Say what is wrong, where, and what to do."""
    found = placed.finding
    return Item(_head(placed), (Line("", (Prose(f"{found.why} {found.help}"),)),))


def fixed_item(placed: Placed) -> Item:
    """Say what is no longer found."""
    return Item(_head(placed))


def accepted_item(placed: Placed) -> Item:
    """Say what is accepted, and the reason that somebody gave."""
    why = Line("", (Prose(placed.finding.why),))
    return Item(_head(placed), (why, Line("", ("Reason: ", Prose(placed.accepted or "")))))


def problem_item(problem: Unread) -> Item:
    """Say what could not be read."""
    given: Phrase = (" Got ", Value(problem.given), ".") if problem.given else ()
    return Item(("In ", Value(str(problem.where)), ": ", Prose(problem.what), *given))


def _head(placed: Placed) -> Phrase:
    found = placed.finding
    return (
        f"{found.severity.capitalize()} ",
        Value(found.rule),
        " of ",
        Value(placed.subject),
        ": ",
        Value(found.evidence),
    )
