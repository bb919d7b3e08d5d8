"""docs/constructs.md, and docs/subjects.md beside it, have every construct, call and keyword."""

from __future__ import annotations

import inspect
import re
import runpy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import constructs_lib
from constructs_lib import github

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

DOCS = Path(__file__).parents[1] / "docs"
PAGE = "\n".join((DOCS / name).read_text("utf-8") for name in ("constructs.md", "subjects.md"))
# What the page of the reference has is what is looked for here.
REFERENCE: dict[str, Any] = runpy.run_path(str(DOCS.parent / "scripts" / "reference.py"))
public: Callable[[ModuleType], Iterator[tuple[str, object]]] = REFERENCE["public"]
calls: Callable[[object], Iterator[tuple[str, Callable[..., object]]]] = REFERENCE["calls"]
keywords: Callable[[Callable[..., object]], list[str]] = REFERENCE["keywords"]


def text_about(name: str) -> str:
    """Return the sections that are for all constructs, and that of a construct if it has one."""
    first, *sections = re.split(r"^## ", PAGE, flags=re.MULTILINE)
    titled = dict(section.split("\n", 1) for section in sections)
    own = next((text for title, text in titled.items() if f"`{name}`" == title), None)
    return PAGE if own is None else "\n".join([first, titled["What is there already"], own])


THINGS = {**dict(public(constructs_lib)), **dict(public(github))}


@pytest.mark.parametrize("name", sorted(THINGS))
def test_every_keyword(name: str) -> None:
    """A keyword stands as code: `keyword`, or with a value."""
    page = text_about(name)

    assert [
        f"{call}({keyword}=...)"
        for call, function in calls(THINGS[name])
        for keyword in keywords(function)
        if not re.search(rf"`{keyword}`|\b{keyword}=", page)
    ] == []


@pytest.mark.parametrize("name", sorted(THINGS))
def test_every_call(name: str) -> None:
    """The name of a class, a function and of each call stands on the page."""
    assert [call for call, _ in calls(THINGS[name]) if not re.search(rf"\b{call}\b", PAGE)] == []


def test_what_is_checked() -> None:
    """Constructs of both packages are among them, with class methods and inherited grants."""
    names = {name: {call for call, _ in calls(thing)} for name, thing in THINGS.items()}

    assert {"EcrRegistry", "GithubEnvironment", "GithubSubjectTemplate"} <= names.keys()
    assert {"EcrRepo", "grant_push", "from_name", "allow_pull_from"} <= names["EcrRepo"]
    assert "reviewers" in keywords(github.GithubEnvironment.__init__)
    assert keywords(constructs_lib.Images.with_prefix) == []


def test_the_reference_is_up_to_date() -> None:
    """docs/reference.md is what `make reference` writes."""
    assert REFERENCE["render"]() == (DOCS / "reference.md").read_text("utf-8")


@pytest.mark.parametrize("name", sorted(THINGS))
def test_every_keyword_has_a_meaning(name: str) -> None:
    """A docstring says what a keyword means: under `Args`, for the class, or in its summary."""
    thing = THINGS[name]
    known = REFERENCE["meanings_in"](thing)

    assert [
        f"{call}({keyword}=...)"
        for call, function in calls(thing)
        for keyword in keywords(function)
        if keyword not in REFERENCE["meanings_of"](function, known)
        and keyword not in (inspect.getdoc(function) or "").lower()
    ] == []
