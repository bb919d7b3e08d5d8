"""
What the policy of a resource may deny to a role or a user, whatever their own policies allow.

A gain is found in the policies of the role; the request that proves it is then put to the policies
of the resources. Where one may deny it, the gain is not certain: other requests of it may be
allowed all the same.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from deploy_access.access_diff.clauses import read_document
from deploy_access.iam.arns import Arn
from deploy_access.iam.context import Context
from deploy_access.iam.evaluation import Request, evaluate_policy
from deploy_access.iam.outcome import Outcome
from deploy_access.iam.principals import RoleSession
from deploy_access.partition import PARTITIONS

if TYPE_CHECKING:
    from deploy_access.access_diff.model import AccessChange, Party, PermissionGrant, Witness
    from deploy_access.terraform.estate import Document, Estate, ResourcePolicy


def doubted(change: AccessChange, head: Estate) -> AccessChange:
    """
    Return a change whose gains are `perhaps` where a policy of a resource may deny their proof.

    Args:
        change: The change of a role, a user, a group or a managed policy.
        head: The estate after the change.
    """
    if not head.resource_policies:
        return change
    gained = tuple(_doubted(one, change.party, head) for one in change.permissions.gained)
    if gained == change.permissions.gained:
        return change
    return replace(change, permissions=replace(change.permissions, gained=gained))


def _doubted(grant: PermissionGrant, party: Party, head: Estate) -> PermissionGrant:
    witness = grant.witness
    if witness is None or not grant.certain:
        return grant
    caller = RoleSession(_arn(party, witness, head), account=party.account or None)
    denying = next((p for p in head.resource_policies if _may_deny(p, witness, caller)), None)
    if denying is None:
        return grant
    why = f"the policy of {denying.resource} may deny a part of it"
    return replace(grant, certain=False, why=why, witness=None)


def _arn(party: Party, witness: Witness, head: Estate) -> str:
    """Return the ARN of a role; of another identity the one that it has without a path."""
    known = (one.arn for one in head.roles if (one.account or "", one.name) == _name(party))
    if party.kind == "role":
        return next(filter(None, known), "")
    resource = Arn.parse(witness.resource)
    partition = resource.partition if resource else PARTITIONS[0].name
    return f"arn:{partition}:iam::{party.account}:{party.kind}/{party.name}"


def _name(party: Party) -> tuple[str, str]:
    return party.account, party.name


def _may_deny(policy: ResourcePolicy, witness: Witness, caller: RoleSession) -> bool:
    # A policy may say `*` for its own resource, so it is asked only about a request that names it.
    name = policy.resource.rpartition("/")[2].rpartition(":")[2]
    if name not in witness.resource:
        return False
    request = Request(
        caller=caller,
        action=witness.action,
        resource=witness.resource,
        context=Context(values=witness.context),
    )
    parts = (part.document for part in policy.document.parts)
    return any(_denies(one, request) for one in (policy.document, *parts))


def _denies(document: Document, request: Request) -> bool:
    """Whether a document has a Deny that may hit the request; one that is not known has."""
    policy = read_document(document)
    if policy is None:
        return True
    results = evaluate_policy(policy, "resource", request)
    return any(
        one.statement.effect == "Deny" and one.applies is not Outcome.FAIL for one in results
    )
