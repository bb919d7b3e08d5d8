"""
One condition of a statement, checked against one request.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.iam.comparison import listed, unlisted
from deploy_access.iam.operators import Operator, read_operator
from deploy_access.iam.outcome import Outcome, all_of, any_of, outcome_of
from deploy_access.iam.references import has_reference
from deploy_access.iam.scalars import read_bool

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deploy_access.iam.policy import Condition
    from deploy_access.iam.policy_variables import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """
    One condition, the values that were compared, and the outcome.

    Attributes:
        key: The condition key, as the policy spells it.
        operator: The operator, as the policy spells it.
        wanted: The values of the policy.
        held: The values of the request; None when it has no such key, or when they are not known.
        outcome: Whether the condition is met.
        key_known: Whether the values of the request, or their absence, are known.
        operator_known: Whether IAM has the operator.

    """

    key: str
    operator: str
    wanted: tuple[str, ...]
    held: tuple[str, ...] | None
    outcome: Outcome
    key_known: bool = True
    operator_known: bool = True


def check_condition(condition: Condition, reader: Reader) -> Check:
    """Compare one key of the request with what the policy wants."""
    operator = read_operator(condition.operator)
    held = reader.context.held(condition.key)
    key_known = not reader.context.is_unknown(condition.key)
    if operator is None:
        outcome = Outcome.FAIL
    elif not key_known:
        outcome = Outcome.UNKNOWN
    else:
        outcome = _outcome(operator, held or (), condition.values, reader)
    return Check(
        key=condition.key,
        operator=condition.operator,
        wanted=condition.values,
        held=held,
        outcome=outcome,
        key_known=key_known,
        operator_known=operator is not None,
    )


def _outcome(
    operator: Operator, held: Sequence[str], wanted: Sequence[str], reader: Reader
) -> Outcome:
    if operator.compare is None:
        return _null(held, wanted)
    if operator.set_operator:
        return _of_set(operator, held, wanted, reader)
    if not held:
        return outcome_of(met=operator.if_exists or operator.negated)
    if len(held) > 1:
        # AWS says that a key with many values requires a set operator (the page on single-valued
        # and multivalued keys, above), and nowhere what becomes of them without one.
        return Outcome.UNKNOWN
    return _of_value(operator, held[0], wanted, reader)


def _null(held: Sequence[str], wanted: Sequence[str]) -> Outcome:
    """`true` asks for no key, `false` for one whose value is not null, as an empty text is."""
    missing = not any(held)
    return any_of(
        Outcome.UNKNOWN if has_reference(value) else outcome_of(met=read_bool(value) is missing)
        for value in wanted
    )


def _of_set(
    operator: Operator, held: Sequence[str], wanted: Sequence[str], reader: Reader
) -> Outcome:
    """
    Compare every value, or any one of them, as the set operator asks.

    Without a value, or with an empty text only, `ForAllValues` is met and `ForAnyValue` is not.
    `IfExists` does not change that for `ForAnyValue`.
    """
    # AWS says the first on the page of multivalued keys, above. The second is from reports of
    # denied requests:
    # https://repost.aws/questions/QU9HFmDzP0QGuU-fd7rS6B7w/foranyvalue-stringequalsifexists-behaving-unexpectedly,
    # https://iam.cloudcopilot.io/resources/operators/ForAnyValue:BoolIfExists
    values = held if any(held) else ()
    outcomes = [_of_value(operator, value, wanted, reader) for value in values]
    return all_of(outcomes) if operator.is_for_all else any_of(outcomes)


def _of_value(operator: Operator, held: str, wanted: Sequence[str], reader: Reader) -> Outcome:
    """Compare one value with each wanted value: OR, and NOR for a negated operator."""
    assert operator.compare is not None
    found = [operator.compare(held, value, reader) for value in wanted]
    return unlisted(found) if operator.negated else listed(found)
