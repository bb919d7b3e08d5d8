"""The stack `<service>-images`: a repository that environments share, and who may push to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stacks.base import BaseStack
from stacks.parts import make_repository, make_role, role_outputs

if TYPE_CHECKING:
    from constructs import Construct

    from stacks.estate import ImagesSettings


class ImagesStack(BaseStack):
    """One repository and its push role."""

    def __init__(self, scope: Construct, settings: ImagesSettings, account: BaseStack) -> None:
        super().__init__(scope, settings.stack, settings.target)
        self.add_dependency(account)
        image = make_repository(self, settings.repository)
        role = make_role(self, settings.role, settings.issuer, settings.workflow)
        image.grant_push(role, cache=settings.repository.push_cache)
        self.put_outputs(role_outputs(role, settings.target, image))
