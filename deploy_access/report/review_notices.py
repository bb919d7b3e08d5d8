"""What somebody has to read, in phrases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.report.review_item import Item, Line
from deploy_access.report.review_phrase import Prose, Value, listed
from deploy_access.report.review_words import number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from deploy_access.report.review_phrase import Phrase
    from deploy_access.review.model import Review
    from deploy_access.review.notice import Notice, NoticeKind

_STACKS = 4
# For one and for several.
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


def notice_items(notices: Iterable[Notice]) -> list[Item]:
    """Say what it is, where, and how it changed."""
    return [
        Item(_head(one), (Line("", (Prose(f"{one.what} {one.given}".strip()),)),))
        for one in notices
    ]


def notice_clauses(review: Review) -> Iterator[str]:
    """Count them by kind, for the sentence."""
    for kind, (one, many) in _CLAUSES.items():
        count = sum(notice.kind == kind for notice in review.notices)
        if count:
            yield f"{number(count, 'change')} {one if count == 1 else many}"


def _head(notice: Notice) -> Phrase:
    stacks = [stack for stack in notice.stacks if stack]
    word = "stack" if len(stacks) == 1 else "stacks"
    where: Phrase = (f" ({word} ", *listed(stacks, _STACKS), ")") if stacks else ()
    return (f"{_HEADS[notice.kind]}: ", Value(notice.address), *where)
