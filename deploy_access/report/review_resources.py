"""The changes of resources as phrases: those that destroy, and the rest by stack."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from deploy_access.report.review_phrase import (
    Item,
    PhraseLine,
    Prose,
    Quoted,
    listed,
    number,
    separated,
)
from deploy_access.resource_diff.resource_kinds import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from deploy_access.report.review_phrase import Mark, Phrase
    from deploy_access.resource_diff.model import AttributeChange, ResourceAction, ResourceChange
    from deploy_access.review.model import Review

_MARKS: Mapping[ResourceAction, Mark] = {
    "create": "+",
    "update": "~",
    "replace": "-",
    "destroy": "-",
    "forget": "-",
    "move": "~",
    "import": "+",
}
_VERBS: Mapping[ResourceAction, str] = {
    "create": "would be created",
    "update": "would be updated",
    "replace": "would be destroyed and made anew",
    "destroy": "would be destroyed",
    "forget": "would be left alone, and forgotten by Terraform",
    "move": "would be moved in the state",
    "import": "would be imported",
}
_MAIN = "/Resource"
"""The end of the path of a construct's main resource."""
_PARTIAL = "not complete, as with `-target`; what is left out stays as it is"
# Attributes of a line, the characters of a value that is shown, and the stacks of a line.
_ATTRIBUTES = 4
_SHORT = 60
_STACKS = 10


def destroyed_items(changes: Iterable[ResourceChange]) -> list[Item]:
    """List the resources that would be destroyed: one with data by itself, the rest by stack."""
    changes = list(changes)
    with_data = [_data_item(change) for change in changes if change.holds_data]
    return [*with_data, *stack_items(change for change in changes if not change.holds_data)]


def other_items(review: Review) -> list[Item]:
    """List the stacks that are added and removed, and the other changes by stack."""
    stacks = review.stacks
    found = [
        Item((f"{number(len(names), noun)} {said}: ", *listed(names, _STACKS)))
        for names, noun, said in (
            (stacks.partial, "plan", _PARTIAL),
            (stacks.added, "stack", "added"),
            (stacks.removed, "stack", "removed"),
        )
        if names
    ]
    return [*found, *stack_items(c for c in review.resources if not c.is_destroyed)]


def _data_item(change: ResourceChange) -> Item:
    noun, path = kind_of(change.type).holds, f"{change.stack}/"
    in_stack = change.stack and not change.name.startswith(path)
    head: Phrase = (
        f"{noun[0].upper()}{noun[1:]} ",
        Quoted(change.name.removesuffix(_MAIN)),
        " (",
        *(("stack ", Quoted(change.stack), ", ") if in_stack else ()),
        Quoted(change.address),
        f") {_verb(change)}",
        *(() if change.why else _attributes(change.attributes)),
    )
    return Item(head, tuple(_reasons(change)))


def _reasons(change: ResourceChange) -> Iterator[PhraseLine]:
    yield from (PhraseLine("", (Prose(text),)) for text in (change.why, change.note) if text)


def stack_items(changes: Iterable[ResourceChange]) -> list[Item]:
    """List changes by stack."""
    ordered = sorted(changes, key=lambda change: change.stack)
    return [
        Item(("Stack ", Quoted(stack)) if stack else ("In no stack",), _lines(list(group)))
        for stack, group in groupby(ordered, key=lambda change: change.stack)
    ]


def _lines(changes: Sequence[ResourceChange]) -> tuple[PhraseLine, ...]:
    return tuple(PhraseLine(_MARKS[change.action], _line(change)) for change in changes)


def _line(change: ResourceChange) -> Phrase:
    name = change.name.removeprefix(f"{change.stack}/").removesuffix(_MAIN)
    return (
        Quoted(change.type),
        " ",
        Quoted(name),
        f" {_verb(change)}",
        *(() if change.is_destroyed and change.why else _attributes(change.attributes)),
        *((". ", Prose(change.why)) if change.why else ()),
        *((". " if not change.why else " ", Prose(change.note)) if change.note else ()),
    )


def _verb(change: ResourceChange) -> str:
    verb = _VERBS[change.action]
    return verb if change.known else verb.replace("would", "might", 1)


def _attributes(changes: Sequence[AttributeChange]) -> Phrase:
    if not changes:
        return ()
    more = len(changes) - _ATTRIBUTES
    shown = separated([_attribute(change) for change in changes[:_ATTRIBUTES]], ", ")
    return (": ", *shown, *((f" and {more} more",) if more > 0 else ()))


def _attribute(change: AttributeChange) -> Phrase:
    # Equal texts differ in a part that is not shown, such as a secret.
    before, after = change.before, change.after
    if before == after or any(len(value or "") > _SHORT for value in (before, after)):
        return (Quoted(change.name), " changes")
    if before is None and after is not None:
        return (Quoted(change.name), " is set to ", Quoted(after))
    if after is None and before is not None:
        return (Quoted(change.name), " is no longer ", Quoted(before))
    return (Quoted(change.name), " from ", Quoted(before or ""), " to ", Quoted(after or ""))
