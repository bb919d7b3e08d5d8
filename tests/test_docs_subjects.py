"""docs/subjects.md has each subject with what it gives, in both forms and with templates."""

from __future__ import annotations

import inspect
import re
from ast import literal_eval
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from deploy_access.audit.subject_value_rules import check_subject
from deploy_access.github.owner import GithubOwner
from deploy_access.github.repository import GithubRepo
from deploy_access.github.repository_checks import DEFAULT_TEMPLATE
from deploy_access.github.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Mapping

PAGE = (Path(__file__).parents[1] / "docs/subjects.md").read_text("utf-8")
WEB = GithubRepo("acme/web", owner_id=123456, repo_id=456789)
WITH_IDS = {"web": WEB, "acme": GithubOwner("acme", owner_id=123456)}
WITHOUT = {"web": GithubRepo("acme/web"), "acme": GithubOwner("acme")}


def rows(head: str) -> list[list[str]]:
    """Return the rows of a table, each cell as it stands there."""
    table = PAGE.partition(f"\n| {head}")[2].partition("\n\n")[0]
    return [[cell.strip() for cell in line.split(" | ")] for line in table.splitlines()[2:]]


def code(cell: str) -> list[str]:
    """Return what stands as code in a cell."""
    return re.findall(r"`([^`]+)`", cell)


def made(text: str, names: Mapping[str, GithubRepo | GithubOwner]) -> Subject:
    """Run the text of a method."""
    found: object = eval(text, {}, names)  # noqa: S307 - what stands on the page
    assert isinstance(found, Subject)
    return found


METHODS = rows("method | with ids")
FORMS = rows("`subject_format`")
TEMPLATES = rows("`include_claim_keys`")


@pytest.mark.parametrize("row", METHODS, ids=lambda row: row[0])
def test_method(row: list[str]) -> None:
    """A method gives this `sub` in each form, and needs these rules to be accepted."""
    method, immutable, legacy, rules = map(code, (row[0], row[1], row[2], row[3]))
    subject = made(method[0], WITH_IDS)
    old = made(method[0], WITHOUT)

    assert [*subject.exact, *subject.patterns] == immutable
    assert [*old.exact, *old.patterns] == legacy
    found = check_subject(immutable[0], pattern=bool(subject.patterns))
    assert [one.rule for one in found] == rules


def test_every_method_is_there() -> None:
    """Each method of a repository and of an owner that gives a subject has its row."""
    there = {tuple(re.findall(r"`(\w+)\.(\w+)\(", row[0])[0]) for row in METHODS}
    expected = {
        (name, method)
        for name, owner in (("web", GithubRepo), ("acme", GithubOwner))
        for method, function in inspect.getmembers(owner, inspect.isfunction)
        if not method.startswith("_") and function.__annotations__.get("return") == "Subject"
    }

    assert len(expected) > 15
    assert there == expected


@pytest.mark.parametrize("row", FORMS, ids=lambda row: row[0])
def test_form(row: list[str]) -> None:
    """Each form trusts these values."""
    (form,) = code(row[0])
    repo = replace(WEB, subject_format=literal_eval(form))

    assert sorted(repo.environment("prod").exact) == sorted(code(row[1]))


@pytest.mark.parametrize("row", TEMPLATES, ids=lambda row: row[0])
def test_template(row: list[str]) -> None:
    """A template gives this `sub`, and the first is that of GitHub."""
    keys = literal_eval(code(row[0])[0])

    subject = made(code(row[1])[0], {"web": replace(WEB, include_claim_keys=keys)})
    assert list(subject.exact) == code(row[2])
    assert (row is TEMPLATES[0]) == (keys == DEFAULT_TEMPLATE)


def test_parts() -> None:
    """The drawing takes a `sub` apart that an environment gives."""
    drawing = PAGE.partition("```text\n")[2].partition("```")[0]

    (sub,) = made('web.environment("prod")', WITH_IDS).exact
    first, *parts = drawing.splitlines()
    assert first == sub
    begins = [sub[line.index("└") :] for line in parts]
    after = (sub.rpartition(":environment")[0], "repo:acme@123456/", "repo:", "")
    assert begins == [sub[len(before) :].removeprefix(":") for before in after]
