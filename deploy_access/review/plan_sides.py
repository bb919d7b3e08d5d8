"""Plans by themselves: what was before them against what will be after."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue, Problem
from deploy_access.reading.shapes import as_object
from deploy_access.review.snapshot import PLANNED, read_snapshot
from deploy_access.review.sources import Source

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deploy_access.reading.json_text import JsonFile
    from deploy_access.review.snapshot import Snapshot


def of_plans(plans: Sequence[JsonFile]) -> tuple[Snapshot, Snapshot]:
    """
    Read what was before plans and what will be after, each plan as a stack of its own.

    Raises:
        InvalidValue: There is no plan.
    """
    if not plans:
        raise InvalidValue(_nothing())
    names = [_plan_name(plan.name, plans) for plan in plans]
    before = [
        Source(file=replace(plan, content=_before(plan.content), repeated=()), stack=name)
        for plan, name in zip(plans, names, strict=True)
    ]
    after = [Source(file=p, stack=name) for p, name in zip(plans, names, strict=True)]
    return read_snapshot(before), read_snapshot(after)


def _before(plan: Mapping[str, object]) -> dict[str, object]:
    """Write the state that a plan was made for as a plan that changes nothing."""
    prior = as_object(plan.get("prior_state"))
    kept = {key: plan[key] for key in ("configuration", "variables") if key in plan}
    return {**kept, PLANNED: prior.get("values", {}), "prior_state": prior}


def _plan_name(name: str, plans: Sequence[JsonFile]) -> str:
    """Call a plan as its file is called, in full where two are called the same."""
    stem = PurePath(name).name.partition(".")[0]
    stems = [PurePath(plan.name).name.partition(".")[0] for plan in plans]
    return stem if stems.count(stem) == 1 else name


def _nothing() -> Problem:
    return Problem(
        what="There is nothing to review.",
        given="no BASE, no HEAD and no plan",
        why="A review compares two sides.",
        fix="Name two folders of synthesized stacks, or plans with `--plan`.",
    )
