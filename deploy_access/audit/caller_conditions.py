"""
What a policy asks of the AWS principal that calls.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.github.oidc_trust import is_everybody, is_other_key
from deploy_access.iam.arns import Arn, account_named
from deploy_access.iam.evaluation import check_action
from deploy_access.iam.operators import read_operator
from deploy_access.iam.outcome import Outcome
from deploy_access.iam.references import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Callable

    from deploy_access.iam.policy import Condition, Policy, PolicyStatement, Principal

ASSUME_ROLE = "sts:AssumeRole"
"""The action by which an AWS principal assumes a role."""
_EXTERNAL_ID = "sts:externalid"
# The last three are about the account for which a service of AWS calls.
_OWNERS = frozenset(
    {
        *("aws:principalaccount", "aws:principalorgid", "aws:principalorgpaths", "aws:userid"),
        *("aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"),
    }
)
_ARNS = frozenset({"aws:principalarn", "aws:sourcearn"})
_PLACES = frozenset({"aws:sourceip", "aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip"})
_WHOLE_NETWORK = frozenset({"0.0.0.0/0", "::/0"})


def is_kept_to(
    policy: Policy,
    statement: PolicyStatement,
    principal: Principal,
    asks: Callable[[Condition], bool],
) -> bool:
    """
    Whether only some of the callers that *principal* stands for get in by *statement*.

    Args:
        policy: The trust policy, of which a Deny counts too.
        statement: The Allow.
        principal: One of its principals.
        asks: Whether a condition names those callers, by its key and its values.
    """
    if asks_for(statement, asks):
        return True
    return any(
        _denies_others(one, principal, asks)
        for one in policy.statements
        if one.effect == "Deny" and check_action(one, ASSUME_ROLE) is Outcome.PASS
    )


def asks_for(statement: PolicyStatement, asks: Callable[[Condition], bool]) -> bool:
    """Whether a caller meets a condition of a statement only with one of the values asked for."""
    return any(asks(one) for one in statement.conditions if _needs_value(one))


def names_owner(condition: Condition) -> bool:
    """Whether it names callers by an organization, an account, or a principal of an account."""
    key = condition.key.lower()
    if key in _ARNS:
        return all(_has_account(condition, value) for value in condition.values)
    if key in _OWNERS:
        return all(_has_start(condition, value) for value in condition.values)
    return _is_of_token(key) and _is_bound(condition)


def narrows_account(condition: Condition) -> bool:
    """Whether it names less than every caller of an account that is known."""
    key = condition.key.lower()
    if key.startswith("aws:principaltag/") or key in _ARNS | {"aws:username", _EXTERNAL_ID}:
        return _is_bound(condition)
    return key != "aws:principalaccount" and names_owner(condition)


def asks_for_secret_or_place(condition: Condition) -> bool:
    """Whether a caller must know an id, or call from some network."""
    return condition.key.lower() in _PLACES | {_EXTERNAL_ID} and _is_bound(condition)


def _denies_others(
    deny: PolicyStatement, principal: Principal, asks: Callable[[Condition], bool]
) -> bool:
    """Whether a Deny hits what *principal* stands for, except callers that are named."""
    if deny.not_principals is not None:
        return not deny.conditions and not any(map(is_everybody, deny.not_principals))
    if not any(is_everybody(one) or _is_same(one, principal) for one in deny.principals or ()):
        return False
    # It hits where all of its conditions hold, so it spares what one of them names.
    return all(_is_service_spared(one) or _spares(one, asks) for one in deny.conditions)


def _is_same(one: Principal, other: Principal) -> bool:
    account = account_named(one.value)
    return one == other or (account is not None and account == account_named(other.value))


def _spares(condition: Condition, asks: Callable[[Condition], bool]) -> bool:
    # A negated operator hits a caller without the key; behind `ForAnyValue` it does not.
    operator = read_operator(condition.operator)
    is_of_others = operator is not None and operator.negated and operator.set_operator is None
    return is_of_others and asks(condition)


def _is_service_spared(condition: Condition) -> bool:
    is_key = condition.key.lower() == "aws:principalisawsservice"
    return is_key and [value.lower() for value in condition.values] == ["false"]


def _needs_value(condition: Condition) -> bool:
    operator = read_operator(condition.operator)
    return operator is not None and operator.needs_value


def _is_of_token(key: str) -> bool:
    """Whether it is a claim of a token or an assertion, which an AWS principal has not."""
    prefix = key.rpartition(":")[0]
    return not is_other_key(key) and ("." in prefix or prefix == "saml")


def _is_bound(condition: Condition) -> bool:
    """Whether no value matches everything: wildcards alone, the whole network, or itself."""
    return not any(_is_everything(condition, value) for value in condition.values)


def _is_everything(condition: Condition, value: str) -> bool:
    is_itself = value.lower() == f"${{{condition.key.lower()}}}"
    is_all = _is_pattern(condition) and set(value) <= {"*"}
    return is_itself or is_all or value in _WHOLE_NETWORK


def _has_start(condition: Condition, value: str) -> bool:
    """Whether it begins with a whole id: `o-abc/*` and `AROAEXAMPLE:*` do, `o-*` does not."""
    start = value if "${" in value else value.partition("/")[0].partition(":")[0]
    is_open = _is_pattern(condition) and has_wildcard(start)
    return not is_open and not _is_everything(condition, value)


def _has_account(condition: Condition, value: str) -> bool:
    """Whether an ARN has an account, or a name as a bucket has; a reference may have one."""
    if not _is_pattern(condition) or not has_wildcard(value):
        return not _is_everything(condition, value)
    arn = Arn.parse(value)
    return arn is not None and not has_wildcard(arn.account or arn.resource)


def _is_pattern(condition: Condition) -> bool:
    operator = read_operator(condition.operator)
    return operator is not None and operator.is_pattern
