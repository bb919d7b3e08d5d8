"""The changes of one plan as lines, and what a plan does otherwise than the approved one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.visible_text import escaped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from deploy_access.resource_diff.model import ResourceAction, ResourceChange
    from deploy_access.resource_diff.plan_record import RecordDifference

_MARKS: Mapping[ResourceAction, str] = {
    "create": "+",
    "update": "~",
    "replace": "-/+",
    "destroy": "-",
    "forget": "-",
    "move": "~",
    "import": "+",
}
# A line is read at a glance; the plan itself has the rest.
_ATTRIBUTES = 6


def render_changes(changes: Sequence[ResourceChange], outputs: Iterable[str]) -> str:
    """Write each change in a line, without values; "No changes." where there is none."""
    lines = [*map(_line, changes), *(f"~ output {escaped(name)}" for name in outputs)]
    return "".join(f"{line}\n" for line in lines or ["No changes."])


def _line(change: ResourceChange) -> str:
    names = [one.name for one in change.attributes]
    more = f" and {len(names) - _ATTRIBUTES} more" if len(names) > _ATTRIBUTES else ""
    said = f": {', '.join(names[:_ATTRIBUTES])}{more}" if names else ""
    return f"{_MARKS[change.action]} {escaped(change.address)}, {change.action}{escaped(said)}"


def render_differences(differences: Sequence[RecordDifference]) -> str:
    """Write what is planned now and was not approved so."""
    return "".join(f"{line}\n" for one in differences for line in _difference(one))


def _difference(one: RecordDifference) -> Iterator[str]:
    yield f"differs: {escaped(one.address)}"
    yield f"  approved  {one.approved}"
    yield f"  planned   {one.planned}"
    if one.attributes:
        yield f"  in        {escaped(', '.join(one.attributes))}"
