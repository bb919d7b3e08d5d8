"""First lines of docstrings name the thing: a role, a policy, a stack."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
PRODUCT = (
    "deploy_access",
    "constructs_lib",
    "stacks",
    "sandbox",
    "scripts",
    "bench",
    ".github",
    "main.py",
)
VAGUE = re.compile(r"\b(somebody|nobody|whoever|what there (is|was))\b", re.IGNORECASE)
_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def first_lines(source: str) -> Iterator[str]:
    """List the first line of every docstring in *source*."""
    for node in ast.walk(ast.parse(source)):
        docstring = ast.get_docstring(node) if isinstance(node, _DOCUMENTED) else None
        if docstring:
            yield docstring.splitlines()[0]


@pytest.mark.parametrize("place", PRODUCT)
def test_first_lines_name_the_thing(place: str) -> None:
    """No first line has a subject such as "somebody" or "what there is"."""
    path = ROOT / place
    files = sorted(path.rglob("*.py")) if path.is_dir() else [path]

    assert files
    vague = [
        f"{file.relative_to(ROOT)}: {line}"
        for file in files
        for line in first_lines(file.read_text("utf-8"))
        if VAGUE.search(line)
    ]
    assert vague == []


def test_a_vague_line_is_found() -> None:
    """The test above sees such a line, and only in a docstring's first line."""
    source = 'def f():\n    """\n    Name somebody.\n\n    Whoever.\n    """\n    return "nobody"\n'

    assert [line for line in first_lines(source) if VAGUE.search(line)] == ["Name somebody."]
