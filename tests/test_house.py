"""One name for one thing, and tests that one finds."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parent.parent
PRODUCT = ("constructs_lib", "deploy_access", "sandbox", "stacks")


def test_no_class_name_is_defined_twice() -> None:
    """A public class has its name alone, so that a name says which class is meant."""
    places = defaultdict[str, list[str]](list)
    for path in (file for place in PRODUCT for file in sorted((ROOT / place).rglob("*.py"))):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(str(path.relative_to(ROOT)))

    assert {name: found for name, found in places.items() if len(found) > 1} == {}
