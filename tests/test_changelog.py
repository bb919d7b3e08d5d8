"""The changelog names each statement that the constructs and `bootstrap` write into a policy."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PLACES = ("constructs_lib", "deploy_access/bootstrap", "deploy_access/github", "deploy_access/iam")


def written_sids() -> set[str]:
    """Collect each `sid=` of a call of `Statement`; of one that is composed, its beginning."""
    modules = (path for place in PLACES for path in (ROOT / place).rglob("*.py"))
    calls = (
        node
        for path in modules
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Statement"
    )
    values = (word.value for call in calls for word in call.keywords if word.arg == "sid")
    return {text for value in values for text in first_texts(value)}


def first_texts(value: ast.expr) -> list[str]:
    """Return a literal, the beginning of an f-string, or both sides of a choice."""
    match value:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr(values=[first, *_]):
            return first_texts(first)
        case ast.IfExp(body=one, orelse=other):
            return [*first_texts(one), *first_texts(other)]
        case _:
            return []  # a name: its text stands where it is made


def permissions() -> str:
    """Return what the changelog has under `Permissions`, of all releases."""
    parts = (ROOT / "CHANGELOG.md").read_text("utf-8").split("\n### ")
    return "\n".join(part for part in parts if part.startswith("Permissions\n"))


@pytest.mark.parametrize("sid", sorted(written_sids()))
def test_each_statement_has_its_line(sid: str) -> None:
    """Who reviews a new release finds each statement of a policy by its `Sid`."""
    assert f"`{sid}" in permissions()


def test_statements_are_found() -> None:
    """Literals, choices and beginnings of names are among them, of every place."""
    assert {"PushImages", "PeopleWithMfa", "People", "Fill", "KeepBoundary"} <= written_sids()
