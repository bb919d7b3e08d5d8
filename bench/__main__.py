"""`python -m bench`: this library, the stock import and native Node, for 1 and for 300 stacks."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from bench.cdk_terrain import install_cdk_terrain
from bench.commands import SECONDS, measure_commands
from bench.exports import account_table, measure_account
from bench.goals import goals
from bench.growth import growth_table, measure_growth
from bench.hcl import hcl_table, measure_hcl
from bench.measure import Measurement, measure, median
from bench.outputs import differing_stacks, stack_file
from bench.report import commands_table, goals_table, results_table
from bench.results import HALF, MANY, ONE, Results
from bench.ways import Way, install_node_packages, ways

RUNS = 3


def main() -> None:
    """Measure, print, and check that all programs made the same resources."""
    console = Console()
    install_node_packages()
    install_cdk_terrain()
    with TemporaryDirectory() as folder, console.status("") as status:
        all_ways = _warmed_up(Path(folder), status.update)
        results = _measure_all(all_ways, Path(folder), status.update)
        differing = _differing(all_ways, Path(folder))
        answers = measure_commands(Path(folder), status.update)
        growth = measure_growth(Path(folder), status.update)
        hcl = measure_hcl(Path(folder), status.update)
        account = measure_account(Path(folder), status.update)
    console.print(results_table(results), goals_table(goals(results)))
    console.print(commands_table(answers, SECONDS))
    console.print(growth_table(growth))
    console.print(hcl_table(hcl), account_table(account))
    if differing:
        raise SystemExit(f"The programs made different resources: {'; '.join(differing)}.")
    console.print(f"All programs made the same resources in each of {MANY} stacks.")


def _warmed_up(folder: Path, say: Callable[[str], None]) -> list[Way]:
    """Run each program once, to fill its caches: compiled modules, jsii's packages and indexes."""
    model = folder / "model.json"
    all_ways = ways(model)
    for way in all_ways:
        say(f"{way.name}: warming up")
        output = _output(folder, way, ONE)
        measure(way.command(ONE, output), way.variables)
        if not model.exists():
            model.write_bytes(stack_file(output, 0).read_bytes())
    return all_ways


def _measure_all(all_ways: Sequence[Way], folder: Path, say: Callable[[str], None]) -> Results:
    results: Results = {}
    for way, count in _plan(all_ways):
        say(f"{way.name}: {count} stacks, {RUNS} runs")
        results[way.name, count] = _measured(way, count, _output(folder, way, count))
    return results


def _plan(all_ways: Sequence[Way]) -> Iterable[tuple[Way, int]]:
    # Half of the stacks too: the growth from half to all shows whether the time is linear.
    ours = all_ways[0]
    return [(ours, HALF), *((way, count) for way in all_ways for count in (ONE, MANY))]


def _measured(way: Way, count: int, output: Path) -> Measurement:
    return median([measure(way.command(count, output), way.variables) for _ in range(RUNS)])


def _differing(all_ways: Sequence[Way], folder: Path) -> list[str]:
    ours, *others = (_output(folder, way, MANY) for way in all_ways)
    return [
        f"{other.name} ({stack})"
        for other in others
        for stack in differing_stacks(ours, other, MANY)[:1]
    ]


def _output(folder: Path, way: Way, count: int) -> Path:
    return folder / f"{way.name} {count}"


if __name__ == "__main__":
    main()
