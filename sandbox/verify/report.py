"""
Renders the tables of the sandbox: the stacks, and the results of `verify` and `destroy`.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import RenderableType

    from ..terraform.sandbox_estate import SandboxEstate
    from .expected_state import ExpectedResource
    from .role_trust import RoleTrust
    from .verification import Verification


def render_estate(estate: SandboxEstate) -> Table:
    """
    Return a table of the stacks: account, region, and the number of resources, or `skipped`.
    """
    rows = [
        (stack.name, stack.account, stack.place.region, str(len(list(stack.resources()))))
        for stack in estate
    ]
    rows += [(name, "-", "-", "skipped") for name in estate.skipped]
    return table(("stack", "account", "region", "resources"), rows)


def render_trusts(trusts: Iterable[RoleTrust]) -> Table:
    """
    Return a table of the subjects that may assume each role, one row a subject.
    """
    rows = [
        (trust.role, trust.account, trust.subject, trust.match, _claims(trust)) for trust in trusts
    ]
    return table(("role", "account", "subject", "match", "and also"), rows)


def _claims(trust: RoleTrust) -> str:
    return ", ".join(f"{claim}={'|'.join(values)}" for claim, values in trust.claims.items())


def render_verification(found: Verification) -> Iterator[RenderableType]:
    """
    Yield the results of `verify`: the subjects, what was compared, and every difference.
    """
    if found.trusts:
        yield Text("\nWho may assume which role, as AWS stores it:", style="bold")
        yield render_trusts(found.trusts)
    yield Text(f"\nRead back and compared: {_count(found.compared)}.")
    if found.unread:
        yield Text(f"Left to Terraform's own plan: {', '.join(found.unread)}.", style="dim")
    if found.unserved:
        yield Text(f"Not made, as moto has no calls for it: {', '.join(found.unserved)}.")
    for difference in found.differences:
        yield Text(f"DIFFERENT  {difference}", style="red")
    if not found.differences:
        yield Text("AWS holds what was synthesized, and no second plan changes anything.")


def _count(items: Iterable[ExpectedResource]) -> str:
    counts = Counter(item.kind for item in items)
    return ", ".join(f"{kind} ({number})" for kind, number in counts.items()) or "nothing"


def render_remaining(items: Iterable[ExpectedResource]) -> Iterator[RenderableType]:
    """
    Yield the resources that a destroy left: those that a stack protects, and the others.
    """
    for item in items:
        if item.is_protected:
            yield Text(f"Kept, because its stack prevents that it is destroyed: {item.title}.")
        else:
            yield Text(f"STILL THERE  {item.title}", style="red")


def table(columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> Table:
    """
    Return a table without lines.
    """
    found = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        found.add_column(column, overflow="fold")
    for row in rows:
        found.add_row(*(Text(cell) for cell in row))
    return found
