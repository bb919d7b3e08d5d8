"""Imports point one way, cost little, and say what is public."""

from __future__ import annotations

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from source_tree import parse, parse_as_written

if TYPE_CHECKING:
    from collections.abc import Container

ROOT = Path(__file__).parent.parent
OURS = {"constructs_lib", "deploy_access", "main", "sandbox", "stacks"}
# Each provider's package is named in one file, so another one can take its place.
PROVIDERS = {
    "cdktf_cdktf_provider_aws": "constructs_lib/provider.py",
    "cdktf_cdktf_provider_github": "constructs_lib/github_provider.py",
}
# Which package takes the place of which, under CDK Terrain.
SUCCESSORS = "constructs_lib/_framework.py"
CDKTF = {"cdktf", *PROVIDERS, "constructs", "jsii"}
# The wheel has them inside of `deploy_access`.
MOVED = {"sandbox", "stacks"}
# What other projects import: the one module of its package that names the constructs.
DOOR = "deploy_access.constructs"
DOOR_FILE = "deploy_access/constructs.py"
# The arrows of docs/architecture.md; packages of other people are free, except those of CDKTF.
MAY_IMPORT = {
    "deploy_access": set[str](),
    "constructs_lib": {"deploy_access", "cdktf", "constructs", "jsii"},
    "stacks": {"deploy_access", "constructs_lib", "cdktf", "constructs"},
    "sandbox": {"deploy_access"},
    "main.py": {"stacks", "constructs_lib", "deploy_access", "cdktf", "constructs"},
}
# The rooms of deploy_access, the highest floor first; docs/architecture.md draws them. A room
# imports from lower floors, and nothing of its own floor. The ground imports within itself.
FLOORS = (
    {"cli", "constructs"},
    {"commands"},
    {"report"},
    {"adopt", "bootstrap", "git_sides", "new_project", "review", "workflow", "workflow_audit"},
    {"audit", "explain"},
    {"access_diff", "resource_diff"},
    {"github"},
    {"terraform"},
    {"cloudformation", "iam"},
    {
        *(
            "acceptance",
            "activity",
            "argument_types",
            "disk_refusal",
            "errors",
            "extras",
            "gzip_file",
            "input_file",
            "input_kinds",
            "interrupt",
            "json_file",
            "json_shape",
            "json_text",
            "layout",
            "partition",
        ),
        "visible_text",
    },
)
GROUND = len(FLOORS) - 1
FLOOR_OF = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
HEAVY = {*CDKTF, "boto3", "moto", "pydantic", "rich", "ruamel"}
PACKAGES = ["constructs_lib", "deploy_access"]


def sources(place: str) -> list[Path]:
    """List the Python files of a package, or the one file."""
    path = ROOT / place
    return sorted(path.rglob("*.py")) if path.is_dir() else [path] if path.exists() else []


