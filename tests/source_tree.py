"""The source of the project, each file parsed once for all tests that read it."""

from __future__ import annotations

import ast
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@cache
def parse(path: Path) -> ast.Module:
    """Read a file as Python does."""
    return ast.parse(path.read_text("utf-8"), str(path))
