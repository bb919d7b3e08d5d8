"""The arguments of a resource that is made or changed, and that may give access."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from deploy_access.json_shape import as_text
from deploy_access.resource_diff.argument_values import has_reference, is_policy, parsed
from deploy_access.resource_diff.attribute_diff import show
from deploy_access.resource_diff.marked_values import MarkedValue, values_at
from deploy_access.review.harmless_values import gives
from deploy_access.terraform.aws_types import ABSENT, WHOLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from deploy_access.resource_diff.instances import Resource
    from deploy_access.resource_diff.model import ResourceChange
    from deploy_access.review.harmless_values import Place
    from deploy_access.terraform.aws_types import Mark, MarkClass

USUAL = "It may give access, and is not compared."
NEW = {"create", "import"}
"""The actions on a resource that Terraform did not manage before."""
# In the order in which a reader needs them.
_WHAT: dict[MarkClass, str] = {
    "key": "Who has the key is let in.",
    "secret": "A secret stands in the file, for everybody who may read it.",
    "network": "The whole internet may reach it.",
    "place": "It names a place for code, images or data that is not known to be one of yours.",
    "images": "It names a place for code, images or data that is not known to be one of yours.",
    "barrier": "It holds access back, and changes.",
    "template": "What it makes is not read.",
}
# Values of these are secrets, or too long to be read in a line.
_HIDDEN: set[MarkClass] = {"key", "policy", "secret", "template"}
# Arguments that one notice names; a grant has three.
_TOLD = 4
_LONGEST = 100
# Attributes whose change gives nobody anything.
_IDLE = {"description", "tags", "tags_all", "timeouts"}
# Which image of a repository, or which version, changes with every release.
_INDEX = re.compile(r"\[\d+\]")
_VERSION = re.compile(r"(:[\w.-]+)?(@sha256:[0-9a-f]+)?$")


def describe(
    marks: Iterable[Mark], change: ResourceChange, before: Resource | None, place: Place
) -> tuple[str, str]:
    """
    Return what a change may give, and the arguments with their values; empty texts for nothing.

    Args:
        marks: The arguments of its type that can give access.
        change: The change.
        before: The resource as it was; None for one that is new.
        place: The resource as it will be.
    """
    told: dict[str, list[str]] = {}
    kinds: set[MarkClass] = set()
    for mark in marks:
        if before is None and change.action not in NEW and not _is_told_to_change(mark, change):
            continue
        found = list(_found(mark, change, before, place))
        if found:
            kinds.add(mark.kind)
            told[mark.path] = found
    if not kinds:
        return "", ""
    what = dict.fromkeys(text for kind, text in _WHAT.items() if kind in kinds)
    rest = [] if kinds <= _WHAT.keys() else [USUAL]
    return " ".join([*rest, *what]), _given([one for path in told for one in told[path]])


def _is_told_to_change(mark: Mark, change: ResourceChange) -> bool:
    """Whether a plan says that an argument changes, of a resource that the base does not show."""
    names = [_INDEX.sub("", one.name) for one in change.attributes]
    return mark.path == WHOLE or any(
        f"{one}.".startswith(f"{mark.path}.") or mark.path.startswith(f"{one}.") for one in names
    )


def _given(told: list[str]) -> str:
    named = [one for one in told if one]
    more = f" and {len(named) - _TOLD} more" if len(named) > _TOLD else ""
    return f"{', '.join(named[:_TOLD])}{more}." if named else ""


def _found(
    mark: Mark, change: ResourceChange, before: Resource | None, place: Place
) -> Iterator[str]:
    """List the values of one argument that may give access, each as a phrase."""
    if mark.path == WHOLE:
        names = {one.name.partition("[")[0].partition(".")[0] for one in change.attributes}
        yield from [""] if change.action in NEW or names - _IDLE else ()
    elif mark.kind != "barrier":
        yield from _added(mark, before, place)
    elif change.action not in NEW:
        yield from _changed(mark, before, place.resource)


def _added(mark: Mark, before: Resource | None, place: Place) -> Iterator[str]:
    values = _values(mark, place.resource)
    known = _known(mark, before)
    for value in values:
        is_new = not known or _identity(value, place.resource) not in known
        if is_new and gives(mark, value, place):
            yield _phrase(mark, value)
    is_needed = bool(mark.harmless) and ABSENT not in mark.harmless
    if not values and is_needed and (known or before is None):
        yield f"`{mark.path}` is not set"


def _changed(mark: Mark, before: Resource | None, after: Resource) -> Iterator[str]:
    values = _values(mark, after)
    old, new = _known(mark, before), [_identity(one, after) for one in values]
    is_same = all(one in old for one in new) and all(one in new for one in old)
    if before is None or not is_same:
        yield from [_phrase(mark, one) for one in values] or [f"`{mark.path}` is gone"]


def _known(mark: Mark, before: Resource | None) -> list[object]:
    return [_identity(one, before) for one in _values(mark, before)] if before else []


def _values(mark: Mark, resource: Resource) -> list[MarkedValue]:
    """List the values at a mark; of JSON about containers, the images in it."""
    found = values_at(resource, mark.path)
    return found if mark.kind != "images" else [image for one in found for image in _images(one)]


def _images(value: MarkedValue) -> Iterator[MarkedValue]:
    left = [parsed(value.known)]
    if left == [None]:
        yield value
    while left:
        one = left.pop()
        if isinstance(one, list):
            left += cast("list[object]", one)
        elif isinstance(one, dict):
            for key, child in cast("dict[str, object]", one).items():
                if key.lower() == "image":
                    yield replace(value, raw=child, known=child)
                else:
                    left.append(child)


def _identity(value: MarkedValue, resource: Resource) -> object:
    """Return what makes two values the same: for an image, all but its tag and its digest."""
    found, text = parsed(value.known), as_text(value.known)
    if has_reference(value.known):
        # Two unresolved expressions of one text may come to different values.
        return [value.known, resource.made_of(value.raw)]
    if found is not None or text is None:
        return value.known if found is None else found
    return _VERSION.sub("", text) if ".dkr.ecr." in text else text


def _phrase(mark: Mark, value: MarkedValue) -> str:
    if mark.kind in _HIDDEN:
        return f"`{mark.path}` is set"
    document = parsed(value.known)
    shown = show(document if is_policy(document) else value.known) or ""
    cut = shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}..."
    return f"`{mark.path}` is `{cut}`"
