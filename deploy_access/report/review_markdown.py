"""
The review as Markdown for a comment: the sentence, wider access, lost data, and the rest.

Source of the limit: https://github.com/dead-claudia/github-limits#issues
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.report.review_escape import markdown
from deploy_access.report.review_graph import access_graph
from deploy_access.report.review_mermaid import render_mermaid
from deploy_access.report.review_sections import sections
from deploy_access.report.review_verdict import verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deploy_access.report.review_phrase import Item
    from deploy_access.report.review_sections import Section
    from deploy_access.review.model import Review

MARKER = "<!-- deploy-access review -->"
"""The first line, by which a workflow finds the comment that it wrote before."""
LONGEST = 64_000
"""
The most bytes of a comment, in UTF-8.

GitHub's limit is 65,536 characters, so this holds however they are counted, and leaves room for a
line that a workflow adds.
"""
# How many lines of one item are tried, until it fits.
_LINES = (20, 5, 0)
_MARKS = {"+": "**+** ", "-": "**\N{MINUS SIGN}** ", "~": "**~** ", "": ""}
_MORE = 120
"""The bytes that are reserved for the line that says how much is left out; it has about 70."""
_LEGEND = "A thick line with + is new, a dashed one with \N{MINUS SIGN} is gone."


def render_review_markdown(review: Review) -> str:
    """
    Render a comment of at most `LONGEST` bytes.

    Items without room are counted, and no list, fence or fold is cut in the middle.
    """
    parts, graph = [MARKER, f"**{verdict(review)}**"], _graph(review)
    found = sections(review)
    room = LONGEST - _bytes(*parts, graph, *(_frame(section, "") for section in found))
    room -= len(found) * _MORE  # Each part may need its line "and N more".
    for place, section in enumerate(found):
        # A part may take 60 % of the room that is left, so that a long one leaves room for others.
        body = _items(section.items, room if place == len(found) - 1 else room * 3 // 5)
        room -= _bytes(body)
        is_access = section.title.endswith("access")
        parts.append(_frame(section, _block(body, graph if is_access else "")))
        graph = "" if is_access else graph
    return f"{_block(*parts)}\n"


def _frame(section: Section, body: str) -> str:
    if section.fold == "shown":
        return _block(f"### {section.title}", body)
    opened = " open" if section.fold == "open" else ""
    summary = f"{section.title} ({sum(map(_weight, section.items))})"
    return _block(f"<details{opened}><summary>{summary}</summary>", body, "</details>")


def _weight(item: Item) -> int:
    """Return how many changes an item stands for: its lines with a mark, or 1."""
    return sum(bool(line.mark) for line in item.lines) or 1


def _items(items: Sequence[Item], room: int) -> str:
    """Render as many items and lines as fit into *room* bytes."""
    shown: list[str] = []
    for item in items:
        fitting = (text for most in _LINES if _bytes(text := _item(item, most)) <= room)
        text = next(fitting, "")
        if not text:
            break
        shown.append(text)
        room -= _bytes(text)
    left = len(items) - len(shown)
    return "\n".join([*shown, *([_more(left)] if left else [])])


def _item(item: Item, most: int) -> str:
    # A single line too many is shown: the line that counts it would be as long.
    left = len(item.lines) - most
    lines = item.lines if left <= 1 and most else item.lines[:most]
    shown = [f"  - {_MARKS[line.mark]}{markdown(line.phrase)}" for line in lines]
    more = [f"  {_more(left)}"] if left > 1 or (left and not most) else []
    return "\n".join([f"- {_MARKS[item.mark]}{markdown(item.head)}", *shown, *more])


def _more(left: int) -> str:
    return f"- … and {left} more: `deploy-access review` prints all of them."


def _graph(review: Review) -> str:
    graph = access_graph(review)
    if not graph.edges:
        return ""
    left = f" There is no room for {graph.left_out} more." if graph.left_out else ""
    return f"```mermaid\n{render_mermaid(graph)}```\n\n{_LEGEND}{left}"


def _block(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)


def _bytes(*parts: str) -> int:
    """Return the bytes of parts, with the empty line after each."""
    return sum(len(part.encode()) + 2 for part in parts)
