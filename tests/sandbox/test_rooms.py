"""
The rooms of the sandbox: imports go down this list and nowhere else.
"""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path

from source_tree import parse

ROOT = Path(__file__).parents[2]

# `errors` and `progress` are used in every room; what composes the rooms comes after all of them.
ROOMS = ("requirements", "errors", "progress", "server", "terraform", "verify", "gate", "attempts")
COMPOSING = {"__init__", "__main__", "cli", "sandbox", "steps", "synthesis"}
# For types alone: the attempts are told which sandbox they run in.
UPWARDS = {
    ("sandbox.attempts.attempt_run", "sandbox.sandbox"),
    ("sandbox.attempts.terraform_run", "sandbox.sandbox"),
}


def modules() -> dict[str, Path]:
    """
    Return the files of the sandbox by the names of their modules.
    """
    paths = (ROOT / "sandbox").rglob("*.py")
    names = {path: ".".join(path.relative_to(ROOT).with_suffix("").parts) for path in paths}
    return {name.removesuffix(".__init__"): path for path, name in names.items()}


def imports() -> dict[str, set[str]]:
    """
    Return the modules of the sandbox that each of them imports, also for types alone.
    """
    known = modules()
    found: dict[str, set[str]] = {}
    for name, path in known.items():
        nodes = ast.walk(parse(path))
        named = {
            f"{node.module}.{alias.name}"
            for node in nodes
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        within = {one if one in known else one.rpartition(".")[0] for one in named}
        found[name] = within & known.keys() - {name}
    return found


def room(name: str) -> int:
    """
    Return the place of a module's room in the list.
    """
    first = [*name.split(".")[1:], "__init__"][0]
    return len(ROOMS) if first in COMPOSING else ROOMS.index(first)


def test_imports_go_down() -> None:
    """
    A room imports from itself and from the rooms before it.
    """
    wrong = {
        (name, other)
        for name, others in imports().items()
        for other in others
        if room(other) > room(name)
    }

    assert wrong == UPWARDS


def test_no_import_circle() -> None:
    """
    No module imports itself by way of others, not even for types.
    """
    assert [*TopologicalSorter(imports()).static_order()]
