"""
One synthesized stack, as the sandbox runs it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.json_shape import as_text, objects
from deploy_access.terraform.provider_target import place_of

from .default_target import IMPLIED, AccountRegion, account_region, is_aws
from .stack_resource import StackResource

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from deploy_access.terraform.scope import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderConfiguration:
    """
    One configuration of the AWS provider.

    Attributes:
        place: The account whose resources it manages, and the region.
        assumes_role: Whether Terraform works in the account by a role of it.
        roles: The ARNs of the roles that it assumes, one by means of the other, as far as known.
    """

    place: AccountRegion
    assumes_role: bool
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StateBackend:
    """
    Where a stack keeps its state.
    """

    type: str
    body: Mapping[str, object]

    @property
    def role_arn(self) -> str | None:
        """
        The role that only the backend assumes, if any.
        """
        nested = (role.get("role_arn") for role in objects(self.body.get("assume_role")))
        return as_text(next(nested, None)) or as_text(self.body.get("role_arn"))


@dataclass(frozen=True, kw_only=True, eq=False)
class SandboxStack:
    """
    One stack of `cdktf.out`.

    Attributes:
        name: Its name.
        path: Its file.
        document: What is written there.
        scope: Its blocks, and what the names in them stand for.
        dependencies: The stacks that have to be applied before it.
    """

    name: str
    path: Path
    document: Mapping[str, object]
    scope: Scope
    dependencies: tuple[str, ...] = ()

    @property
    def terraform(self) -> list[Mapping[str, object]]:
        """
        The `terraform` blocks: backend, required providers and version.
        """
        return list(objects(self.document.get("terraform")))

    @property
    def providers(self) -> list[ProviderConfiguration]:
        """
        The configurations of the AWS provider; the implied one where the stack has none.
        """
        found = [body for name, body in self.scope.module.providers.items() if is_aws(name)]
        written = [body for body in found if body is not IMPLIED]
        return [self._configuration(body) for body in written or [IMPLIED]]

    @property
    def place(self) -> AccountRegion:
        """
        The account whose keys the stack starts with, in the region of its first provider.
        """
        found = self.providers
        without_role = [provider for provider in found if not provider.assumes_role]
        return AccountRegion((without_role or found)[0].place.account, found[0].place.region)

    @property
    def account(self) -> str:
        """
        The account whose keys the stack starts with.
        """
        return self.place.account

    @property
    def backend(self) -> StateBackend:
        """
        Where the state is kept; Terraform's own default is a local file.
        """
        for block in self.terraform:
            for written in objects(block.get("backend")):
                for kind, bodies in written.items():
                    for body in objects(bodies):
                        return StateBackend(type=kind, body=body)
        return StateBackend(type="local", body={})

    def resources(self, *types: str) -> Iterator[StackResource]:
        """
        Yield the resources of these types, or all.
        """
        yield from self._read("resource", types)

    def data(self, *types: str) -> Iterator[StackResource]:
        """
        Yield the data sources of these types, or all.
        """
        yield from self._read("data", types)

    def _read(self, mode: str, types: tuple[str, ...]) -> Iterator[StackResource]:
        for block in self.scope.module.blocks:
            if block.mode == mode and (not types or block.type in types):
                yield StackResource(stack=self.name, block=block, scope=self.scope)

    def _configuration(self, body: Mapping[str, object]) -> ProviderConfiguration:
        roles = list(objects(self.scope.value(body.get("assume_role"))))
        arns = (self.scope.known(role.get("role_arn")) for role in roles)
        return ProviderConfiguration(
            place=account_region(place_of(self.scope, body)),
            assumes_role=bool(roles),
            roles=tuple(arn for arn in arns if arn),
        )
