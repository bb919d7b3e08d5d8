"""What applying would change of what is there, by risk, as text and as Markdown."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from deploy_access.report.lines import counted, whole
from deploy_access.report.review_access import access_item, by_danger
from deploy_access.report.review_phrase import plain
from deploy_access.report.review_resources import destroyed_items, stack_items

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from deploy_access.adopt.changes import Changes
    from deploy_access.report.review_phrase import Item
    from deploy_access.resource_diff.model import ResourceChange

_Part = tuple[str, "Sequence[str]"]


def render_changes_text(changes: Changes) -> str:
    """Render each part under its title, the most dangerous first."""
    blocks = [[title, *(f"  {line}" for line in lines)] for title, lines in _parts(changes)]
    return "\n".join("".join(f"{line}\n" for line in block) for block in [*blocks, [_sum(changes)]])


def render_changes_markdown(changes: Changes) -> str:
    """Render the same as Markdown; what the files say stands in blocks of code."""
    blocks = [f"**{_sum(changes)}**\n"]
    for title, lines in _parts(changes):
        fence = "`" * max([3, *(1 + _longest_run(line) for line in lines)])
        blocks.append(f"### {title}\n\n{fence}text\n" + "\n".join(lines) + f"\n{fence}\n")
    return "\n".join(blocks)


def _longest_run(text: str) -> int:
    return max((len([*run]) for sign, run in groupby(text) if sign == "`"), default=0)


def _parts(changes: Changes) -> Iterator[_Part]:
    parts: list[_Part] = [
        ("Would be destroyed or made anew", _lines(destroyed_items(changes.destroyed))),
        (
            "Access that goes: who uses it is locked out",
            _lines(map(access_item, by_danger(changes.lost))),
        ),
        ("Access that comes", _lines(map(access_item, by_danger(changes.gained)))),
        ("Written anew, with the access above", [*map(_name, changes.rewritten)]),
        ("Settings that change", _lines(stack_items(changes.settings))),
        ("Made, as it is not there", _lines(stack_items(changes.made))),
        ("Taken over, and in no file", [whole(one) for one in changes.unknown]),
        ("In another state, from which it has to go", [*_states(changes)]),
    ]
    return (part for part in parts if part[1])


def _lines(items: Iterable[Item]) -> list[str]:
    return [
        line
        for item in items
        for line in (
            plain(item.head),
            *(f"  {one.mark or ' '} {plain(one.phrase)}" for one in item.lines),
        )
    ]


def _name(change: ResourceChange) -> str:
    return whole(f"{change.type} {change.name.removesuffix('/Resource')}")


def _states(changes: Changes) -> Iterator[str]:
    for file, address in changes.states:
        yield whole(f"{file}: terraform state rm '{address}'")


def _sum(changes: Changes) -> str:
    """Return the counts as a sentence."""
    parts = [
        f"{len(changes.destroyed)} destroyed or made anew",
        f"access goes from {counted(len(changes.lost), 'party').replace('partys', 'parties')}",
        f"comes to {len(changes.gained)}",
        f"{len(changes.rewritten)} policies written anew",
        f"{counted(len(changes.settings), 'resource')} with other settings",
        f"{len(changes.made)} made",
        f"{changes.unchanged} taken over as they are",
    ]
    return f"{', '.join(parts)}."
