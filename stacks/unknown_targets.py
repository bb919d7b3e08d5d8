"""Accounts and regions that are wrong in `environments.toml`, as not known to the constructs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .estate_plan import ImagesPlan
from .stack_names import account_of

if TYPE_CHECKING:
    from .error_collector import ErrorCollector
    from .estate_plan import EstatePlan, ServicePlan
    from .part_plans import Target

# Expressions of Terraform: of what is known at apply only, the constructs check nothing.
_ACCOUNT, _REGION = "${var.account}", "${var.region}"


def without_broken_targets(estate: EstatePlan, errors: ErrorCollector) -> EstatePlan:
    """
    Return *estate* with unknown accounts and regions in place of wrong ones.

    What would be wrong with a stand-in, for example a boundary of another account, need not be
    wrong with the right one.
    """
    return replace(
        estate,
        accounts=tuple(
            replace(one, target=_target(one.target, errors, one.entry)) for one in estate.accounts
        ),
        images=tuple(
            replace(one, target=_target(one.target, errors, *_places(one))) for one in estate.images
        ),
        services=tuple(
            replace(one, target=_target(one.target, errors, *_places(one)))
            for one in estate.services
        ),
    )


def is_placed(plan: ImagesPlan | ServicePlan, errors: ErrorCollector) -> bool:
    """Whether the file says rightly in which account and region a stack is."""
    return not any(map(errors.spoils, _places(plan)))


def _places(plan: ImagesPlan | ServicePlan) -> tuple[str, ...]:
    if isinstance(plan, ImagesPlan):
        return (f"{plan.entry}.account",)
    environment = plan.entry.rpartition(".")[2]
    return f"environments.{environment}.account", f"environments.{environment}.region"


def _target(target: Target, errors: ErrorCollector, *places: str) -> Target:
    account = f"accounts.{account_of(target.account_stack)}"
    wrong = any(map(errors.spoils, (*places, f"{account}.id", f"{account}.region")))
    return replace(target, account=_ACCOUNT, region=_REGION) if wrong else target
