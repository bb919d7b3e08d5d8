"""One `audit` that has a limit: how it is measured, and the table that says whether it is met."""

from pathlib import Path

from rich.table import Table

from bench.measure import Measurement, measure_answer, median

SECONDS = 5.0
"""How much of a processor it may take."""
_RUNS = 3  # the median of three leaves out one run that was disturbed


def measure_audit(place: Path) -> Measurement:
    """Audit a file or a folder."""
    return median([measure_answer(["audit", str(place)]) for _ in range(_RUNS)])


def verdict_table(title: str, found: Measurement) -> Table:
    """Return the table of one measurement with its verdict."""
    table = Table(title=title)
    for heading in ("processor", "wall time", "peak", ""):
        table.add_column(heading)
    verdict = "[green]met[/]" if found.processor <= SECONDS else "[red]missed[/]"
    times = (f"{found.processor:.2f} s", f"{found.seconds:.2f} s")
    table.add_row(*times, f"{found.megabytes:.0f} MB", verdict)
    return table
