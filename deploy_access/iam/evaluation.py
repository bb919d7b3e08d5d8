"""
Whether one statement applies to one request.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notresource.html
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from deploy_access.iam.arn_comparison import compare_resource
from deploy_access.iam.comparison import Comparison, comparison_of, listed, unlisted
from deploy_access.iam.conditions import Check, check_condition
from deploy_access.iam.outcome import Outcome, all_of, any_of
from deploy_access.iam.patterns import WILDCARDS, compare_text, lowered, matches_plain
from deploy_access.iam.policy_variables import Reader
from deploy_access.iam.principals import Level, check_principal
from deploy_access.iam.references import is_plain, symbols

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deploy_access.iam.context import Context
    from deploy_access.iam.policy import Policy, PolicyStatement
    from deploy_access.iam.principals import Caller
    from deploy_access.iam.references import Reference

PolicyKind = Literal["trust", "identity", "boundary", "session", "resource"]
_EVERYBODY = MappingProxyType(dict.fromkeys(Level, Outcome.PASS))
_NOBODY = MappingProxyType(dict.fromkeys(Level, Outcome.FAIL))


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """
    One request, as every kind of policy sees it.

    Attributes:
        resource: An ARN, or None when it is not known.

    """

    caller: Caller
    action: str
    resource: str | None
    context: Context


@dataclass(frozen=True, kw_only=True)
class StatementResult:
    """
    The result of one statement for a request, element by element.

    Attributes:
        policy: The policy of the statement.
        kind: The kind of that policy.
        statement: The statement.
        principal: Whether it names the caller.
        levels: Whether it names the caller at each level.
        action: Whether it names the action.
        resource: Whether it names the resource.
        checks: One for each condition.

    """

    policy: Policy
    kind: PolicyKind
    statement: PolicyStatement
    principal: Outcome
    levels: Mapping[Level, Outcome]
    action: Outcome
    resource: Outcome
    checks: tuple[Check, ...]

    @cached_property
    def applies(self) -> Outcome:
        """Whether the statement applies: all its elements are met."""
        return all_of([self.principal, self._rest])

    def applies_at(self, level: Level) -> Outcome:
        """Whether the statement applies and names the caller at *level*."""
        return all_of([self.levels[level], self._rest])

    @cached_property
    def _rest(self) -> Outcome:
        return all_of([self.action, self.resource, *(check.outcome for check in self.checks)])


def evaluate_policy(policy: Policy, kind: PolicyKind, request: Request) -> list[StatementResult]:
    """Return the result of every statement of *policy* for *request*."""
    reader = Reader(request.context, policy.has_variables)
    # Many statements of a policy have the same condition, such as that on `aud`.
    conditions = dict.fromkeys(one for each in policy.statements for one in each.conditions)
    checks = {condition: check_condition(condition, reader) for condition in conditions}
    results: list[StatementResult] = []
    for statement in policy.statements:
        levels = _levels(statement, kind, request.caller)
        result = StatementResult(
            policy=policy,
            kind=kind,
            statement=statement,
            principal=any_of(levels.values()),
            levels=levels,
            action=check_action(statement, request.action),
            resource=_resource(statement, request.resource, reader),
            checks=tuple(checks[condition] for condition in statement.conditions),
        )
        results.append(result)
    return results


def _levels(
    statement: PolicyStatement, kind: PolicyKind, caller: Caller
) -> Mapping[Level, Outcome]:
    """Whether *statement* names the caller, at each level."""
    # Without a principal an identity policy means its own role. A resource's policy names no
    # caller then, and IAM refuses it.
    named = statement.principals is not None or statement.not_principals is not None
    if not named:
        return _NOBODY if kind in {"resource", "trust"} else _EVERYBODY
    return {level: check_principal(statement, caller, level) for level in Level}


def check_action(statement: PolicyStatement, action: str) -> Outcome:
    """Whether *statement* is about *action*, by what it lists or by what it leaves out."""
    if statement.not_actions is not None:
        return _check_names(statement.not_actions, action, is_negated=True)
    return _check_names(statement.actions or (), action, is_negated=False)


@lru_cache(maxsize=1_024)  # thousands of statements have the same few lists
def _check_names(names: tuple[str, ...], action: str, *, is_negated: bool) -> Outcome:
    asked = lowered(symbols(action))
    compared = (_compare_action(name, asked) for name in names)
    return unlisted(compared) if is_negated else listed(compared)


def _compare_action(name: str, asked: Sequence[str | Reference]) -> Comparison:
    """Compare two actions; case does not matter."""
    if isinstance(asked, str) and is_plain(name):
        return comparison_of(equal=matches_plain(name.lower(), asked))
    pattern = [
        WILDCARDS.get(symbol, symbol) if isinstance(symbol, str) else symbol
        for symbol in lowered(symbols(name))
    ]
    return compare_text(pattern, asked)


def _resource(statement: PolicyStatement, resource: str | None, reader: Reader) -> Outcome:
    """Whether *statement* names the resource; without the element it means its own resource."""
    named, excepted = statement.resources, statement.not_resources
    if named is None and excepted is None:
        return Outcome.PASS
    if resource is None:
        return Outcome.PASS if named and "*" in named else Outcome.UNKNOWN
    if excepted is not None:
        return unlisted(compare_resource(resource, one, reader) for one in excepted)
    return listed(compare_resource(resource, one, reader) for one in named or ())
