"""
Each command on an estate that grows to 1,000 stacks: `python -m bench.growth` runs nothing else.

One run each: what is looked for is whether the time of a stack grows with the number of stacks, and
a machine that is busy with other things for a while does not look like that at three sizes.
"""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path

from rich.table import Table

from bench.measure import Measurement, measure, measure_answer
from bench.report import print_alone
from bench.results import MANY
from bench.review_estate import write_estate

COUNTS = (1, 10, 100, MANY, 1_000)
LINEAR = 1.2
"""The highest power of the number of stacks with which the time may grow; 1 is linear."""
SECONDS, MEGABYTES = 2.0, 200.0
"""What a review of 300 stacks may take of a processor, and of memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown:
    """
    One command on an estate of one size.

    Attributes:
        found: Its time and its memory.
        written: The bytes of what it wrote.
        round_trips: How often it asked Node; None for a command that never does.
    """

    found: Measurement
    written: int
    round_trips: int | None = None


Growth = Mapping[str, Mapping[int, Grown]]


def measure_growth(folder: Path, say: Callable[[str], None]) -> Growth:
    """Run each command on each estate, and the program that synthesizes as many stacks."""
    growth: dict[str, dict[int, Grown]] = {}
    for count in COUNTS:
        for shape in ("companies", "one"):
            for version in (1, 2):
                place = _estate(folder, shape, count, version)
                write_estate(place, count, version=version, is_one_repository=shape == "one")
        for name, measured in _measures(folder):
            say(f"{name}: {count} stacks")
            growth.setdefault(name, {})[count] = measured(count)
    return growth


def _measures(folder: Path) -> Iterator[tuple[str, Callable[[int], Grown]]]:
    yield "synth", lambda count: _synthesized(folder, count)
    for name, (shape, words) in _COMMANDS.items():
        yield name, lambda count, s=shape, w=words: _answered(folder, s, w, count)


# BEFORE and AFTER stand for the folders of the two versions of an estate.
_COMMANDS: Mapping[str, tuple[str, Sequence[str]]] = {
    "audit": ("companies", ("audit", "AFTER")),
    "review, all changed": ("companies", ("review", "BEFORE", "AFTER")),
    "review, none changed": ("companies", ("review", "AFTER", "AFTER")),
    "review, all new": ("companies", ("review", "none", "AFTER")),
    "waves, all changed": ("companies", ("waves", "BEFORE", "AFTER")),
    "workflow": ("companies", ("workflow", "--out", "AFTER")),
    "workflow, one repository": ("one", ("workflow", "--out", "AFTER")),
}


def _estate(folder: Path, shape: str, count: int, version: int) -> Path:
    return folder / f"{shape}-{count}-{version}"


def _synthesized(folder: Path, count: int) -> Grown:
    place, printed = folder / f"synth-{count}", folder / "printed"
    command = [sys.executable, "-m", "bench.program", str(count), str(place)]
    found = measure(command, {}, printed=printed)
    written = sum(file.stat().st_size for file in place.rglob("*") if file.is_file())
    return Grown(found=found, written=written, round_trips=int(printed.read_text("utf-8")))


def _answered(folder: Path, shape: str, words: Sequence[str], count: int) -> Grown:
    places = {
        "BEFORE": str(_estate(folder, shape, count, 1)),
        "AFTER": str(_estate(folder, shape, count, 2)),
    }
    printed = folder / "printed"
    found = measure_answer([places.get(word, word) for word in words], printed=printed)
    return Grown(found=found, written=printed.stat().st_size)


def growth_table(growth: Growth) -> Table:
    """Return the table of each command at each size, with the power of its growth."""
    table = Table(title="An estate that grows: time of a processor, and what it makes")
    table.add_column("command")
    headings = ("stacks", "time", "a stack", "peak", "written", "trips to Node", "power")
    for heading in headings:
        table.add_column(heading, justify="right")
    table.add_column("")
    for name, by_count in growth.items():
        for count, grown in by_count.items():
            last = count == COUNTS[-1]
            cells = _cells(grown, by_count[COUNTS[0]], count)
            power = _power(by_count) if last else None
            shown = f"{power:.2f}" if power is not None else ""
            table.add_row(
                name if count == COUNTS[0] else "",
                *(f"{count:,}", *cells, shown),
                _verdict(name, count, grown, power),
                end_section=last,
            )
    return table


def _cells(grown: Grown, one: Grown, count: int) -> Iterator[str]:
    yield f"{grown.found.processor:.2f} s"
    more = (grown.found.processor - one.found.processor) / max(count - 1, 1)
    yield f"{more * 1000:.1f} ms" if count > 1 else ""
    yield f"{grown.found.megabytes:.0f} MB"
    yield f"{grown.written:,}"
    yield "" if grown.round_trips is None else f"{grown.round_trips:,}"


def _power(by_count: Mapping[int, Grown]) -> float:
    """Return the power of the number of stacks with which the time grows, without the start."""
    one, some, many = COUNTS[0], COUNTS[2], COUNTS[-1]
    start = by_count[one].found.processor
    less, more = (by_count[count].found.processor - start for count in (some, many))
    # The start of the largest may be measured shorter than that of the smallest, by chance.
    shortest = 0.01
    return log(max(more, shortest) / max(less, shortest)) / log((many - one) / (some - one))


def _verdict(name: str, count: int, grown: Grown, power: float | None) -> str:
    """Say whether the goal of this row is met, where it has one."""
    met: bool | None = None
    if power is not None:
        met = power <= LINEAR
    elif count == MANY and name.startswith(("review", "waves")):
        met = grown.found.processor <= SECONDS and grown.found.megabytes <= MEGABYTES
    if met is None:
        return ""
    return "[green]met[/]" if met else "[red]missed[/]"


if __name__ == "__main__":
    print_alone(measure_growth, growth_table)
