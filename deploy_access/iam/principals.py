"""
The caller of a request, and whether a statement names it.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TYPE_CHECKING

from deploy_access.iam.arns import Arn, account_named
from deploy_access.iam.comparison import Comparison
from deploy_access.iam.outcome import Outcome, any_of, outcome_of
from deploy_access.iam.patterns import compare_text
from deploy_access.iam.references import has_reference, symbols

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deploy_access.iam.policy import PolicyStatement, Principal


class Level(IntEnum):
    """
    How directly a statement names the caller, which decides what else must allow the request.

    Attributes:
        ACCOUNT: By its account, which leaves the decision to identity policies.
        ROLE: By its role.
        DIRECT: By the session itself, or by `*`.

    """

    ACCOUNT = 1
    ROLE = 2
    DIRECT = 3


@dataclass(frozen=True, slots=True)
class Federated:
    """A caller with a token of an OIDC provider; *arn* is the provider's."""

    arn: str

    @property
    def has_boundary(self) -> bool:
        """Whether there is a permissions boundary: only users and roles have one."""
        return False

    def named_by(self, principal: Principal, level: Level) -> Outcome:
        """Whether *principal* is this provider, or `*`."""
        if level is not Level.DIRECT:
            return Outcome.FAIL
        if _is_everybody(principal):
            return Outcome.PASS
        return _same(principal.value, self.arn) if principal.kind == "Federated" else Outcome.FAIL


@dataclass(frozen=True, slots=True)
class AwsService:
    """A service of AWS that calls on its own behalf; *name* is `ecs-tasks.amazonaws.com`."""

    name: str

    @property
    def has_boundary(self) -> bool:
        """Whether there is a permissions boundary: only users and roles have one."""
        return False

    def named_by(self, principal: Principal, level: Level) -> Outcome:
        """Whether *principal* is this service; `*` is every caller but a service."""
        if level is not Level.DIRECT or principal.kind != "Service":
            return Outcome.FAIL
        return _same(principal.value, self.name)


@dataclass(frozen=True, slots=True)
class RoleSession:
    """
    A session of a role.

    Attributes:
        role_arn: The role.
        name: The session's name, or None for any session of the role.
        account: The role's account, or None when it is not known.
        has_boundary: Whether the role has a permissions boundary.

    """

    role_arn: str
    name: str | None = None
    account: str | None = None
    has_boundary: bool = False

    def named_by(self, principal: Principal, level: Level) -> Outcome:
        """Whether *principal* is this session, its role or its account, as *level* asks."""
        if level is Level.DIRECT and _is_everybody(principal):
            return Outcome.PASS
        if principal.kind != "AWS":
            return Outcome.FAIL
        named = {Level.DIRECT: self._session, Level.ROLE: self._role, Level.ACCOUNT: self._account}
        return named[level](principal.value)

    def _session(self, value: str) -> Outcome:
        if not _is_session(value):
            return Outcome.FAIL
        role = Arn.parse(self.role_arn)
        if role is None or not role.is_role:
            return Outcome.UNKNOWN
        resource = f"assumed-role/{role.name}/"
        sessions = str(replace(role, service="sts", resource=resource))
        if self.name is None and value.startswith(sessions):
            return Outcome.UNKNOWN  # It names one session of this role, which may be this one.
        return outcome_of(met=value == f"{sessions}{self.name}")

    def _role(self, value: str) -> Outcome:
        if value == "*" or account_named(value) or _is_session(value):
            return Outcome.FAIL
        return _same(value, self.role_arn)

    def _account(self, value: str) -> Outcome:
        named = account_named(value)
        if named is None:
            return Outcome.FAIL
        if self.account is None:
            return Outcome.UNKNOWN
        return outcome_of(met=named == self.account)


Caller = AwsService | Federated | RoleSession


def check_principal(statement: PolicyStatement, caller: Caller, level: Level) -> Outcome:
    """
    Whether *statement* names *caller* at *level*.

    `NotPrincipal` names every caller that it lists at no level, and names it directly. A statement
    with neither element names the owner of the policy.
    """
    if statement.not_principals is not None:
        # A Deny with `NotPrincipal` hits every caller with a permissions boundary, listed or not:
        # the second page of the sources above.
        if statement.effect == "Deny" and caller.has_boundary:
            return outcome_of(met=level is Level.DIRECT)
        named = any_of(_named(statement.not_principals, caller, one) for one in Level)
        return _negated(named) if level is Level.DIRECT else Outcome.FAIL
    if statement.principals is None:
        return Outcome.PASS
    return _named(statement.principals, caller, level)


def _named(principals: Iterable[Principal], caller: Caller, level: Level) -> Outcome:
    return any_of(caller.named_by(principal, level) for principal in principals)


def _negated(outcome: Outcome) -> Outcome:
    opposite = {Outcome.PASS: Outcome.FAIL, Outcome.FAIL: Outcome.PASS}
    return opposite.get(outcome, outcome)


def _is_session(value: str) -> bool:
    arn = Arn.parse(value)
    return arn is not None and arn.is_session


def _is_everybody(principal: Principal) -> bool:
    return principal.value == "*" and principal.kind in {"*", "AWS"}


def _same(value: str, arn: str) -> Outcome:
    """Whether two principals are equal; a `*` inside of one is no wildcard."""
    if not has_reference(value) and not has_reference(arn):
        return outcome_of(met=value == arn)
    found = compare_text([*symbols(value)], symbols(arn))
    outcomes = {Comparison.EQUAL: Outcome.PASS, Comparison.UNKNOWN: Outcome.UNKNOWN}
    return outcomes.get(found, Outcome.FAIL)
