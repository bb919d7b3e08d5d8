"""
The policies of the resources of one side, as they bear on what a role or a user may do.

They may let a role in that has no Allow of its own, and they may deny what its own policies allow.
A gain is found in the policies of the role; the request that proves it is then put to the policies
of the resources. Where one may deny it, the gain is not certain: other requests of it may be
allowed all the same.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from deploy_access.access_diff.clauses import read_document
from deploy_access.access_diff.effective_policy import side_of_documents
from deploy_access.access_diff.principals import EVERYBODY, find_names, names, normal
from deploy_access.iam.arns import Arn
from deploy_access.iam.context import Context
from deploy_access.iam.evaluation import Request, evaluate_policy
from deploy_access.iam.outcome import Outcome
from deploy_access.iam.policy import Principal
from deploy_access.iam.principals import Level, RoleSession
from deploy_access.partition import PARTITIONS

if TYPE_CHECKING:
    from deploy_access.access_diff.clauses import PolicyClause
    from deploy_access.access_diff.model import AccessChange, Party, PermissionGrant, Witness
    from deploy_access.iam.policy import Policy
    from deploy_access.terraform.estate import Estate, ResourcePolicy


class SharedPolicies:
    """
    What the policies of resources allow and deny, each read once for all roles.

    A comparison has hundreds of roles and thousands of gains, and most of them ask nothing of it.

    Args:
        estate: The estate after the change.
    """

    def __init__(self, estate: Estate) -> None:
        self._estate = estate

    def lets_in(self, arn: str | None) -> bool:
        """Whether a policy lets a role in that has no Allow of its own."""
        who = Principal(kind="AWS", value=arn) if arn else EVERYBODY
        return any(_names(rule, who) for rule in self._naming)

    def doubted(self, change: AccessChange) -> AccessChange:
        """
        Return a change whose gains are `perhaps` where a policy may deny what proves them.

        Args:
            change: The change of a role, a user, a group or a managed policy.
        """
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

    @cached_property
    def _naming(self) -> list[PolicyClause]:
        """One Allow for each way in which the policies name principals: thousands name alike."""
        allows = side_of_documents(one.document for one in self._estate.resource_policies).allows
        alike = {(bool(one.hidden), one.principals, one.but_principals): one for one in allows}
        return list(alike.values())

    @cached_property
    def _denying(self) -> list[tuple[str, str, list[Policy | None]]]:
        """The policies that may deny something: their resource, its name, and their documents."""
        read = ((one, _documents(one)) for one in self._estate.resource_policies)
        return [
            (one.resource, _name(one), found) for one, found in read if any(map(_denies, found))
        ]

    @cached_property
    def _arns(self) -> dict[tuple[str, str], str | None]:
        return {(one.account or "", one.name): one.arn for one in self._estate.roles}

    def _arn(self, party: Party, witness: Witness) -> str:
        """Return the ARN of a role; of another identity the one that it has without a path."""
        if party.kind == "role":
            return self._arns.get((party.account, party.name)) or ""
        resource = Arn.parse(witness.resource)
        partition = resource.partition if resource else PARTITIONS[0].name
        return f"arn:{partition}:iam::{party.account}:{party.kind}/{party.name}"


def _names(rule: PolicyClause, who: Principal) -> bool:
    """Whether a statement names a role by itself, or a session of it."""
    named = find_names(rule, who)
    is_named = named is not None and named.level > Level.ACCOUNT
    return is_named or any(names(who, normal(one)) for one in rule.principals or ())


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
