"""
What the policies of a role decide about one call of a step.

Organization policies are not looked at: the stacks do not hold them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from deploy_access.iam.access import AccessRequest, evaluate_access
from deploy_access.iam.context import Context
from deploy_access.iam.decision import Decision, Verdict
from deploy_access.iam.outcome import Outcome
from deploy_access.iam.policy import Policy, PolicyStatement, Principal
from deploy_access.iam.references import has_reference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.iam.evaluation import StatementResult
    from deploy_access.terraform.role_policies import RolePolicies
    from deploy_access.workflow.aws_call import AwsCall
    from deploy_access.workflow.deployer import Deployer

_DENIED = (Verdict.DENIED_EXPLICITLY, Verdict.DENIED_IMPLICITLY)
# AWS lists the keys of each action, and those of another service are not among them:
# https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
_SERVICES = frozenset({"codedeploy", "ecr", "ecs", "iam"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CallDecision:
    """
    What is decided about a call, and by which statements.

    Attributes:
        verdict: How it ends.
        statements: What each statement of each policy says.
        policies: The policies.
        is_policy_missing: Whether it hangs on the policy of a repository that was not read.
    """

    verdict: Verdict
    statements: tuple[StatementResult, ...]
    policies: RolePolicies
    is_policy_missing: bool = False

    @property
    def is_denied(self) -> bool:
        """Whether AWS would deny the call."""
        return self.verdict in _DENIED


def decide(call: AwsCall, deployer: Deployer, policies: RolePolicies) -> CallDecision:
    """
    Decide whether the role allows a call.

    Where AWS's pages disagree about the resource, it is decided when both end alike.

    Args:
        call: The call.
        deployer: The role, and where it works.
        policies: What decides about it.
    """
    found = [_decide(call, resource, deployer, policies) for resource in call.resources]
    if all(one.is_denied for one in found):
        explicit = (one for one in found if one.verdict is Verdict.DENIED_EXPLICITLY)
        return next(explicit, found[0])
    open_ = [one for one in found if one.verdict is not Verdict.ALLOWED]
    return replace(open_[0], verdict=Verdict.UNKNOWN) if open_ else found[0]


def _decide(
    call: AwsCall, resource: str, deployer: Deployer, policies: RolePolicies
) -> CallDecision:
    """
    Decide for one resource.

    What was not read may allow more, so that nothing is denied for want of it. An unread policy
    of a repository elsewhere has to allow the call, so that nothing is allowed without it.
    """
    _, account = deployer.place
    trusting = _trusting(account) if call.trusts_account else None
    repository = policies.repositories.by_arn.get(resource, trusting)
    request = _request(call, resource, deployer, policies)
    is_missing = call.service == "ecr" and repository is None and not _is_within(request)
    if is_missing:
        request = replace(request, resource_account=request.account)
    found = _evaluate(request, policies, repository)
    verdict = found.verdict
    if verdict is Verdict.DENIED_IMPLICITLY:
        at_most = _evaluate(request, policies.at_most, repository).verdict
        verdict = verdict if at_most in _DENIED else Verdict.UNKNOWN
    elif is_missing and verdict is Verdict.ALLOWED:
        verdict = Verdict.UNKNOWN
    return CallDecision(
        verdict=verdict,
        statements=found.statements,
        policies=policies,
        is_policy_missing=is_missing,
    )


def _trusting(account: str) -> Policy:
    """Write the policy of a resource that leaves the decision to the policies of its account."""
    principals = (Principal(kind="AWS", value=account),)
    statement = PolicyStatement(
        index=0, effect="Allow", principals=principals, actions=("*",), resources=("*",)
    )
    return Policy(statements=(statement,))


def _evaluate(
    request: AccessRequest, policies: RolePolicies, repository: Policy | None
) -> Decision:
    return evaluate_access(
        request,
        identity=policies.identity,
        boundary=policies.boundary,
        resource_policy=repository,
    )


def _is_within(request: AccessRequest) -> bool:
    return request.is_within_account is Outcome.PASS


def _request(
    call: AwsCall, resource: str, deployer: Deployer, policies: RolePolicies
) -> AccessRequest:
    """
    Write the request that IAM looks at.

    Two accounts that Terraform fills in are one where they are written alike.
    """
    _, own = deployer.place
    theirs = call.account or own
    alike = own == theirs
    role = deployer.role.arn or f"arn:aws:iam::{own}:role/{deployer.name}"
    values = dict(_values(call, role, own, theirs))
    return AccessRequest(
        role_arn=role,
        action=call.action,
        resource=resource,
        account=own if alike or not has_reference(own) else None,
        resource_account=theirs if alike or not has_reference(theirs) else None,
        context=Context(values=values, unknown=tuple(_unknown(call, policies))),
    )


def _values(call: AwsCall, role: str, own: str, theirs: str) -> Iterator[tuple[str, str]]:
    """
    Return the global condition keys that are known of a call, and those that the call has.

    What a call needs besides its own action is checked by the service that is called, and AWS does
    not say with which of the keys about the request.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
    """
    yield "aws:PrincipalAccount", own
    yield "aws:PrincipalArn", role
    yield "aws:PrincipalIsAWSService", "false"
    yield "aws:PrincipalType", "AssumedRole"
    yield "aws:ResourceAccount", theirs
    if call.api:
        yield "aws:SecureTransport", "true"
        yield "aws:ViaAWSService", "false"
        if call.region:
            yield "aws:RequestedRegion", call.region
    yield from call.context.items()


def _unknown(call: AwsCall, policies: RolePolicies) -> Iterator[str]:
    """Return the keys that the request may have: all that the policies ask for and it may hold."""
    yield "aws:*"
    for key in policies.condition_keys:
        service = key.partition(":")[0]
        if key not in call.lacks and (service == call.service or service not in _SERVICES):
            yield key
