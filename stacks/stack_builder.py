"""The stacks of an estate, made in an app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stacks.error_collector import ErrorCollector
from stacks.github_stack import build_github_stack
from stacks.stack_kinds import AccountStack, ImagesStack, ServiceStack

if TYPE_CHECKING:
    from constructs import Construct

    from stacks.base_stack import BaseStack
    from stacks.estate_plan import EstatePlan


def build_stacks(app: Construct, estate: EstatePlan) -> None:
    """
    Make every stack of *estate* in *app*, in the order of their dependencies.

    Raises:
        InvalidEnvironments: What the constructs refuse, each with the entry that asks for it.
    """
    errors = ErrorCollector()
    made: dict[str, BaseStack] = {}
    for account in estate.accounts:
        with errors.about(account.entry):
            made[account.stack] = AccountStack(app, account)
    # The other stacks depend on those of the accounts, which are missing after a refusal.
    errors.refuse(estate.file)
    for images in estate.images:
        with errors.about(images.entry):
            made[images.stack] = ImagesStack(app, images, made[images.target.account_stack])
    for service in estate.services:
        with errors.about(service.entry):
            account = made[service.target.account_stack]
            made[service.stack] = ServiceStack(app, service, account)
    # GitHub's side has values of these stacks, of which one may be missing after a refusal.
    errors.refuse(estate.file)
    for github in estate.github:
        build_github_stack(app, github, made, errors)
    errors.refuse(estate.file)
