"""The stacks of an estate, made in an app."""

from __future__ import annotations

from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, cast

from stacks.stack_kinds import AccountStack, ImagesStack, ServiceStack  # isort: skip - before cdktf
from cdktf import App

from stacks.error_collector import ErrorCollector
from stacks.github_stack import build_github_stack

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from constructs import Construct

    from stacks.base_stack import BaseStack
    from stacks.estate_plan import EstatePlan, Target

    About = Callable[[str], AbstractContextManager[None]]


def build_stacks(app: Construct, estate: EstatePlan) -> None:
    """
    Make every stack of *estate* in *app*, in the order of their dependencies.

    Raises:
        InvalidEnvironments: What the constructs refuse, each with the entry that asks for it.
    """
    errors = ErrorCollector()
    _make(app, estate, errors.about)
    # GitHub's side has values of these stacks, of which one may be incomplete after a refusal.
    errors.refuse(estate.file)
    made = {child.node.id: cast("BaseStack", child) for child in app.node.children}
    for github in estate.github:
        build_github_stack(app, github, made, errors)
    errors.refuse(estate.file)


def add_refused_access(estate: EstatePlan, errors: ErrorCollector) -> None:
    """Add the access that the constructs refuse, of a file that has mistakes of other sorts."""
    with TemporaryDirectory() as out:
        _make(App(outdir=out), estate, errors.about_access)


def _make(app: Construct, estate: EstatePlan, about: About) -> None:
    for account in estate.accounts:
        stack = None
        with about(account.entry):
            stack = AccountStack(app, account)
        if stack and account.infra:
            with about(account.infra.entry):
                stack.add_infra(account.infra, account.target.region)
    for images in estate.images:
        # Two stacks of one name are refused with the tables, and a tree has room for one.
        if app.node.try_find_child(images.stack) is None:
            with about(images.entry):
                ImagesStack(app, images, _account(app, images.target))
    for service in estate.services:
        if app.node.try_find_child(service.stack) is None:
            with about(service.entry):
                ServiceStack(app, service, _account(app, service.target))


def _account(app: Construct, target: Target) -> BaseStack:
    """Return the stack of an account; after a refusal it is there too, though not complete."""
    return cast("BaseStack", app.node.find_child(target.account_stack))
