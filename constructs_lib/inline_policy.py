"""
Inline policies of a role: one resource a policy, never the role's own arguments.

The arguments `inline_policy` and `managed_policy_arns` of `aws_iam_role` are exclusive: Terraform
would remove every other policy of the role.

Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs_lib.duplicate_resources import claim
from constructs_lib.element import Element
from constructs_lib.provider import IamRolePolicy
from constructs_lib.tree import add_metadata, terraform_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cdktf import TerraformResource

    from constructs_lib.deploy_role_base import DeployRoleBase
    from deploy_access.iam.statement import PolicyDocument


def put_inline_policy(
    role: DeployRoleBase,
    construct_id: str,
    name: str,
    document: PolicyDocument,
    *,
    construct: str,
    depends_on: Sequence[Element[TerraformResource]] = (),
    import_existing: bool = False,
    **facts: object,
) -> None:
    """
    Give *role* the policy *name*, or replace what it says when the role has it already.

    Args:
        role: Its stack gets the resource.
        construct_id: The resource's name under the role.
        name: The policy's name in IAM.
        document: What it allows.
        construct: Whose policy it is, for the metadata.
        depends_on: What Terraform makes first.
        import_existing: Whether Terraform takes over the policy that the role has.
        facts: What else the metadata says.

    Raises:
        DuplicateResource: Another construct gives the role a policy of this name.
    """
    known = role.inline_policies
    text = terraform_text(document.to_json())
    if construct_id in known:
        # A second grant widens the first: two policies of one name would replace each other.
        resource = known[construct_id][0]
        resource.put("policy", text)
    else:
        resource = Element(
            IamRolePolicy,
            role,
            construct_id,
            name=name,
            role=role.name_in(role.stack),
            policy=text,
            depends_on=list(depends_on) or None,
            provider=role.provider,
        )
        # For the resource and not the role, since two grants of one role may ask for one name.
        claim(resource, "inline policy", f"{role.name}/{name}", role.target)
        if import_existing:
            resource.take_over(f"{role.name}:{name}", role.provider)
    add_metadata(resource, construct, role=role.name, **facts)
    known[construct_id] = (resource, document)
