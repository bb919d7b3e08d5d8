"""Turn an estate into stacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stacks.account import AccountStack
from stacks.images import ImagesStack
from stacks.mistakes import Mistakes
from stacks.service import ServiceStack

if TYPE_CHECKING:
    from constructs import Construct

    from stacks.base import BaseStack
    from stacks.estate import Estate


def build_stacks(app: Construct, estate: Estate) -> None:
    """
    Make every stack of *estate* in *app*, in the order of their dependencies.

    Raises:
        InvalidEnvironments: What the constructs refuse, each with the entry that asks for it.
    """
    mistakes = Mistakes()
    made: dict[str, BaseStack] = {}
    for account in estate.accounts:
        with mistakes.about(account.entry):
            made[account.stack] = AccountStack(app, account)
    mistakes.refuse(estate.file)
    for images in estate.images:
        with mistakes.about(images.entry):
            made[images.stack] = ImagesStack(app, images, made[images.target.account_stack])
    for service in estate.services:
        with mistakes.about(service.entry):
            ServiceStack(app, service, made[service.target.account_stack])
    mistakes.refuse(estate.file)
