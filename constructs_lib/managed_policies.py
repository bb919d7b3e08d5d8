"""Managed policies of a role: one attachment resource each."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING

from constructs_lib.element import Element
from constructs_lib.provider import IamRolePolicyAttachment
from constructs_lib.tree import resolve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs_lib.deploy_role_base import DeployRoleBase


def attach_managed_policies(
    role: DeployRoleBase, policies: Sequence[str], *, import_existing: bool = False
) -> None:
    """
    Attach *policies*; each address holds the policy's name, so their order means nothing.

    Args:
        role: The role that gets them.
        policies: Their ARNs.
        import_existing: Whether Terraform takes over the attachments, which are all there.
    """
    for construct_id, arn in _attachment_ids(role, policies).items():
        attachment = Element(
            IamRolePolicyAttachment,
            role,
            construct_id,
            role=role.name_in(role.stack),
            policy_arn=arn,
            provider=role.provider,
        )
        if import_existing:
            attachment.take_over(f"{role.name}/{resolve(role, arn)}", role.provider)
        role.note_attachment()


def _attachment_ids(role: DeployRoleBase, policies: Sequence[str]) -> dict[str, str]:
    texts = {arn: resolve(role, arn) for arn in policies}
    last = {
        arn: text.rpartition("/")[2].removeprefix("${").rstrip("}") for arn, text in texts.items()
    }
    # Two policies of one name differ in account or path: only then the address needs more.
    taken = Counter(last.values())
    return {
        f"Managed-{name}" + (f"-{_digest(texts[arn])}" if taken[name] > 1 else ""): arn
        for arn, name in last.items()
    }


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
