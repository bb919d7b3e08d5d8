"""The policies of a role: which of them is rewritten, which is kept, and which stays as it is."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.adopt.existing import ATTACHMENT, INLINE, POLICY
from deploy_access.adopt.model import Leftover
from deploy_access.adopt.permissions import Permissions, read_permissions
from deploy_access.errors import InvalidValue
from deploy_access.iam.arns import Arn
from deploy_access.iam.documents import read_policy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.adopt.existing import Existing, Inventory

_PUSHES_ANYWHERE = {
    "AdministratorAccess",
    "AmazonEC2ContainerRegistryFullAccess",
    "AmazonEC2ContainerRegistryPowerUser",
    "PowerUserAccess",
}
"""AWS's own policies with which a role may push to every repository."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """
    A policy that a role has.

    Attributes:
        source: The inline policy, or the attachment of a managed one.
        document: The managed policy with its document; None for an inline one, and for one of which
            no file has the document.
        allows: What it allows.
        is_shared: Whether another role has it too.
    """

    source: Existing
    document: Existing | None
    allows: Permissions
    is_shared: bool = False

    @property
    def is_inline(self) -> bool:
        """Whether it is a part of the role."""
        return self.source.type == INLINE

    @property
    def arn(self) -> str:
        """The ARN of a managed policy."""
        return self.source.text("policy_arn")

    @property
    def name(self) -> str:
        """Its name."""
        return self.source.text("name") if self.is_inline else self.arn.rpartition("/")[2]

    @property
    def is_wholly_known(self) -> bool:
        """Whether all that it allows is something that an entry gives."""
        return not self.allows.others

    @property
    def keeps_its_name(self) -> bool:
        """Whether Terraform can rewrite a managed policy without replacing it."""
        known = self.document is not None and "description" in self.document.values
        return known and self.document is not None and self.document.text("path") in {"", "/"}

    def leftover(self, why: str, *, is_covered: bool) -> Leftover:
        """Return it as one that stays, with the command that removes it."""
        role, name = shlex.quote(self.source.text("role")), shlex.quote(self.name)
        command = f"aws iam delete-role-policy --role-name {role} --policy-name {name}"
        return Leftover(name=self.name, why=why, command=command, is_covered=is_covered)


def held_by(role: Existing, inventory: Inventory) -> list[Held]:
    """List the policies of a role, in a fixed order."""
    inline = [_inline(one) for one in inventory.of_role(INLINE, role)]
    return [*inline, *(_attached(one, inventory) for one in inventory.of_role(ATTACHMENT, role))]


def _inline(source: Existing) -> Held:
    return Held(source=source, document=None, allows=_allowed(source))


def _attached(source: Existing, inventory: Inventory) -> Held:
    arn = source.text("policy_arn")
    found = inventory.find(POLICY, source.account, arn)
    with_it = {one.text("role") for one in inventory.of(ATTACHMENT, "policy_arn", arn)}
    return Held(
        source=source,
        document=found if found and found.text("policy") else None,
        allows=_allowed(found) if found else _of_aws(arn),
        is_shared=len(with_it) > 1,
    )


def _of_aws(arn: str) -> Permissions:
    parsed = Arn.parse(arn)
    name = parsed.name if parsed and parsed.is_policy_of_aws else ""
    return Permissions(pushes_anywhere=name in _PUSHES_ANYWHERE, others=[arn])


def _allowed(found: Existing) -> Permissions:
    try:
        return read_permissions([read_policy(found.text("policy")).policy])
    except InvalidValue:
        return Permissions(others=["what cannot be read"])


def joined(held: list[Held]) -> Permissions:
    """Return what policies allow together."""
    found = Permissions()
    for one in held:
        found = found.joined(one.allows)
    return found


def with_documents(held: list[Held]) -> Iterator[Held]:
    """List the managed policies of which the document is known."""
    return (one for one in held if not one.is_inline and one.document is not None)
