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
    from deploy_access.iam.policy import Policy
    from deploy_access.terraform.estate import Estate, ResourcePolicy


class ResourceDenies:
    """
    The policies of resources that may deny something, each read once for all changes.

    Args:
        head: The estate after the change.
    """

    def __init__(self, head: Estate) -> None:
        read = ((one, _documents(one)) for one in head.resource_policies)
        # Most policies of resources deny nothing, and a comparison has thousands of gains.
        self._denying = [
            (one.resource, _name(one), found) for one, found in read if any(map(_denies, found))
        ]
        self._arns = {(one.account or "", one.name): one.arn for one in head.roles}

    def doubted(self, change: AccessChange) -> AccessChange:
        """
        Return a change whose gains are `perhaps` where a policy may deny what proves them.

        Args:
            change: The change of a role, a user, a group or a managed policy.
        """
        if not self._denying:
            return change
        gained = tuple(self._doubted(one, change.party) for one in change.permissions.gained)
        if gained == change.permissions.gained:
            return change
        return replace(change, permissions=replace(change.permissions, gained=gained))

    def _doubted(self, grant: PermissionGrant, party: Party) -> PermissionGrant:
        witness = grant.witness
        if witness is None or not grant.certain:
            return grant
        for resource, name, documents in self._denying:
            # A policy may say `*` for its own resource, so it is asked only about a request that
            # names it.
            if name in witness.resource and self._deny(documents, witness, party):
                why = f"the policy of {resource} may deny a part of it"
                return replace(grant, certain=False, why=why, witness=None)
        return grant

    def _deny(self, documents: list[Policy | None], witness: Witness, party: Party) -> bool:
        request = Request(
            caller=RoleSession(self._arn(party, witness), account=party.account or None),
            action=witness.action,
            resource=witness.resource,
            context=Context(values=witness.context),
        )
        return any(one is None or _hits(one, request) for one in documents)

    def _arn(self, party: Party, witness: Witness) -> str:
        """Return the ARN of a role; of another identity the one that it has without a path."""
        if party.kind == "role":
            return self._arns.get((party.account, party.name)) or ""
        resource = Arn.parse(witness.resource)
        partition = resource.partition if resource else PARTITIONS[0].name
        return f"arn:{partition}:iam::{party.account}:{party.kind}/{party.name}"


def _name(policy: ResourcePolicy) -> str:
    """Return the name at the end of an ARN or of a URL."""
    return policy.resource.rpartition("/")[2].rpartition(":")[2]


def _documents(policy: ResourcePolicy) -> list[Policy | None]:
    """Read a policy, with all that may be in it; None stands for what is not known."""
    parts = (part.document for part in policy.document.parts)
    return [read_document(one) for one in (policy.document, *parts)]


def _denies(policy: Policy | None) -> bool:
    return policy is None or any(one.effect == "Deny" for one in policy.statements)


def _hits(policy: Policy, request: Request) -> bool:
    """Whether a Deny of a policy may hit the request."""
    results = evaluate_policy(policy, "resource", request)
    return any(
        one.statement.effect == "Deny" and one.applies is not Outcome.FAIL for one in results
    )
