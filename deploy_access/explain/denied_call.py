"""
Why AWS refused a call of a role, by the policies that were read, and the change that allows it.

AWS's text says which kind of policy refused. What that policy says, and which statement comes
nearest, is only in the policies themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.explain.call_changes import changes_for, outside_change
from deploy_access.explain.finding import ANSWERS, Cause
from deploy_access.explain.role_lookup import nearest_role
from deploy_access.iam.access import AccessRequest, evaluate_access
from deploy_access.iam.context import Context
from deploy_access.iam.decision import Verdict
from deploy_access.iam.refusal_reason import find_reason, say_reason
from deploy_access.terraform.role_policies import read_repository_policies, read_role_policies

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deploy_access.explain.finding import Answer
    from deploy_access.iam.access_denied import AccessDenied, DenyingKind
    from deploy_access.iam.evaluation import StatementResult
    from deploy_access.iam.refusal_reason import RefusalReason
    from deploy_access.terraform.estate import Estate, Role
    from deploy_access.terraform.role_policies import RolePolicies

# Nothing of these is in a stack: they are of the organization, the session or the network.
_OUTSIDE: frozenset[DenyingKind] = frozenset(
    {"service-control", "resource-control", "session", "vpc-endpoint"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAnswer:
    """
    A call that AWS refused, and what the policies that were read say of it.

    Attributes:
        denied: AWS's text, taken apart.
        answer: What the policies decide; `unknown` also where the role was not read.
        role: The name of the role, or the ARN of another principal.
        account: Its account, or None.
        where: The place of the statement or of the role; empty where it was not read.
        statement: The number of the statement that decides or comes nearest, from 1, or None.
        cause: The cause, with the changes that mend it.
    """

    denied: AccessDenied
    answer: Answer
    role: str
    account: str | None = None
    where: str = ""
    statement: int | None = None
    cause: Cause


def explain_denial(denied: AccessDenied, estate: Estate) -> CallAnswer:
    """Hold a refused call against the policies of the role that made it."""
    role = _role_of(denied, estate.roles)
    if role is None:
        return _not_read(denied, estate.roles)
    policies = read_role_policies(role, read_repository_policies(estate))
    verdict, statements = _decide(denied, role, policies)
    reason, result = find_reason(statements, has_boundary=policies.boundary is not None)
    is_denied = ANSWERS[verdict] == "denied"
    # No statement that allows more outweighs a `Deny` that was not read.
    is_unread_deny = denied.is_explicit and reason != "explicit-deny"
    if denied.kind in _OUTSIDE or is_unread_deny or not is_denied:
        return _answer(denied, role, ANSWERS[verdict], _outside(denied, verdict))
    place = policies.places.get(result.policy) if result else None
    cause = Cause(
        id=reason,
        text=_cause_text(reason, result, policies),
        changes=tuple(changes_for(denied, role, reason, result)),
    )
    where = str(place or role.where)
    statement = result.statement.index + 1 if result else None
    return _answer(denied, role, "denied", cause, where=where, statement=statement)


def _role_of(denied: AccessDenied, roles: Sequence[Role]) -> Role | None:
    found = [role for role in roles if role.name == denied.role_name]
    exact = [role for role in found if role.account == denied.account]
    return next(iter(exact or [role for role in found if role.account is None]), None)


def _decide(
    denied: AccessDenied, role: Role, policies: RolePolicies
) -> tuple[Verdict, Sequence[StatementResult]]:
    """Decide by what was read; what was not may allow more, so nothing is denied for want of it."""
    resource = denied.resource or "*"
    request = AccessRequest(
        role_arn=role.arn or denied.principal,
        action=denied.action,
        resource=resource,
        account=denied.account,
        resource_account=denied.account if resource == "*" else None,
        # The text holds none of the keys of the request.
        context=Context(
            values={"aws:PrincipalArn": role.arn} if role.arn else {},
            unknown=("aws:*", *policies.condition_keys),
        ),
    )
    least, most = (
        evaluate_access(
            request,
            identity=one.identity,
            boundary=one.boundary,
            resource_policy=policies.repositories.by_arn.get(resource),
        )
        for one in (policies, policies.at_most)
    )
    is_open = least.verdict is Verdict.DENIED_IMPLICITLY and least.verdict is not most.verdict
    return (Verdict.UNKNOWN if is_open else least.verdict), least.statements


def _cause_text(
    reason: RefusalReason, result: StatementResult | None, policies: RolePolicies
) -> str:
    said = say_reason(reason, result, policies.boundary)
    if said is None and reason == "resource-policy":
        return "The resource is in another account, and its policy does not let the role in."
    return said or "No statement of the role's policies is about this action."


def _outside(denied: AccessDenied, verdict: Verdict) -> Cause:
    if denied.kind in _OUTSIDE:
        text = "The policy that refused it is not one of the role's own."
    elif denied.is_explicit:
        text = "A `Deny` refused it, and none of the policies that were read has it."
    elif verdict is Verdict.ALLOWED:
        text = "The policies as they were read allow it: AWS had others when it refused."
    else:
        text = "What was read does not decide it: it hangs on a part that is not known."
    return Cause(id="outside-policy", text=text, changes=(outside_change(denied),))


def _answer(
    denied: AccessDenied,
    role: Role,
    answer: Answer,
    cause: Cause,
    *,
    where: str = "",
    statement: int | None = None,
) -> CallAnswer:
    return CallAnswer(
        denied=denied,
        answer=answer,
        role=role.name,
        account=role.account,
        where=where or str(role.where),
        statement=statement,
        cause=cause,
    )


def _not_read(denied: AccessDenied, roles: Sequence[Role]) -> CallAnswer:
    name = denied.role_name or denied.principal
    near = nearest_role(name, roles)
    hint = f" The nearest is {near.name!r}." if near else ""
    return CallAnswer(
        denied=denied,
        answer="unknown",
        role=name,
        account=denied.account,
        cause=Cause(
            id="role-not-found",
            text=f"The role is not among those that were read.{hint}",
            changes=(outside_change(denied),),
        ),
    )
