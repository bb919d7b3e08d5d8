"""The review as text for a terminal: the sentence first, then all parts in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.report.review_phrase import plain
from deploy_access.report.review_sections import sections
from deploy_access.report.review_verdict import verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.report.review_phrase import Item
    from deploy_access.report.review_sections import Section
    from deploy_access.review.model import Review


def render_review_text(review: Review) -> str:
    """Render every part, each under its title."""
    blocks = [f"{verdict(review)}\n", *map(_render_section, sections(review))]
    return "\n".join(blocks)


def _render_section(section: Section) -> str:
    lines = [section.title, *(line for item in section.items for line in _render_item(item))]
    return "".join(f"{line}\n" for line in lines)


def _render_item(item: Item) -> Iterator[str]:
    yield f"  {plain(item.head)}"
    for line in item.lines:
        yield f"    {line.mark or ' '} {plain(line.phrase)}"
