"""
Whether a role may do an action on a resource.

Organization policies are not looked at: the stacks do not hold them.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from deploy_access.iam.arns import account_of
from deploy_access.iam.context import Context
from deploy_access.iam.decision import Decision, decide
from deploy_access.iam.evaluation import Request, StatementResult, evaluate_policy
from deploy_access.iam.outcome import Outcome, all_of, any_of, outcome_of
from deploy_access.iam.principals import Level, RoleSession
from deploy_access.iam.references import has_reference

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from deploy_access.iam.evaluation import PolicyKind
    from deploy_access.iam.policy import Policy

# A KMS key and a role each have a policy that must allow the request; no identity policy is enough.
# https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html and, for roles,
# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_compare-resource-policies.html
_OWN_POLICY_DECIDES = ("kms:", "sts:assumerole", "sts:setsourceidentity", "sts:tagsession")


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRequest:
    """
    One action of a role on one resource.

    Attributes:
        role_arn: The role, or Terraform's reference to it.
        action: For example `ecr:PutImage`; no wildcards.
        resource: An ARN, or Terraform's reference to one; `*` for an action without a resource.
        session_name: The name of the role's session; None for any session.
        account: The account of the role, where its ARN does not show it.
        resource_account: The account of the resource, where its ARN does not show it. An ARN that
            has none, as in S3, is taken for one of the role's account.
        context: The condition keys of the request.

    """

    role_arn: str
    action: str
    resource: str
    session_name: str | None = None
    account: str | None = None
    resource_account: str | None = None
    context: Context = field(default_factory=Context)

    @property
    def role_account(self) -> str | None:
        """The account of the role, or None when it is not known."""
        return self.account or account_of(self.role_arn)

    @property
    def is_within_account(self) -> Outcome:
        """Whether role and resource are of one account; unknown when a reference hides it."""
        own = self.role_account
        other = self.resource_account or account_of(self.resource)
        if own and other:
            return outcome_of(met=own == other)
        hidden = not own or has_reference(self.resource)
        return Outcome.UNKNOWN if hidden else Outcome.PASS


def evaluate_access(
    request: AccessRequest,
    *,
    identity: Sequence[Policy],
    boundary: Policy | None = None,
    session: Sequence[Policy] = (),
    resource_policy: Policy | None = None,
) -> Decision:
    """
    Decide whether a role may do an action.

    Args:
        request: What is asked.
        identity: The policies of the role, inline and attached.
        boundary: Its permissions boundary, if it has one.
        session: The policies that its session was opened with: where there are any, one of them
            has to allow the request too.
        resource_policy: The policy of the resource, if it has one. Every KMS key and every role
            has one that must allow the request: without it the verdict is unknown.

    """
    asked = Request(
        caller=RoleSession(
            request.role_arn,
            request.session_name,
            request.role_account,
            has_boundary=boundary is not None,
        ),
        action=request.action,
        resource=request.resource,
        context=request.context,
    )
    by_identity = _results(identity, "identity", asked)
    by_boundary = _results([boundary] if boundary else [], "boundary", asked)
    by_resource = _results([resource_policy] if resource_policy else [], "resource", asked)
    by_session = _results(session, "session", asked)
    needs = _Needs(
        identity=_allowed(by_identity),
        bounds=all_of(
            [
                Outcome.PASS if boundary is None else _allowed(by_boundary),
                _allowed(by_session) if session else Outcome.PASS,
            ]
        ),
        resource=_levels(resource_policy, by_resource, request),
    )
    allowed = needs.joined(request)
    return decide([*by_identity, *by_boundary, *by_session, *by_resource], allowed)


def _results(policies: Iterable[Policy], kind: PolicyKind, asked: Request) -> list[StatementResult]:
    return [result for policy in policies for result in evaluate_policy(policy, kind, asked)]


def _allowed(results: Iterable[StatementResult]) -> Outcome:
    return any_of(r.applies for r in results if r.statement.effect == "Allow")


def _levels(
    resource_policy: Policy | None, results: Iterable[StatementResult], request: AccessRequest
) -> dict[Level, Outcome]:
    """The levels at which the resource's policy allows the request; unknown where it is missing."""
    if resource_policy is None and _own_policy_decides(request):
        return dict.fromkeys(Level, Outcome.UNKNOWN)
    allows = [result for result in results if result.statement.effect == "Allow"]
    return {level: any_of(result.applies_at(level) for result in allows) for level in Level}


def _own_policy_decides(request: AccessRequest) -> bool:
    return request.action.lower().startswith(_OWN_POLICY_DECIDES)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Needs:
    """
    What allows a request, by the kind of policy.

    Attributes:
        identity: The policies of the role.
        bounds: What limits them: the permissions boundary and the policies of the session.
        resource: The policy of the resource, at each level.

    """

    identity: Outcome
    bounds: Outcome
    resource: Mapping[Level, Outcome]

    def joined(self, request: AccessRequest) -> Outcome:
        """Join them; where it is not known whether it is one account, both ways must agree."""
        within = self._within_account(own_policy_decides=_own_policy_decides(request))
        # Across accounts both sides must allow it: the second page of the sources above.
        across = all_of([any_of(self.resource.values()), self.identity, self.bounds])
        if request.is_within_account is Outcome.UNKNOWN:
            return within if within is across else Outcome.UNKNOWN
        return within if request.is_within_account is Outcome.PASS else across

    def _within_account(self, *, own_policy_decides: bool) -> Outcome:
        """
        Join them within one account, where one side is enough.

        Neither the boundary nor its own policies limit a session that the resource's policy names
        directly. A session that it names by its account needs the identity policies as well.
        """
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html#access_policies_boundaries-eval-logic
        by_identity = [self.identity]
        if own_policy_decides:
            by_identity.append(self.resource[Level.ACCOUNT])
        limited = any_of([all_of(by_identity), self.resource[Level.ROLE]])
        return any_of([self.resource[Level.DIRECT], all_of([self.bounds, limited])])
