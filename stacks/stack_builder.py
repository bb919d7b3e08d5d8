"""The stacks of an estate, made in an app."""

from __future__ import annotations

from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, cast

from stacks.stack_kinds import AccountStack, ImagesStack, ServiceStack  # isort: skip - before cdktf
from cdktf import App

from stacks.error_collector import ErrorCollector
from stacks.github_stack import build_github_stack
from stacks.stack_names import account_of
from stacks.unknown_targets import without_broken_targets

if TYPE_CHECKING:
    from constructs import Construct

    from constructs_lib import GithubDeployRole
    from stacks.base_stack import BaseStack
    from stacks.estate_plan import EstatePlan, ImagesPlan, ServicePlan
    from stacks.part_plans import Target


def build_stacks(app: Construct, estate: EstatePlan) -> None:
    """
    Make every stack of *estate* in *app*, in the order of their dependencies.

    Raises:
        InvalidEnvironments: What the constructs refuse, each with the entry that asks for it.
    """
    errors = ErrorCollector()
    _make(app, estate, errors)
    # GitHub's side has values of these stacks, of which one may be incomplete after a refusal.
    errors.refuse(estate.file)
    made = {child.node.id: cast("BaseStack", child) for child in app.node.children}
    for github in estate.github:
        build_github_stack(app, github, made, errors)
    errors.refuse(estate.file)


def add_refused(estate: EstatePlan, errors: ErrorCollector) -> None:
    """Add what the constructs refuse, of a file that has mistakes already."""
    with TemporaryDirectory() as out:
        _make(App(outdir=out), without_broken_targets(estate, errors), errors)


def _make(app: Construct, estate: EstatePlan, errors: ErrorCollector) -> None:
    for account in estate.accounts:
        AccountStack(app, account, errors)
    for images in estate.images:
        # Two stacks of one name are refused with the tables, and a tree has room for one.
        if app.node.try_find_child(images.stack) is None:
            stack = ImagesStack(app, images, _account(app, images.target), errors)
            _check_totals(images, stack.role, errors)
    for service in estate.services:
        if app.node.try_find_child(service.stack) is None:
            stack = ServiceStack(app, service, _account(app, service.target), errors)
            _check_totals(service, stack.role, errors)


def _account(app: Construct, target: Target) -> BaseStack:
    """Return the stack of an account; after a refusal it is there too, though not complete."""
    return cast("BaseStack", app.node.find_child(target.account_stack))


def _check_totals(
    plan: ImagesPlan | ServicePlan, role: GithubDeployRole | None, errors: ErrorCollector
) -> None:
    """Add what only adds up when a role has all its policies, before synthesis refuses it."""
    account = f"accounts.{account_of(plan.target.account_stack)}"
    quotas = (f"{account}.{key}" for key in ("trust_policy_quota", "managed_policies_quota"))
    if role is not None and not any(map(errors.spoils, quotas)):
        for message in role.check_totals():
            errors.add_line(plan.entry, message)
