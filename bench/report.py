"""The tables that the benchmark prints."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from rich.console import Console
from rich.table import Table

from bench.goals import Goal
from bench.measure import Measurement
from bench.results import MANY, NODE_MODULES, NODE_PACKAGE, ONE, OURS, STOCK, TERRAIN, Results

Found = TypeVar("Found")


def print_alone(
    measured: Callable[[Path, Callable[[str], None]], Found], table: Callable[[Found], Table]
) -> None:
    """Measure one thing and nothing else, and print its table."""
    console = Console()
    with TemporaryDirectory() as folder, console.status("") as status:
        found = measured(Path(folder), status.update)
    console.print(table(found))


def results_table(results: Results) -> Table:
    """Return the table of wall time and peak memory of each program."""
    table = Table(title="Wall time, peak memory of the largest process, times our wall time")
    table.add_column("program")
    for count in (ONE, MANY):
        table.add_column(f"{count} stack{'s' if count > 1 else ''}", justify="right")
        table.add_column("peak", justify="right")
        table.add_column("ratio", justify="right")
    for name in (OURS, TERRAIN, STOCK, NODE_PACKAGE, NODE_MODULES):
        table.add_row(name, *_cells(results, name, ONE), *_cells(results, name, MANY))
    return table


def _cells(results: Results, name: str, count: int) -> tuple[str, str, str]:
    result = results[name, count]
    ratio = result.seconds / results[OURS, count].seconds
    return f"{result.seconds:.2f} s", f"{result.megabytes:.0f} MB", f"{ratio:.2f}"


def goals_table(goals: Iterable[Goal]) -> Table:
    """Return the table of goals, with their limits and measured values."""
    table = Table(title="Goals")
    table.add_column("goal")
    table.add_column("limit", justify="right")
    table.add_column("measured", justify="right")
    table.add_column("")
    for goal in goals:
        table.add_row(goal.text, _limit(goal), f"{goal.value:.2f}", _verdict(goal))
    return table


def commands_table(answers: Mapping[str, Mapping[str, Measurement]], limit: float) -> Table:
    """Return the table of the time of each command for each file."""
    table = Table(title=f"Wall time for 10 MB, at most {limit:g} s")
    table.add_column("file")
    for command in ("audit", "explain"):
        table.add_column(command, justify="right")
        table.add_column("peak", justify="right")
    for name, each in answers.items():
        cells = [cell for command in ("audit", "explain") for cell in _answer(each, command, limit)]
        table.add_row(name, *cells)
    return table


def _answer(each: Mapping[str, Measurement], command: str, limit: float) -> tuple[str, str]:
    if command not in each:
        return "", ""
    colour = "green" if each[command].seconds <= limit else "red"
    return f"[{colour}]{each[command].seconds:.2f} s[/]", f"{each[command].megabytes:.0f} MB"


def _limit(goal: Goal) -> str:
    return f"{'at least' if goal.is_minimum else 'at most'} {goal.limit:g}"


def _verdict(goal: Goal) -> str:
    return "[green]met[/]" if goal.is_met else "[red]missed[/]"
