"""
What IAM asks of a trust policy for an issuer that many organizations share.

It refuses to create a role, or to change its trust policy, unless the policy tests the claim that
tells the organizations apart. A role that is there stays as it is until it is changed.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html
("Identity-provider controls for shared OIDC providers"). That GitHub's `job_workflow_ref` will do
is said by IAM's own answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.github.issuer import GITHUB_HOST, RETIRED_HOST
from deploy_access.github.oidc_trust import is_about_tokens, provider_url
from deploy_access.iam.operators import asks_for_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deploy_access.iam.policy import Condition, Policy, PolicyStatement

_COGNITO = "cognito-identity.amazonaws.com"
_OF_ORGANIZATION: Mapping[str, tuple[str, ...]] = {
    GITHUB_HOST: ("sub", "job_workflow_ref"),
    **dict.fromkeys(
        (
            RETIRED_HOST,
            "agent.buildkite.com",
            "app.terraform.io",
            "gitlab.com",
            "oidc-configuration.audit-log.githubusercontent.com",
            "oidc.codefresh.io",
            "proidc.upbound.io",
            "scalr.io",
            "studio.datachain.ai/api",
            "tokens.cloud.shisho.dev",
        ),
        ("sub",),
    ),
    **dict.fromkeys(
        ("api.pulumi.com/oidc", _COGNITO, "oidc.vercel.com", "sandboxes.cloud"), ("aud",)
    ),
}
_KEYS: Mapping[str, tuple[str, ...]] = {
    **{
        issuer: tuple(f"{issuer}:{claim}" for claim in claims)
        for issuer, claims in _OF_ORGANIZATION.items()
    },
    # Microsoft Sentinel: the name of the session holds the customer's workspace.
    "sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d": ("sts:RoleSessionName",),
}
"""
Issuer to condition keys, of which one has to be tested.

IBM Turbonomic is on the page too; its issuers change with its versions, so none of them is here.
"""


@dataclass(frozen=True, slots=True)
class UntestedClaim:
    """
    An Allow that IAM refuses.

    Attributes:
        statement: The statement.
        principal: The issuer's provider, as it is written.
        keys: The condition keys, one of which it would have to test.
    """

    statement: PolicyStatement
    principal: str
    keys: tuple[str, ...]

    def __str__(self) -> str:
        """Write it in IAM's words."""
        return (
            f"Trust policy with trusted principal {self.principal} must evaluate, using "
            f"StringEquals, StringLike or StringEqualsIgnoreCase, {' or '.join(self.keys)} which "
            "is not scoped to all."
        )


def untested_claims(policy: Policy) -> Iterator[UntestedClaim]:
    """
    Find what IAM certainly refuses in a trust policy.

    Its answer is known from reports only: a test under any operator that asks for a text, with one
    value that is more than wildcards, is taken here for good enough.
    """
    for statement in policy.statements:
        if statement.effect == "Allow" and is_about_tokens(statement):
            for principal in statement.principals or ():
                keys = _keys(principal.value) if principal.kind == "Federated" else ()
                if keys and not any(_tests(condition, keys) for condition in statement.conditions):
                    yield UntestedClaim(statement, principal.value, keys)


def required_keys(issuer: str) -> tuple[str, ...]:
    """Return the condition keys, one of which IAM asks for; none for an issuer of one customer."""
    return _KEYS.get(issuer.lower(), ())


def _keys(principal: str) -> tuple[str, ...]:
    return required_keys(principal if principal == _COGNITO else provider_url(principal) or "")


def _tests(condition: Condition, keys: tuple[str, ...]) -> bool:
    is_key = condition.key.lower() in map(str.lower, keys)
    return (
        asks_for_text(condition.operator)
        and is_key
        and any(set(value) - {"*", "?"} for value in condition.values)
    )
