"""
Whether a token, or a service of AWS, may assume a role.

The trust policy alone decides: the caller has no identity policies yet.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-services
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from deploy_access.iam.context import Context
from deploy_access.iam.decision import Decision, decide
from deploy_access.iam.evaluation import Request, evaluate_policy
from deploy_access.iam.outcome import any_of
from deploy_access.iam.policy import WEB_IDENTITY
from deploy_access.iam.principals import AwsService, Federated

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deploy_access.iam.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class WebIdentity:
    """
    A token of an OIDC provider, as far as AWS looks at it.

    Attributes:
        provider_arn: The OIDC provider in IAM, or Terraform's reference to it.
        condition_key_prefix: The beginning of the provider's condition keys.
        claims: Claim to value, such as `sub`. Leave out claims without a condition key of AWS: no
            condition can see them.
        unknown_claims: Claims with a condition key whose value is not known; `*` for all that are
            not in *claims*.
        context: The other keys of the request, such as `aws:SourceIp`, by their whole name.
        unknown_keys: Other keys that the request may or may not have.

    """

    provider_arn: str
    condition_key_prefix: str
    claims: Mapping[str, str | Sequence[str]]
    unknown_claims: Sequence[str] = ()
    context: Mapping[str, str | Sequence[str]] = field(default_factory=lambda: MappingProxyType({}))
    unknown_keys: Sequence[str] = ("aws:*", "sts:*")

    def to_context(self) -> Context:
        """Return the context of a request with this token."""
        prefix = self.condition_key_prefix
        claims = {f"{prefix}:{claim}": value for claim, value in self.claims.items()}
        unknown = [f"{prefix}:{claim}" for claim in self.unknown_claims]
        return Context(
            values={**self.context, **claims},
            unknown=(*unknown, *self.unknown_keys),
            references=False,  # GitHub wrote the claims, not Terraform.
        )


def evaluate_trust(policy: Policy, token: WebIdentity, *, role_arn: str | None = None) -> Decision:
    """
    Decide whether *token* may assume the role that has the trust policy *policy*.

    Args:
        policy: The trust policy.
        token: The token of the caller.
        role_arn: The role, in case a statement names a resource, which IAM refuses.

    """
    request = Request(
        caller=Federated(token.provider_arn),
        action=WEB_IDENTITY,
        resource=role_arn,
        context=token.to_context(),
    )
    results = evaluate_policy(policy, "trust", request)
    return decide(results, any_of(r.applies for r in results if r.statement.effect == "Allow"))


def evaluate_service_trust(policy: Policy, service: str, context: Context) -> Decision:
    """
    Decide whether a service may assume the role that has the trust policy *policy*.

    Args:
        policy: The trust policy.
        service: The service, as a policy names it: `ecs-tasks.amazonaws.com`.
        context: The condition keys of its request, such as `aws:SourceAccount`.

    """
    request = Request(
        caller=AwsService(service), action="sts:AssumeRole", resource=None, context=context
    )
    results = evaluate_policy(policy, "trust", request)
    return decide(results, any_of(r.applies for r in results if r.statement.effect == "Allow"))
