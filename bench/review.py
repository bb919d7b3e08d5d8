"""`review` and `waves` on 300 stacks: `python -m bench.review` measures nothing else."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from bench.measure import Measurement, measure, median
from bench.results import HALF, MANY
from bench.review_estate import write_estate

SECONDS = 2.0
MEGABYTES = 200.0
LINEAR = 1.25
"""How much longer the second half of the stacks may take than the first."""
RUNS = 3  # the median of three leaves out one run that was disturbed

Answers = Mapping[str, Measurement]


def measure_review(folder: Path, say: Callable[[str], None]) -> Answers:
    """Compare estates that are all different, the same, and new."""
    many, other = (str(_estate(folder, MANY, version)) for version in (1, 2))
    half, changed = (str(_estate(folder, HALF, version)) for version in (1, 2))
    cases = {
        _ALL: ["review", many, other],
        _HALF: ["review", half, changed],
        f"review, none of {MANY} stacks changed": ["review", many, many],
        f"review, {MANY} stacks against none": ["review", "none", many],
        f"waves, all of {MANY} stacks changed": ["waves", many, other],
    }
    answers: dict[str, Measurement] = {}
    for name, arguments in cases.items():
        say(name)
        answers[name] = median([_measured(arguments) for _ in range(RUNS)])
    return answers


def review_table(answers: Answers) -> Table:
    """Return the table of measurements, each with its verdict."""
    table = Table(title="`review` and `waves`: wall time and peak memory")
    for heading in ("command", "wall time", "peak", ""):
        table.add_column(heading)
    for name, found in answers.items():
        is_met = found.seconds <= SECONDS and found.megabytes <= MEGABYTES
        table.add_row(name, f"{found.seconds:.2f} s", f"{found.megabytes:.0f} MB", _verdict(is_met))
    growth = answers[_ALL].seconds / answers[_HALF].seconds / (MANY / HALF)
    table.add_row(
        "time for a stack, of 300 / of 150", f"{growth:.2f}", "", _verdict(growth <= LINEAR)
    )
    return table


_ALL = f"review, all of {MANY} stacks changed"
_HALF = f"review, all of {HALF} stacks changed"


def _verdict(is_met: bool) -> str:
    return "[green]met[/]" if is_met else "[red]missed[/]"


def _estate(folder: Path, count: int, version: int) -> Path:
    return write_estate(folder / f"{count}-{version}", count, version=version)


def _measured(arguments: list[str]) -> Measurement:
    code = "from deploy_access.cli import main; main()"
    return measure([sys.executable, "-c", code, *arguments, "--format", "json"], {})


def main() -> None:
    """Measure and print."""
    console = Console()
    with TemporaryDirectory() as folder, console.status("") as status:
        answers = measure_review(Path(folder), status.update)
    console.print(review_table(answers))


if __name__ == "__main__":
    main()
