"""Whether a principal that a policy names is, or covers, another one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.iam.policy import Principal
from deploy_access.iam.principals import Level
from deploy_access.iam.references import has_reference

if TYPE_CHECKING:
    from deploy_access.access_diff.clauses import PolicyClause

EVERYBODY = Principal(kind="*", value="*")
"""Anybody at all; as somebody who asks, one whom no policy names."""
_ROOT = re.compile(r"(arn:[^:]*:iam::)?(?P<account>\d{12})(?(1):root)")
_IN_ACCOUNT = re.compile(r"arn:[^:]*:(iam|sts)::(?P<account>\d{12}):.+", re.DOTALL)
_ROLE = re.compile(r"arn:[^:]*:iam::(?P<account>\d{12}):role/(.*/)?(?P<name>[^/]+)", re.DOTALL)
_SESSION = re.compile(
    r"arn:[^:]*:sts::(?P<account>\d{12}):assumed-role/(?P<name>[^/]+)/.+", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Named:
    """
    How a policy names somebody.

    Attributes:
        level: How directly.
        is_sure: Whether it is known that they are meant.
    """

    level: Level
    is_sure: bool = True


def is_everybody(principal: Principal) -> bool:
    """Whether a principal is whoever asks."""
    return principal.value == "*" and principal.kind in {"*", "AWS"}


def normal(principal: Principal) -> Principal:
    """Write the ways of naming everybody, and those of naming an account, in one way."""
    if is_everybody(principal):
        return EVERYBODY
    root = _ROOT.fullmatch(principal.value)
    if principal.kind == "AWS" and root:
        return Principal(kind="AWS", value=root["account"])
    return principal


def account_of(principal: Principal) -> str | None:
    """Return the account of a principal of AWS; None when it has none that is known."""
    if principal.kind != "AWS":
        return None
    found = _IN_ACCOUNT.fullmatch(principal.value) or _ROOT.fullmatch(principal.value)
    return found["account"] if found else None


def names(principal: Principal, who: Principal) -> Named | None:
    """Say how *principal* names *who*, both in their normal form; None when it does not."""
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
    if principal.kind != "AWS" or _SESSION.fullmatch(principal.value):
        return Level.DIRECT
    return Level.ACCOUNT if _ROOT.fullmatch(principal.value) else Level.ROLE


def _is_session_of(session: str, role: str) -> bool:
    of, made = _SESSION.fullmatch(session), _ROLE.fullmatch(role)
    return bool(of and made) and of.group("account", "name") == made.group("account", "name")  # pyright: ignore[reportOptionalMemberAccess]


def find_names(rule: PolicyClause, who: Principal) -> Named | None:
    """Say how a statement of a resource's policy names *who*; None when it does not."""
    if rule.hidden:
        return Named(Level.DIRECT)
    found = [name for one in rule.principals or () if (name := names(normal(one), who))]
    if not rule.but_principals:
        return max(found, key=lambda name: (name.is_sure, name.level), default=None)
    if any(name.is_sure for name in found):
        return None
    return Named(Level.DIRECT, is_sure=not found)
