"""The source of the project, each file parsed once for all tests that read it."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]


@cache
def parse_as_written(path: Path) -> ast.Module:
    """Read a file as Python does."""
    return ast.parse(path.read_text("utf-8"), str(path))


@cache
def parse(path: Path) -> ast.Module:
    """Read a file; a relative import has the whole name of what it imports."""
    tree = ast.parse(path.read_text("utf-8"), str(path))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            node.module, node.level = _whole_name(node, path), 0
    return tree


def _whole_name(node: ast.ImportFrom, path: Path) -> str:
    *package, _file = path.relative_to(ROOT).parts
    above = package[: len(package) - node.level + 1]
    return ".".join([*above, *([node.module] if node.module else [])])
