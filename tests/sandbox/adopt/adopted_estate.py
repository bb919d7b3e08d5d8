"""From a hand-made account to stacks of its own: what it holds, entries, stacks, plans."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from example_programs import ROOT, run_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from sandbox import Sandbox

Json = dict[str, Any]
_ACTIONS = {"create": "add", "update": "change", "delete": "destroy"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """
    What Terraform plans for one resource.

    Attributes:
        type: Terraform's type of it.
        actions: `no-op`, `create`, `update`, or `delete` and `create`.
        imported: The id by which it is taken over, if it is.
        differing: The arguments that change; of what is made anew none.
    """

    type: str
    actions: tuple[str, ...]
    imported: str | None
    differing: frozenset[str]


def synthesize_estates(texts: Mapping[str, str], folder: Path) -> dict[str, Path]:
    """Synthesize each `environments.toml`, all in one process, and return where by their names."""
    outs = {name: folder / name / "cdktf.out" for name in texts}
    for name, text in texts.items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / "main.py", folder / name / "main.py")
        (folder / name / "environments.toml").write_text(text, encoding="utf-8")
    run_all([(folder / name, [], out) for name, out in outs.items()], folder)
    return outs


def plan_all(sandbox: Sandbox) -> dict[str, Json]:
    """Plan every stack."""
    stacks = list(sandbox.estate.stacks)
    with ThreadPoolExecutor(sandbox.terraform.lanes.count) as pool:
        return dict(zip(stacks, pool.map(sandbox.plan, stacks), strict=True))


def changes_of(plan: Json) -> dict[str, Change]:
    """Read what a plan does, by the address of each resource."""
    return {one["address"]: _change(one) for one in plan["resource_changes"]}


def summary_of(changes: Iterable[Change]) -> str:
    """Count changes in the words of Terraform's last line."""
    found = list(changes)
    counts = {word: sum(word in one.actions for one in found) for word in _ACTIONS}
    counted = [f"{counts[action]} to {word}" for action, word in _ACTIONS.items()]
    imported = sum(one.imported is not None for one in found)
    return f"Plan: {imported} to import, {', '.join(counted)}."


def _change(resource: Json) -> Change:
    change = resource["change"]
    before: Json = change["before"] or {}
    after: Json = change["after"] or {}
    return Change(
        type=resource["type"],
        actions=tuple(change["actions"]),
        imported=change.get("importing", {}).get("id"),
        differing=frozenset(
            key for key in before.keys() & after.keys() if before[key] != after[key]
        ),
    )
