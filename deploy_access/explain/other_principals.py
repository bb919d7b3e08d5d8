"""
A role that is for other principals than the provider of the tokens, and a run's way to it.

Source: https://github.com/aws-actions/configure-aws-credentials (`role-chaining`,
`role-external-id`, `role-skip-session-tagging`; without the last one the action tags the session,
for which the role must allow `sts:TagSession`)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.explain.finding import ProposedChange
from deploy_access.explain.snippets import yaml_text
from deploy_access.github.oidc_trust import names_tokens
from deploy_access.iam.arns import Arn
from deploy_access.iam.evaluation import check_action
from deploy_access.iam.operators import asks_for_text
from deploy_access.iam.outcome import Outcome
from deploy_access.iam.references import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deploy_access.explain.case import Case
    from deploy_access.iam.policy import PolicyStatement, Principal

_ASSUME_ROLE = "sts:AssumeRole"
_TAG_SESSION = "sts:TagSession"
_MOST = 3
"""The principals that are named."""


def ways_in(case: Case) -> tuple[ProposedChange, ...]:
    """Return the way to a role of which no statement is for tokens; nothing for another role."""
    allowing = [r.statement for r in case.decision.statements if r.statement.effect == "Allow"]
    if not allowing or any(map(names_tokens, allowing)):
        return ()
    chained = [one for one in allowing if _lets_roles_assume(one)]
    return (_chained(case, chained, allowing) if chained else _of_others(allowing),)


def _lets_roles_assume(statement: PolicyStatement) -> bool:
    is_assumed = check_action(statement, _ASSUME_ROLE) is not Outcome.FAIL
    return is_assumed and any(map(_may_be_role, statement.principals or ()))


def _may_be_role(principal: Principal) -> bool:
    """Whether the principal is a role, a session of one, or a whole account with its roles."""
    if principal.kind not in {"AWS", "*"}:
        return False
    arn = Arn.parse(principal.value)
    return arn is None or not arn.resource.startswith(("user/", "federated-user/"))


def _chained(
    case: Case, chained: Sequence[PolicyStatement], allowing: Sequence[PolicyStatement]
) -> ProposedChange:
    first = ", ".join(map(repr, list(_first_roles(chained))[:_MOST]))
    can_tag = any(check_action(one, _TAG_SESSION) is Outcome.PASS for one in allowing)
    lines = [
        f"role-to-assume: {case.role.arn or case.run.role_arn or 'ARN'}",
        "role-chaining: true",
    ]
    lines += [f"role-external-id: {yaml_text(one)}" for one in _external_ids(chained)][:1]
    lines += [] if can_tag else ["role-skip-session-tagging: true"]
    return ProposedChange(
        side="workflow",
        text=f"A role gets in, not a token. Let the run assume one that the policy names ({first}) "
        f"and that may do `{_ASSUME_ROLE}` on this one; then reach it by a second step of "
        "`configure-aws-credentials`, with:",
        forms=(("YAML", "\n".join(lines)),),
    )


def _first_roles(statements: Sequence[PolicyStatement]) -> Iterator[str]:
    """List the roles that may assume it: those of a condition, or else the principals."""
    for statement in statements:
        named = [v for v in _values(statement, "aws:principalarn") if not has_wildcard(v)]
        yield from named or (one.value for one in statement.principals or () if _may_be_role(one))


def _external_ids(statements: Sequence[PolicyStatement]) -> Iterator[str]:
    for statement in statements:
        yield from (v for v in _values(statement, "sts:externalid") if not has_wildcard(v))


def _values(statement: PolicyStatement, key: str) -> Iterator[str]:
    for condition in statement.conditions:
        if condition.key.casefold() == key and asks_for_text(condition.operator):
            yield from condition.values


def _of_others(allowing: Sequence[PolicyStatement]) -> ProposedChange:
    found = [one.value for statement in allowing for one in statement.principals or ()]
    names = ", ".join(map(repr, dict.fromkeys(found[:_MOST])))
    text = f"The role is for {names}, and not for runs: name the role of the workflow in"
    return ProposedChange(side="workflow", text=f"{text} `role-to-assume`.")
