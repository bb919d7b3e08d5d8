"""What is known of a role only at synthesis: sizes of policies, attachments, what others say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jsii
from constructs import IValidation

from constructs_lib.github_names import check_names
from deploy_access.iam import limits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from constructs_lib.deploy_role_base import DeployRoleBase
    from deploy_access.github.subject import Subject
    from deploy_access.iam.statement import PolicyDocument


@jsii.implements(IValidation)
class RoleTotals:
    """The validation of one role, which cdktf runs at synthesis."""

    def __init__(
        self,
        role: DeployRoleBase,
        *,
        trust_policy: PolicyDocument,
        subjects: Sequence[Subject],
        trust_policy_quota: int,
        managed_policies_quota: int,
    ) -> None:
        self._role = role
        self._names: list[DeployRoleBase] = []
        self._trust_policy = trust_policy
        self._subjects = subjects
        self._trust_policy_quota = trust_policy_quota
        self._managed_policies_quota = managed_policies_quota

    def add_name(self, role: DeployRoleBase) -> None:
        """Count what *role* is given, which refers to the same role by its name."""
        self._names.append(role)

    def validate(self) -> list[str]:
        """Return a message for each total that IAM would refuse, and each contradiction."""
        return [*self.check_sizes(), *check_names(self._role)]

    def check_sizes(self) -> list[str]:
        """Return a message for each total that IAM would refuse."""
        # Sizes are without white space, as IAM counts them:
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
        return [*self._too_long_a_trust(), *self._too_much_inline(), *self._too_many_attached()]

    def _too_long_a_trust(self) -> Iterator[str]:
        size = self._trust_policy.size
        if size > self._trust_policy_quota:
            yield (
                f"The trust policy of role {self._role.name!r} has {size} characters without white "
                f"space; this account lets it have {self._trust_policy_quota}. Trust fewer "
                f"subjects, or split the role.{self._both_forms()} AWS raises the quota to "
                f"{limits.TRUST_POLICY_QUOTA_MOST} on request; then say `trust_policy_quota`."
            )

    def _both_forms(self) -> str:
        if all(len(subject.forms) == 1 for subject in self._subjects):
            return ""
        return ' `subject_format="both"` writes every subject twice: end the migration.'

    def _too_much_inline(self) -> Iterator[str]:
        sizes = self._inline_sizes()
        total = sum(size for _, _, size in sizes)
        if total > limits.INLINE_POLICIES_SIZE:
            # Paths for the message alone: to read one is two calls of Node.
            shown = {f"{role.node.path}/{policy}": size for role, policy, size in sizes}
            yield (
                f"The inline policies of role {self._role.name!r} have {total} characters without "
                f"white space ({shown}); IAM takes {limits.INLINE_POLICIES_SIZE} in all. Move some "
                "into a managed policy, or split the role."
            )

    def _inline_sizes(self) -> list[tuple[DeployRoleBase, str, int]]:
        """Return the size of each inline policy, with its construct's id and the role above it."""
        return [
            (role, construct_id, document.size)
            for role in (self._role, *self._names)
            for construct_id, (_, document) in role.inline_policies.items()
        ]

    def _too_many_attached(self) -> Iterator[str]:
        attached = self._role.attachments
        if attached > self._managed_policies_quota:
            yield (
                f"Role {self._role.name!r} has {attached} managed policies; this account lets a "
                f"role have {self._managed_policies_quota}. Put services of one cluster into one "
                "EcsDeployPolicy, or have AWS raise the quota and say so with "
                "`managed_policies_quota`."
            )
