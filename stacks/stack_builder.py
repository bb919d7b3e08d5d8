"""The stacks of an estate, made in an app."""

from __future__ import annotations

from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from .stack_kinds import AccountStack, ImagesStack, ServiceStack  # isort: skip - before cdktf
from cdktf import App

from deploy_access.activity import ACTIVITY

from .error_collector import ErrorCollector
from .github_stack import build_github_stack
from .stack_names import account_of
from .unknown_targets import without_broken_targets

if TYPE_CHECKING:
    from constructs import Construct

    from constructs_lib import GithubDeployRole

    from .base_stack import BaseStack
    from .estate_plan import EstatePlan, ImagesPlan, ServicePlan


def build_stacks(app: Construct, estate: EstatePlan) -> None:
    """
    Make every stack of *estate* in *app*, in the order of their dependencies.

    Raises:
        InvalidEnvironments: What the constructs refuse, each with the entry that asks for it.
    """
    errors = ErrorCollector()
    made = _make(app, estate, errors)
    # GitHub's side has values of these stacks, of which one may be incomplete after a refusal.
    errors.refuse(estate.file)
    for github in estate.github:
        build_github_stack(app, github, made, errors)
    errors.refuse(estate.file)


def add_refused(estate: EstatePlan, errors: ErrorCollector) -> None:
    """Add what the constructs refuse, of a file that has mistakes already."""
    with TemporaryDirectory() as out:
        _make(App(outdir=out), without_broken_targets(estate, errors), errors)


def _make(app: Construct, estate: EstatePlan, errors: ErrorCollector) -> dict[str, BaseStack]:
    """Make the stacks and return them by name; after a refusal one is there, though incomplete."""
    made: dict[str, BaseStack] = {}
    for account in estate.accounts:
        made[account.stack] = AccountStack(app, account, errors)
    for images in estate.images:
        # Two stacks of one name are refused with the tables, and a tree has room for one.
        if images.stack not in made:
            ACTIVITY.what = f"making {images.stack}"
            stack = ImagesStack(app, images, made[images.target.account_stack], errors)
            made[images.stack] = stack
            _check_totals(images, stack.role, errors)
    for service in estate.services:
        if service.stack not in made:
            ACTIVITY.what = f"making {service.stack}"
            stack = ServiceStack(app, service, made[service.target.account_stack], errors)
            made[service.stack] = stack
            _check_totals(service, stack.role, errors)
    return made


def _check_totals(
    plan: ImagesPlan | ServicePlan, role: GithubDeployRole | None, errors: ErrorCollector
) -> None:
    """Add what only adds up when a role has all its policies, before synthesis refuses it."""
    account = f"accounts.{account_of(plan.target.account_stack)}"
    quotas = (f"{account}.{key}" for key in ("trust_policy_quota", "managed_policies_quota"))
    if role is not None and not any(map(errors.spoils, quotas)):
        for message in role.check_totals():
            errors.add_line(plan.entry, message)
