"""Whether a principal of a policy is, or covers, another principal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.iam.arns import Arn, account_named
from deploy_access.iam.policy import Principal
from deploy_access.iam.principals import Level
from deploy_access.iam.references import has_reference

if TYPE_CHECKING:
    from deploy_access.access_diff.clauses import PolicyClause

EVERYBODY = Principal(kind="*", value="*")
"""The principal `*`; as a caller, one that no policy names."""


@dataclass(frozen=True, slots=True)
class Named:
    """
    How a policy names a principal.

    Attributes:
        level: How directly.
        is_sure: Whether it is known that the policy means this principal.
    """

    level: Level
    is_sure: bool = True


def is_everybody(principal: Principal) -> bool:
    """Whether a principal is `*`, which every caller is."""
    return principal.value == "*" and principal.kind in {"*", "AWS"}


def normal(principal: Principal) -> Principal:
    """Return a principal in its normal form: one spelling of `*`, and one of an account."""
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
    if is_everybody(principal):
        return EVERYBODY
    account = account_named(principal.value) if principal.kind == "AWS" else None
    return Principal(kind="AWS", value=account) if account else principal


def account_of(principal: Principal) -> str | None:
    """Return the account of an AWS principal; None when it is not known."""
    if principal.kind != "AWS":
        return None
    arn = Arn.parse(principal.value)
    if arn and arn.service in {"iam", "sts"} and not arn.region:
        return arn.account_id
    return account_named(principal.value)


def names(principal: Principal, who: Principal) -> Named | None:
    """Return how *principal* names *who*, both in their normal form; None when it does not."""
    if principal == EVERYBODY:
        return Named(Level.DIRECT)
    if principal == who:
        return Named(_level(principal))
    if principal.kind != who.kind:
        return None
    if has_reference(principal.value) or has_reference(who.value):
        return Named(_level(principal), is_sure=False)
    if principal.kind == "AWS" and principal.value == account_of(who):
        return Named(Level.ACCOUNT)
    return Named(Level.ROLE) if _is_session_of(who.value, principal.value) else None


def _level(principal: Principal) -> Level:
    if principal.kind != "AWS" or _session(principal.value):
        return Level.DIRECT
    return Level.ACCOUNT if account_named(principal.value) else Level.ROLE


def _session(value: str) -> Arn | None:
    arn = Arn.parse(value)
    return arn if arn and arn.is_session else None


def _is_session_of(session: str, role: str) -> bool:
    of, made = _session(session), Arn.parse(role)
    if of is None or made is None or not made.is_role:
        return False
    return (of.account, of.resource_id.partition("/")[0]) == (made.account, made.name)


def find_names(rule: PolicyClause, who: Principal) -> Named | None:
    """Return how a statement of a resource's policy names *who*; None when it does not."""
    if rule.hidden:
        return Named(Level.DIRECT)
    found = [name for one in rule.principals or () if (name := names(normal(one), who))]
    # The surest and most direct way counts: a statement may name a role and its account.
    if not rule.but_principals:
        return max(found, key=lambda name: (name.is_sure, name.level), default=None)
    if any(name.is_sure for name in found):
        return None
    return Named(Level.DIRECT, is_sure=not found)
