"""docs/constructs.md, and docs/subjects.md beside it, have every construct, call and keyword."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import constructs_lib
from constructs_lib import DeployRoleBase, EcrRepoBase, OidcProviderBase, github

from constructs import Construct  # isort: skip - after the library, which starts Node

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

DOCS = Path(__file__).parents[1] / "docs"
PAGE = "\n".join((DOCS / name).read_text("utf-8") for name in ("constructs.md", "subjects.md"))
# What the constructs call of each other; a program has no need of them.
INTERNAL = {
    "check_may_write",
    "check_totals",
    "destinations",
    "name_in",
    "note_attachment",
    "note_name",
    "puller_arns",
    "to_dict",
}
# Kinds of what the page describes, which a program does not make by their own name.
BASES = {DeployRoleBase, EcrRepoBase, OidcProviderBase, constructs_lib.AwsTarget}

OURS = ("constructs_lib.", "deploy_access.")


def public(module: ModuleType) -> Iterator[tuple[str, object]]:
    """List what a module publishes and its page describes, but for the provider's own classes."""
    for name in module.__all__:
        thing = getattr(module, name)
        # A constant such as `LIBRARY_TYPES` has no keywords.
        if callable(thing) and thing not in BASES and thing.__module__.startswith(OURS):
            yield name, thing


def calls(thing: object) -> Iterator[tuple[str, Callable[..., object]]]:
    """List the calls of a class that a program makes, or the function itself."""
    if not inspect.isclass(thing):
        assert callable(thing)
        yield thing.__name__, thing
        return
    for name, member in inspect.getmembers(thing, callable):
        if name.startswith("_") or name in INTERNAL or not ours(thing, name):
            continue
        yield name, member
    if issubclass(thing, Construct) or not has_named_constructors(thing):
        yield thing.__name__, thing.__init__


def ours(thing: type, name: str) -> bool:
    """Whether a class of this repository defines the member, not jsii or Python."""
    owner = next(each for each in thing.__mro__ if name in vars(each))
    return owner.__module__.startswith(OURS)


def has_named_constructors(thing: type) -> bool:
    """Whether a value is made by class methods, so that its fields are not what people write."""
    return any(isinstance(member, classmethod) for member in vars(thing).values())


def keywords(call: Callable[..., object]) -> list[str]:
    """List the keywords that a call takes."""
    parameters = inspect.signature(call).parameters.values()
    return [each.name for each in parameters if each.kind is each.KEYWORD_ONLY]


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
