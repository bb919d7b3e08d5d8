"""One name for one thing, and tests that one finds."""

from __future__ import annotations

import ast
import tomllib
from collections import defaultdict
from pathlib import Path

from source_tree import parse

TESTS = Path(__file__).parent
ROOT = TESTS.parent
PRODUCT = ("constructs_lib", "deploy_access", "sandbox", "stacks")
TABLE: dict[str, list[str]] = tomllib.loads((TESTS / "tests_of_modules.toml").read_text("utf-8"))
# The folder of the tests, where it is not called as the package is.
FOLDERS = {"constructs_lib": "constructs", "deploy_access": ""}


def modules() -> dict[str, Path]:
    """Name every module of the product."""
    files = (file for place in PRODUCT for file in sorted((ROOT / place).rglob("*.py")))
    return {
        ".".join(file.relative_to(ROOT).with_suffix("").parts): file
        for file in files
        if not file.stem.startswith("__")
    }


def named_after(module: str) -> list[Path]:
    """List the test files that are named after a module."""
    package, *rooms, name = module.split(".")
    folder = TESTS.joinpath(FOLDERS.get(package, package), *rooms)
    name = name.removeprefix("_")
    names = [f"test_{name}", *(f"test_{room}_{name}" for room in rooms[-1:])]
    return [f for f in folder.glob("test_*.py") if f.stem.startswith(tuple(names))]


def test_no_class_name_is_defined_twice() -> None:
    """A public class has its name alone, so that a name says which class is meant."""
    places = defaultdict[str, list[str]](list)
    for name, path in modules().items():
        for node in ast.walk(parse(path)):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(name)

    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def test_every_module_has_its_tests() -> None:
    """A test file is named after each module, or one line of the table names it."""
    listed = {module for found in TABLE.values() for module in found}
    without = {name for name in modules() if name not in listed and not named_after(name)}

    assert without == set()


def test_the_table_of_tests_is_true() -> None:
    """Its tests and modules are there, each module once, and none that has tests by name."""
    listed = [module for found in TABLE.values() for module in found]

    assert [name for name in TABLE if not (TESTS / f"{name}.py").is_file()] == []
    assert sorted(set(listed)) == sorted(listed)
    assert set(listed) - modules().keys() == set()
    assert [name for name in listed if named_after(name)] == []
