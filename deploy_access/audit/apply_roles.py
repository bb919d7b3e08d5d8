"""
The role that applies: a run of Terraform goes on from it to the role that Terraform assumes.

Such a role may do nothing else, so what the rules say of going on to another role is by design.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from deploy_access.audit.finding import finding
from deploy_access.iam.arns import account_of
from deploy_access.iam.references import has_wildcard, is_plain

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from deploy_access.audit.report_model import DocumentFinding
    from deploy_access.iam.policy import Policy, PolicyStatement
    from deploy_access.terraform.estate import Role

_RULE = "assume-onwards"
_ASSUMING = ("sts:assumerole",)


def only_applies(role: Role, policies: Sequence[Policy], terraform_roles: Collection[str]) -> bool:
    """
    Whether all that *role* may do is to become the role that Terraform assumes in its account.

    Args:
        role: The role.
        policies: Its policies, as far as they were read.
        terraform_roles: The roles that a provider of Terraform assumes, by ARN.
    """
    documents = [policy.document for policy in role.policies]
    is_known = all(one is not None and not one.left_out for one in documents)
    statements = [statement for policy in policies for statement in policy.statements]
    if not is_known or len(policies) != len(documents) or len(statements) != 1:
        return False
    assumed = _assumed(statements[0])
    return assumed in terraform_roles and account_of(assumed) == role.account


def by_design(found: DocumentFinding) -> DocumentFinding:
    """Return a finding on a role that only applies: going on is no more than a note."""
    if found.finding.rule != _RULE:
        return found
    note = finding(
        _RULE,
        found.finding.evidence,
        "By design, a workflow applies with it: what the role of Terraform may do is within reach.",
        "Trust one GitHub environment alone, and give it reviewers.",
        severity="note",
    )
    return replace(found, finding=note)


def _assumed(statement: PolicyStatement) -> str:
    """Return the one role that a statement lets in, and nothing else; empty for any other."""
    actions = tuple(action.lower() for action in statement.actions or ())
    match statement.resources:
        case (resource,) if statement.effect == "Allow" and actions == _ASSUMING:
            return resource if is_plain(resource) and not has_wildcard(resource) else ""
        case _:
            return ""
