"""The inline policy of a grant on a repository: its id below the role, and its name in IAM."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from deploy_access.errors import Problem
from deploy_access.iam.limits import POLICY_NAME_LENGTH, check_policy_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from constructs_lib.deploy_role_base import DeployRoleBase

Grant = Literal["push", "pull", "read"]


@dataclass(frozen=True, slots=True)
class GrantPolicy:
    """
    What a call of a grant says about its policy.

    Attributes:
        name: Its name in IAM, where the call gives one.
        exists: Whether it is there, so that Terraform takes it over.
    """

    name: str | None
    exists: bool

    def check(self) -> Iterator[Problem]:
        """Check the name."""
        if self.name is not None:
            yield from check_policy_name(self.name)

    def check_renamed(self, role: DeployRoleBase, construct_id: str) -> Iterator[Problem]:
        """Check that an earlier call for the same role and repository gave no other name."""
        known = role.inline_policies.get(construct_id)
        if self.name is None or known is None:
            return
        first = known[0].resource.name_input
        if first != self.name:
            yield Problem(
                what=f"This grant of role {role.name!r} is one policy, which has a name already.",
                given={"first": first, "then": self.name},
                why="Every call for the same role and repository adds to the first one's policy.",
                fix="Give the name at the first call, and leave it out, or the same, at others.",
            )

    def name_for(self, grant: Grant, suffix: str) -> str:
        """Return the name in IAM; one that is made up is cut, and kept unique by its hash."""
        name = self.name or f"ecr-{grant}-{suffix}"
        if len(name) <= POLICY_NAME_LENGTH:
            return name
        digest = hashlib.sha256(name.encode()).hexdigest()[:8]
        return f"{name[: POLICY_NAME_LENGTH - len(digest) - 1]}-{digest}"


def grant_id(grant: Grant, suffix: str) -> str:
    """Return the id of the policy below the role, which is a part of its address."""
    return f"{grant.title()}-{suffix}"