def imported(tree: ast.Module) -> set[str]:
    """Name the top-level packages that a file imports, wherever in it."""
    names = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    } | {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    return {name.partition(".")[0] for name in names}


def texts(tree: ast.Module) -> set[str]:
    """List the texts of a file's code, which excludes docstrings and comments."""
    docstrings = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    constants = {node for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    return {str(node.value) for node in constants - docstrings}


@pytest.mark.parametrize("place", MAY_IMPORT)
def test_imports_point_one_way(place: str) -> None:
    """Each package imports of ours and of CDKTF what the design lets it, and nothing else."""
    allowed = MAY_IMPORT[place] | {place}
    wrong = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in sources(place)
        for name in imported(parse(path)) & (OURS | CDKTF) - allowed
        if PROVIDERS.get(name) != str(path.relative_to(ROOT))
    }

    assert wrong == ({f"{DOOR_FILE}: constructs_lib"} if place == "deploy_access" else set())


def modules_of(place: str) -> dict[str, ast.Module]:
    """Parse every module of a package, by its dotted name."""
    found: dict[str, ast.Module] = {}
    for path in sources(place):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        found[name.removesuffix(".__init__")] = parse(path)
    return found


def imported_modules(tree: ast.Module, known: Container[str]) -> set[str]:
    """Name the modules of *known* that a file imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            names |= {name if name in known else node.module for name in inner}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return {name for name in names if name in known}


def room_of(module: str) -> str:
    """Name the room of a module of `deploy_access`: its folder, or itself on the ground."""
    return module.split(".")[1]


def goes_down(importing: str, imported: str) -> bool:
    """Whether an import stays in its room or goes to a lower floor."""
    here, there = FLOOR_OF[room_of(importing)], FLOOR_OF[room_of(imported)]
    return room_of(importing) == room_of(imported) or here < there or here == there == GROUND


def test_rooms_import_from_lower_floors() -> None:
    """Inside of `deploy_access` every import goes down the floors."""
    modules = {name: tree for name, tree in modules_of("deploy_access").items() if "." in name}
    wrong = {
        f"{name} -> {other}"
        for name, tree in modules.items()
        for other in imported_modules(tree, modules)
        if not goes_down(name, other)
    }

    assert wrong == set()


def test_the_door_leads_out_only() -> None:
    """What other projects import the constructs by has all of them, and is imported by nothing."""
    modules = {name: tree for place in MAY_IMPORT for name, tree in modules_of(place).items()}
    importing = {name for name, tree in modules.items() if imported_modules(tree, {DOOR})}

    assert importing == set()
    assert published(modules[DOOR]) == published(modules["constructs_lib"])


def test_no_imports_go_round_in_a_circle() -> None:
    """No module needs, by way of others, itself; imports for types alone count too."""
    modules = {name: tree for place in MAY_IMPORT for name, tree in modules_of(place).items()}
    graph = {name: imported_modules(tree, modules) - {name} for name, tree in modules.items()}

    TopologicalSorter(graph).prepare()


@pytest.mark.parametrize("place", MAY_IMPORT)
def test_what_the_wheel_moves_imports_itself_relatively(place: str) -> None:
    """`stacks` and `sandbox` have another name in the wheel; all else names its package."""
    wrong = {
        f"{path.relative_to(ROOT)}: {ast.unparse(node)}"
        for path in sources(place)
        for node in ast.walk(parse_as_written(path))
        if isinstance(node, ast.Import | ast.ImportFrom)
        if is_relative(node) != (place in MOVED and names_itself(node, place))
    }

    assert wrong == set()


def is_relative(node: ast.Import | ast.ImportFrom) -> bool:
    """Whether an import begins with a dot."""
    return isinstance(node, ast.ImportFrom) and node.level > 0


def names_itself(node: ast.Import | ast.ImportFrom, place: str) -> bool:
    """Whether a module imports its own package, by a dot or by its name."""
    return is_relative(node) or place in imported(ast.Module([node], []))


@pytest.mark.parametrize("package", PROVIDERS)
def test_one_module_names_a_provider_package(package: str) -> None:
    """The package of a provider is imported in one file, so another one can take its place."""
    naming = {
        str(path.relative_to(ROOT))
        for place in MAY_IMPORT
        for path in sources(place)
        if package in imported(parse(path)) | texts(parse(path))
    }

    assert naming == {PROVIDERS[package], SUCCESSORS}


@pytest.mark.parametrize(
    "module",
    [
        "deploy_access",
        "deploy_access.cli",
        "deploy_access.github.repository",
        "deploy_access.github.trust_policy",
    ],
)
def test_the_command_loads_nothing_heavy(module: str) -> None:
    """The plain half starts neither Node nor any package that takes its time."""
    code = f"import sys, {module}; print(*sorted(sys.modules))"
    run = subprocess.run(
        [sys.executable, "-c", code], check=False, capture_output=True, text=True, cwd=ROOT
    )

    assert run.stderr == ""
    assert {name.partition(".")[0] for name in run.stdout.split()} & HEAVY == set()


def bound(tree: ast.Module) -> list[str]:
    """Name what a module binds at its top level for others to import."""
    names: set[str] = set()
    for node in (inner for outer in tree.body for inner in getattr(outer, "body", [outer])):
        private = isinstance(node, ast.ImportFrom) and "._" in (node.module or "")
        if isinstance(node, ast.Import | ast.ImportFrom) and not private:
            names |= {alias.asname or alias.name for alias in node.names}
    names |= {node.name for node in tree.body if isinstance(node, ast.ClassDef | ast.FunctionDef)}
    return sorted(name for name in names if not name.startswith("_") and name != "annotations")


def published(tree: ast.Module) -> list[str]:
    """Read `__all__`; nothing when there is none."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return [str(name) for name in ast.literal_eval(node.value)]
    return []


@pytest.mark.parametrize(
    "place", [*(f"{name}/__init__.py" for name in PACKAGES), DOOR_FILE, *PROVIDERS.values()]
)
def test_all_is_what_is_public(place: str) -> None:
    """`__all__` lists every public name once; a submodule is reached by its own name."""
    path = ROOT / place
    modules = {file.stem for file in path.parent.glob("*.py")}

    assert sorted(published(parse(path))) == [
        name for name in bound(parse(path)) if name not in modules
    ]


@pytest.mark.parametrize("place", [*PACKAGES, *PROVIDERS.values()])
def test_all_is_sorted(place: str) -> None:
    """Whoever adds a public name knows where it goes."""
    for path in sources(place):
        names = published(parse(path))
        # Constants first, as ruff sorts them.
        assert names == sorted(set(names), key=lambda name: (not name.isupper(), name)), path


def test_every_test_says_what_it_tests() -> None:
    """The docstring of a test is the sentence that it proves."""
    silent = {
        f"{path.relative_to(ROOT)}::{node.name}"
        for path in sources("tests")
        for node in ast.walk(parse(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
        and not ast.get_docstring(node)
    }

    assert silent == set()
