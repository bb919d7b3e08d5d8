"""The parts of a review in their order, for the text and for the Markdown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from deploy_access.report.review_access import access_item, by_danger
from deploy_access.report.review_findings import (
    accepted_item,
    finding_item,
    fixed_item,
    notice_items,
    problem_item,
)
from deploy_access.report.review_resources import destroyed_items, other_items

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deploy_access.report.review_phrase import Item
    from deploy_access.review.model import Review


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """
    A part of a report.

    Attributes:
        title: A fixed text.
        items: The most important first.
        fold: How it stands in a comment: `shown`, or in a fold that is `open` or `closed`.
    """

    title: str
    items: Sequence[Item]
    fold: Literal["shown", "open", "closed"] = "closed"


def sections(review: Review) -> list[Section]:
    """List the parts that are not empty."""
    return [section for section in _all(review) if section.items]


def _all(review: Review) -> Iterator[Section]:
    widened, destroyed = by_danger(review.widened), review.destroyed
    narrowed = [change for change in review.narrowed if not change.is_widened]
    first = notice_items(notice for notice in review.notices if notice.is_first)
    notices = notice_items(notice for notice in review.notices if not notice.is_first)
    # What makes all of it doubtful; then in the order of harm: access given, data lost, what a
    # reviewer must decide; then the rest.
    found, fixed, accepted = review.new_findings, review.fixed_findings, review.new_acceptances
    yield Section(title="Loaded by Terraform, and not read", items=first, fold="shown")
    yield Section(title="Wider access", items=[*map(access_item, widened)], fold="shown")
    yield Section(title="Would be destroyed", items=destroyed_items(destroyed), fold="shown")
    yield Section(title="Read these", items=notices, fold="shown")
    fold = "open" if any(p.finding.severity != "note" for p in found) else "closed"
    yield Section(title="New findings", items=[*map(finding_item, found)], fold=fold)
    yield Section(title="Newly accepted", items=[*map(accepted_item, accepted)], fold="open")
    yield Section(title="Narrower access", items=[*map(access_item, narrowed)])
    yield Section(title="Other resources", items=other_items(review))
    yield Section(title="Fixed findings", items=[*map(fixed_item, fixed)])
    yield Section(title="Not read, or not wholly", items=[*map(problem_item, review.problems)])
