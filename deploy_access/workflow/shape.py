"""What a job looks like when it is written: two jobs of one shape can be one called workflow."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, cast

from deploy_access.workflow.values import Value

if TYPE_CHECKING:
    from deploy_access.workflow.job import Job

# What a step is about, which is not written.
_ABOUT = {"codedeploy", "family", "images", "name", "target"}


def shape_of(job: Job) -> object:
    """Describe what is written of *job*, but for its id and its name."""
    return (
        shape_of_value(job.steps),
        shape_of_value(job.environment),
        shape_of_value(job.group),
        job.minutes,
        job.runner,
        job.takes_turns,
    )


def shape_of_value(value: object) -> object:
    """Describe what is written of steps, or of one of their values."""
    if isinstance(value, Value):
        return value.shown
    if isinstance(value, tuple):
        return tuple(shape_of_value(one) for one in cast("tuple[object, ...]", value))
    if not is_dataclass(value):
        return value
    written = [f.name for f in fields(value) if _is_written(f.name, getattr(value, f.name))]
    return type(value).__name__, tuple(shape_of_value(getattr(value, name)) for name in written)


def _is_written(name: str, value: object) -> bool:
    return name not in _ABOUT or isinstance(value, Value)
