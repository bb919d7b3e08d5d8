"""One `audit` that has a limit: how it is measured, and the table that says whether it is met."""

import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from bench.measure import Measurement, measure, median

SECONDS = 5.0
"""How much of a processor it may take."""
_RUNS = 3  # the median of three leaves out one run that was disturbed
_FOUND = 10


def measure_audit(place: Path) -> Measurement:
    """Audit a file or a folder."""
    code = "from deploy_access.cli import main; main()"
    command = [sys.executable, "-c", code, "audit", str(place)]
    return median([measure(command, {}, answers=(0, _FOUND)) for _ in range(_RUNS)])


def verdict_table(title: str, found: Measurement) -> Table:
    """Return the table of one measurement with its verdict."""
    table = Table(title=title)
    for heading in ("processor", "wall time", "peak", ""):
        table.add_column(heading)
    verdict = "[green]met[/]" if found.processor <= SECONDS else "[red]missed[/]"
    times = (f"{found.processor:.2f} s", f"{found.seconds:.2f} s")
    table.add_row(*times, f"{found.megabytes:.0f} MB", verdict)
    return table


def print_alone(
    measured: Callable[[Path, Callable[[str], None]], Measurement],
    table: Callable[[Measurement], Table],
) -> None:
    """Measure this and nothing else, and print its table."""
    console = Console()
    with TemporaryDirectory() as folder, console.status("") as status:
        found = measured(Path(folder), status.update)
    console.print(table(found))
