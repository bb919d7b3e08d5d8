"""The names of what an account has once: its policies and its repositories of images."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from deploy_access.errors import Problem

from .estate_plan import ServicePlan
from .part_plans import RepositoryPlan
from .unknown_targets import is_placed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .error_collector import ErrorCollector
    from .estate_plan import EstatePlan, ImagesPlan

CHECKED = frozenset({"policy", "repository", "role"})
"""What is refused with the tables when it is made twice; roles are in `role_names.py`."""
_WHY = {
    "policy": "An account has one policy of a name, whatever its letter case, so the second could "
    "not be made.",
    "repository": "An account has one repository of a name in a region, so the second could not be "
    "made.",
}


class _Made(NamedTuple):
    """What an entry makes, in the stack of that entry; its name comes from *place*."""

    kind: str
    where: str
    name: str
    place: str
    entry: str
    stack: str


def check_made_names(estate: EstatePlan, errors: ErrorCollector) -> None:
    """Add an error for each policy and repository whose name another entry has already."""
    held: dict[tuple[str, str, str], _Made] = {}
    for plan in (*estate.images, *estate.services):
        for made in _made(plan) if is_placed(plan, errors) else ():
            first = held.setdefault((made.kind, made.where, made.name.casefold()), made)
            # Two stacks of one name are refused as such.
            if first.stack.casefold() != made.stack.casefold():
                errors.add(made.place, _taken(made, first), by=made.entry)


def _made(plan: ImagesPlan | ServicePlan) -> Iterator[_Made]:
    repository = plan.repository
    if isinstance(repository, RepositoryPlan):
        place = repository.origins["name"]
        where = f"{plan.target.account} {plan.target.region}"
        yield _Made("repository", where, repository.name, place, plan.entry, plan.stack)
    ecs = plan.ecs if isinstance(plan, ServicePlan) else None
    if ecs is not None:
        name = ecs.policy_name or f"{plan.role.name}-ecs-{ecs.cluster}"
        place = ecs.origins["policy_name"]
        yield _Made("policy", plan.target.account, name, place, plan.entry, plan.stack)


def _taken(made: _Made, first: _Made) -> Problem:
    return Problem(
        what=f"The {made.kind} of `{made.entry}` has the same name as that of `{first.entry}`.",
        given=made.name,
        why=_WHY[made.kind],
        fix="Give it another name, for example with `{service}` and `{environment}` in it.",
    )
