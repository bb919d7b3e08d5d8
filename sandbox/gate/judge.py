"""
The judgement of one need of a session, by the policies of its role as they are deployed.

Service and resource control policies and VPC endpoint policies are not looked at: the sandbox has
none.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html (texts),
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from deploy_access.iam.access import AccessRequest, evaluate_access
from deploy_access.iam.arns import Arn
from deploy_access.iam.context import Context
from deploy_access.iam.decision import Verdict
from deploy_access.iam.outcome import Outcome
from deploy_access.iam.role_arn import parse_role

from .deployed_role import read_permissions, read_role
from .fault import ACCESS_DENIED, INVALID_KEY, Refused, not_judged

if TYPE_CHECKING:
    from deploy_access.iam.decision import Decision
    from deploy_access.iam.evaluation import PolicyKind
    from deploy_access.iam.policy import Policy

    from ..server.aws_session import AwsSession
    from .deployed_role import DeployedRole, RolePermissions
    from .gate_session import GateSession
    from .need import Need, Values

_KINDS = {
    "identity": "identity-based policy",
    "boundary": "permissions boundary",
    "session": "session policy",
    "resource": "resource-based policy",
}
_TRUST = "role trust policy"
# IAM is in one region of each partition, whatever region the caller has.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-requestedregion
_HOME = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """
    The caller: a session, its role as it is deployed now, and the policies of the role.
    """

    session: GateSession
    role: DeployedRole
    permissions: RolePermissions


def read_caller(session: GateSession, own: AwsSession) -> Caller:
    """
    Read the role of *session*, by the sandbox's own way into its account.

    Raises:
        Refused: The role was deleted meanwhile.

    """
    role = read_role(session.role_arn, own)
    if role is None:
        raise Refused(INVALID_KEY, "The security token included in the request is invalid.")
    return Caller(session=session, role=role, permissions=read_permissions(role, own))


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """
    One need, and the decision of the policies.

    Attributes:
        session: The session of the caller.
        permissions: The policies of the role at that moment.
        need: The action, on a resource.
        context: All condition keys that the gate filled in.
        resource_policy: The policy of the resource, if it has one.
        decision: The decision of the evaluator.

    """

    session: GateSession
    permissions: RolePermissions
    need: Need
    context: Values
    resource_policy: Policy | None
    decision: Decision

    @property
    def is_allowed(self) -> bool:
        """Whether the policies allow it."""
        return self.decision.verdict is Verdict.ALLOWED

    @property
    def is_denied(self) -> bool:
        """Whether it is known that the policies do not allow it."""
        return self.decision.verdict not in {Verdict.ALLOWED, Verdict.UNKNOWN}

    @property
    def denies(self) -> PolicyKind | None:
        """The kind of the first policy that denies it, or None."""
        return next(
            (
                result.kind
                for result in self.decision.statements
                if result.statement.effect == "Deny" and result.applies is Outcome.PASS
            ),
            None,
        )

    def refused(self) -> Refused:
        """
        Return the refusal in AWS's words, with the sort of policy that denies.
        """
        need = self.need
        if self.decision.verdict is Verdict.UNKNOWN:
            return not_judged(f"a key that the policies of {need.action} ask for")
        text = f"User: {self.session.arn} is not authorized to perform: {need.action} on resource: "
        return Refused(ACCESS_DENIED, f"{text}{need.resource} {self._reason()}")

    def _reason(self) -> str:
        if self.denies:
            kind = self._named(self.denies)
            return f"with an explicit deny in {'an' if kind[0] == 'i' else 'a'} {kind}"
        kind = self._named(self.missing)
        return f"because no {kind} allows the {self.need.action} action"

    def _named(self, kind: PolicyKind) -> str:
        is_trust = kind == "resource" and self.need.action.startswith("sts:")
        return _TRUST if is_trust else _KINDS[kind]

    @property
    def missing(self) -> PolicyKind:
        """The first kind of policy that has to allow the action and does not."""
        allowing = {
            result.kind
            for result in self.decision.statements
            if result.statement.effect == "Allow" and result.applies is Outcome.PASS
        }
        if "identity" not in allowing:
            return "identity"
        if self.permissions.boundary is not None and "boundary" not in allowing:
            return "boundary"
        return "session" if self.session.policies and "session" not in allowing else "resource"


def judge(
    need: Need,
    caller: Caller,
    *,
    region: str,
    resource_policy: Policy | None = None,
) -> Judgement:
    """
    Judge *need* by the policies of *caller* and of the resource.
    """
    context = {**_global(caller, region, need), **need.context}
    request = AccessRequest(
        role_arn=caller.role.arn,
        session_name=caller.session.name,
        action=need.action,
        resource=need.resource,
        resource_account=_owner(need, caller),
        # Any other global key is unknown, not absent: a Deny on it could apply.
        context=Context(values=context, unknown=("aws:*", *need.unknown), references=False),
    )
    decision = evaluate_access(
        request,
        identity=caller.permissions.identity,
        boundary=caller.permissions.boundary,
        session=caller.session.policies,
        resource_policy=resource_policy,
    )
    return Judgement(
        session=caller.session,
        permissions=caller.permissions,
        need=need,
        context=context,
        resource_policy=resource_policy,
        decision=decision,
    )


def _owner(need: Need, caller: Caller) -> str | None:
    """
    Return whose the resource is where its ARN does not say it.
    """
    if need.is_foreign:
        return "another account"
    return caller.session.account if need.resource == "*" else None


def _global(caller: Caller, region: str, need: Need) -> Values:
    """
    Return the condition keys that every request has and that the gate knows for certain.
    """
    session, role, now = caller.session, caller.role, time.time()
    arn = Arn.parse(need.resource)
    owner = (arn.account if arn else "") or session.account
    # A key that is filled only sometimes: here it is certain that it is, or that it is not.
    sometimes = {
        "aws:FederatedProvider": session.provider_arn,
        "aws:ResourceAccount": None if need.is_foreign else owner,
        "aws:SourceIdentity": session.source_identity,
    }
    in_iam = need.action.startswith("iam:") and need.action != "iam:PassRole"
    home = _HOME.get(parse_role(role.arn)["partition"], region)
    return {
        "aws:CurrentTime": _date(now),
        "aws:EpochTime": str(int(now)),
        "aws:PrincipalAccount": session.account,
        "aws:PrincipalArn": role.arn,
        "aws:PrincipalType": "AssumedRole",
        "aws:RequestedRegion": home if in_iam else region,
        # The gate stands for addresses of AWS, which an SDK reaches by TLS.
        "aws:SecureTransport": "true",
        "aws:TokenIssueTime": _date(session.issued),
        "aws:userid": session.user_id,
        **{key: value for key, value in sometimes.items() if value},
        **{
            f"aws:PrincipalTag/{key}": value for key, value in {**role.tags, **session.tags}.items()
        },
    }


def _date(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
