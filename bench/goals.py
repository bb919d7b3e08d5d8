"""The goals of this library, as ratios: they hold on any machine."""

from dataclasses import dataclass

from bench.results import HALF, MANY, NODE_MODULES, NODE_PACKAGE, ONE, OURS, STOCK, Results

# Ratios of programs that ran one after the other on the same machine: a slower one changes both.
TIMES_FASTER = 6.0
TIMES_NODE = 3.0
LINEAR = 1.25
# Memory does not depend on the machine: jsii's Node holds 200 MB with 300 stacks.
MEGABYTES = 250.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A value and its limit."""

    text: str
    value: float
    limit: float
    is_minimum: bool = False

    @property
    def is_met(self) -> bool:
        """Whether the value is on the right side of the limit."""
        return self.value >= self.limit if self.is_minimum else self.value <= self.limit


def goals(results: Results) -> list[Goal]:
    """Return each goal with its measured value."""
    stock = _times(results, STOCK, OURS, ONE)
    memory = results[OURS, MANY].megabytes
    return [
        Goal(text="stock import / ours, 1 stack", value=stock, limit=TIMES_FASTER, is_minimum=True),
        *(_against_node(results, node, count) for count in (ONE, MANY) for node in _NODES),
        Goal(text="second half of 300 stacks / first", value=_growth(results), limit=LINEAR),
        Goal(text=f"peak memory in MB, {MANY} stacks", value=memory, limit=MEGABYTES),
    ]


_NODES = (NODE_PACKAGE, NODE_MODULES)


def _against_node(results: Results, node: str, count: int) -> Goal:
    text = f"ours / {node}, {count} stack{'s' if count > 1 else ''}"
    return Goal(text=text, value=_times(results, OURS, node, count), limit=TIMES_NODE)


def _times(results: Results, slower: str, faster: str, count: int) -> float:
    return results[slower, count].seconds / results[faster, count].seconds


def _growth(results: Results) -> float:
    # Without the start, which is the same for any number of stacks.
    one, half, many = (results[OURS, count].seconds for count in (ONE, HALF, MANY))
    return (many - half) / (half - one)
