"""The findings, notices and unread parts of a review as phrases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.report.acceptance_text import ended_text, reason_text
from deploy_access.report.review_phrase import Item, PhraseLine, Prose, Quoted, listed, number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from deploy_access.audit.report_model import PlacedFinding
    from deploy_access.report.review_phrase import Phrase
    from deploy_access.review.model import Notice, NoticeKind, Review
    from deploy_access.terraform.estate import Unread


# Stacks that a notice names: a change of a construct is in every stack that uses it.
_STACKS = 4
# Singular and plural.
_CLAUSES: dict[NoticeKind, tuple[str, str]] = {
    "steering": ("runs code or steers Terraform", "run code or steer Terraform"),
    "access": ("may give access that is not compared", "may give access that is not compared"),
    "guard": ("keeps data less safe", "keep data less safe"),
}
_HEADS: dict[NoticeKind, str] = {
    "steering": "Runs code or steers Terraform",
    "access": "May give access",
    "guard": "Keeps data less safe",
}


def finding_item(placed: PlacedFinding) -> Item:
    """Return a finding: what is wrong, where, and what to do."""
    found = placed.finding
    said = PhraseLine("", (Prose(f"{found.why} {found.help}"),))
    ended = (PhraseLine("", ("It was ", Prose(ended_text(placed)))),) if placed.ended else ()
    return Item(_head(placed), (said, *ended))


def fixed_item(placed: PlacedFinding) -> Item:
    """Return a finding of the base that the head does not have."""
    return Item(_head(placed))


def accepted_item(placed: PlacedFinding) -> Item:
    """Return an accepted finding with its reason."""
    why = PhraseLine("", (Prose(placed.finding.why),))
    return Item(_head(placed), (why, PhraseLine("", ("Reason: ", Prose(reason_text(placed))))))


def problem_item(problem: Unread) -> Item:
    """Return a part of the input that could not be read."""
    given: Phrase = (" Got ", Quoted(problem.given), ".") if problem.given else ()
    return Item(("In ", Quoted(str(problem.where)), ": ", Prose(problem.what), *given))


def _head(placed: PlacedFinding) -> Phrase:
    found = placed.finding
    return (
        f"{found.severity.capitalize()} ",
        Quoted(found.rule),
        " of ",
        Quoted(placed.subject),
        ": ",
        Quoted(found.evidence),
    )


def notice_items(notices: Iterable[Notice]) -> list[Item]:
    """Return notices: what each is, where, and how it changed."""
    return [
        Item(_notice_head(one), (PhraseLine("", (Prose(f"{one.what} {one.given}".strip()),)),))
        for one in notices
    ]


def notice_clauses(review: Review) -> Iterator[str]:
    """List the numbers of notices by kind, for the first sentence."""
    for kind, (one, many) in _CLAUSES.items():
        count = sum(notice.kind == kind for notice in review.notices)
        if count:
            yield f"{number(count, 'change')} {one if count == 1 else many}"


def _notice_head(notice: Notice) -> Phrase:
    stacks = [stack for stack in notice.stacks if stack]
    word = "stack" if len(stacks) == 1 else "stacks"
    where: Phrase = (f" ({word} ", *listed(stacks, _STACKS), ")") if stacks else ()
    return (f"{_HEADS[notice.kind]}: ", Quoted(notice.address), *where)
