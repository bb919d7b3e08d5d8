"""
The elements of a policy document, found also under a misspelt name, and the mistakes in them.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy_access.json_text import JsonPath

ProblemKind = Literal[
    "conflict", "duplicate-key", "missing", "spelling", "type", "unknown", "value"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyProblem:
    """
    One mistake in a policy document.

    Attributes:
        kind: The kind of mistake.
        path: The path to it: keys, and places in a list.
        what: What is wrong, as a sentence.
        given: The value that stands there.

    """

    kind: ProblemKind
    path: JsonPath
    what: str
    given: object = None


Problems = list[PolicyProblem]


@cache
def _exact(known: tuple[str, ...]) -> frozenset[str]:
    return frozenset(known)


@cache
def _by_spelling(known: tuple[str, ...]) -> Mapping[str, str]:
    return {name.lower(): name for name in known}


def read_elements(
    found: Mapping[str, object], known: tuple[str, ...], path: JsonPath, problems: Problems
) -> dict[str, object]:
    """Return the elements of an object, each under its right name."""
    if all(map(_exact(known).__contains__, found)):
        return dict(found)  # Nearly every policy ends here.
    names = _by_spelling(known)
    elements: dict[str, object] = {}
    for key, value in found.items():
        name = key if key in known else names.get(key.lower())
        if name is None:
            what = f"IAM has no element {key!r} here."
            problems.append(PolicyProblem(kind="unknown", path=(*path, key), what=what, given=key))
        elif name == key:
            elements[name] = value
        else:
            what = f"It is spelled {name!r}: case matters in the names of elements."
            problems.append(PolicyProblem(kind="spelling", path=(*path, key), what=what, given=key))
            # The element that is spelled right wins, wherever it stands.
            if name not in found:
                elements.setdefault(name, value)
    return elements


def read_text(value: object, path: JsonPath, problems: Problems) -> str | None:
    """Read a text; a number or a boolean is a text without its quotes."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    what = "A text is expected here."
    problems.append(PolicyProblem(kind="type", path=path, what=what, given=value))
    return None


def read_texts(value: object, path: JsonPath, problems: Problems) -> tuple[str, ...]:
    """Read a text or a list of them."""
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list):
        one = read_text(value, path, problems)
        return () if one is None else (one,)
    values = cast("list[object]", value)
    if not values:
        what = "An empty list matches nothing."
        problems.append(PolicyProblem(kind="value", path=path, what=what, given=values))
    # Nearly all are texts: to build a path for each would take most of the time.
    texts = [
        one if isinstance(one, str) else read_text(one, (*path, place), problems)
        for place, one in enumerate(values)
    ]
    return tuple(text for text in texts if text is not None)


def read_object(value: object, path: JsonPath, problems: Problems) -> Mapping[str, object]:
    """Read an object; anything else counts as an empty one."""
    if isinstance(value, dict):
        return cast("Mapping[str, object]", value)
    what = "An object is expected here."
    problems.append(PolicyProblem(kind="type", path=path, what=what, given=value))
    return {}
