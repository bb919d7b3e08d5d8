"""Managed policies of a role: one attachment each, and the totals that add up at synthesis."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from typing import TYPE_CHECKING

import jsii
from constructs import IValidation

from constructs_lib.provider import IamRolePolicyAttachment
from constructs_lib.tree import resolve
from deploy_access import limits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from constructs_lib.deploy_role_base import DeployRoleBase

# Only AWS keeps the word: what a policy of one's own holds, its name does not say.
_READ_ONLY_POLICY = re.compile(
    r"arn:[^:]+:iam::aws:policy/.*(ReadOnly|ReadOnlyAccess|ViewOnlyAccess)"
)


def attach_managed_policies(role: DeployRoleBase, policies: Sequence[str]) -> None:
    """
    Attach *policies*, each by its name, so that their order means nothing.

    Raises:
        AccessRefused: One of them may write, and the role trusts pull requests.
    """
    for construct_id, arn in _attachment_ids(role, policies).items():
        if not _READ_ONLY_POLICY.fullmatch(arn):
            role.check_may_write(f"managed policy {arn!r}")
        IamRolePolicyAttachment(
            role,
            construct_id,
            role=role.name_in(role.stack),
            policy_arn=arn,
            provider=role.provider,
        )
        role.note_attachment()


@jsii.implements(IValidation)
class RoleTotals:
    """What only adds up at synthesis: all inline policies, and all attachments, of one role."""

    def __init__(self, role: DeployRoleBase, quota: int) -> None:
        self._role = role
        self._quota = quota

    def validate(self) -> list[str]:
        """List what IAM would refuse."""
        return [*self._too_much_inline(), *self._too_many_attached()]

    def _too_much_inline(self) -> Iterator[str]:
        sizes = {i: document.size for i, (_, document) in self._role.inline_policies.items()}
        total = sum(sizes.values())
        if total > limits.INLINE_POLICIES_SIZE:
            yield (
                f"The inline policies of role {self._role.name!r} have {total} characters without "
                f"white space ({sizes}); IAM takes {limits.INLINE_POLICIES_SIZE} in all. Move some "
                "into a managed policy, or split the role."
            )

    def _too_many_attached(self) -> Iterator[str]:
        attached = self._role.attachments
        if attached > self._quota:
            yield (
                f"Role {self._role.name!r} has {attached} managed policies; this account lets a "
                f"role have {self._quota}. Put services of one cluster into one EcsDeployPolicy, "
                "or have AWS raise the quota and say so with `managed_policies_quota`."
            )


def _attachment_ids(role: DeployRoleBase, policies: Sequence[str]) -> dict[str, str]:
    texts = {arn: resolve(role, arn) for arn in policies}
    last = {
        arn: text.rpartition("/")[2].removeprefix("${").rstrip("}") for arn, text in texts.items()
    }
    taken = Counter(last.values())
    return {
        f"Managed-{name}" + (f"-{_digest(texts[arn])}" if taken[name] > 1 else ""): arn
        for arn, name in last.items()
    }


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
