"""
IAM's condition operators: how one value of a request is compared with one of a policy.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, TypeVar

from deploy_access.iam.arn_comparison import compare_arn
from deploy_access.iam.comparison import Comparison, comparison_of
from deploy_access.iam.patterns import WILDCARDS, compare_text, lowered, matches_plain
from deploy_access.iam.references import Reference, has_reference, is_plain
from deploy_access.iam.scalars import (
    read_address,
    read_bool,
    read_bytes,
    read_date,
    read_network,
    read_number,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from decimal import Decimal
    from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

    from deploy_access.iam.pattern_machine import Wild
    from deploy_access.iam.policy_variables import Reader

    Compare = Callable[[str, str, Reader], Comparison]

SetOperator = Literal["forallvalues", "foranyvalue"]
Held = TypeVar("Held")
Wanted = TypeVar("Wanted")
_SET_OPERATORS: dict[str, SetOperator] = {
    "forallvalues": "forallvalues",
    "foranyvalue": "foranyvalue",
}
_NAME = re.compile(
    r"((?P<set>ForAllValues|ForAnyValue):)?(?P<base>[A-Za-z]+?)(?P<optional>IfExists)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """
    An operator, taken apart.

    Attributes:
        base: What it compares, in lower case and without what negates it: `stringequals` for
            `ForAnyValue:StringNotEqualsIfExists`.
        set_operator: What stands before the `:`, in lower case.
        if_exists: Whether a missing key is fine.
        negated: Whether it asks that no value is equal.
        compare: Compares one value held with one value wanted; None for `Null`.

    """

    base: str
    set_operator: SetOperator | None
    if_exists: bool
    negated: bool
    compare: Compare | None

    @property
    def is_textual(self) -> bool:
        """Whether it compares texts or ARNs, so that patterns say all about it."""
        return self.base.startswith(("string", "arn"))

    @property
    def is_pattern(self) -> bool:
        """Whether `*` and `?` stand for other characters; `ArnEquals` is as good as `ArnLike`."""
        return self.base in {"stringlike", "arnlike", "arnequals"}

    @property
    def ignores_case(self) -> bool:
        """Whether a text matches in any letter case."""
        return self.base == "stringequalsignorecase"

    @property
    def is_for_all(self) -> bool:
        """Whether it asks of every value, so that a key without one is fine."""
        return self.set_operator == "forallvalues"

    @property
    def needs_value(self) -> bool:
        """Whether a request meets it only with one of the values."""
        return not (self.negated or self.if_exists or self.is_for_all or self.compare is None)

    @property
    def is_exact(self) -> bool:
        """Whether a request meets it only with one of the texts, letter by letter."""
        is_loose = self.is_pattern or self.ignores_case
        return self.is_textual and self.needs_value and not is_loose


@lru_cache(maxsize=256)
def read_operator(name: str) -> Operator | None:
    """
    Take the name of an operator apart; None when IAM has no such operator.

    Case does not matter. `Null` takes no `IfExists`; a set operator before it changes nothing, as
    it asks about the key and not about its values.
    """
    match = _NAME.fullmatch(name)
    known = _OPERATORS.get(match["base"].lower()) if match else None
    if match is None or known is None or (known[0] is None and match["optional"]):
        return None
    compare, negated = known
    return Operator(
        base=match["base"].lower().replace("not", "", 1) if negated else match["base"].lower(),
        set_operator=_SET_OPERATORS.get((match["set"] or "").lower()),
        if_exists=match["optional"] is not None,
        negated=negated,
        compare=compare,
    )


def asks_for_text(name: str) -> bool:
    """Whether an operator asks for one of the texts beside it, rather than for the lack of them."""
    known = read_operator(name)
    return known is not None and known.is_textual and not known.negated


def without_set_operator(name: str) -> str:
    """Write an operator as it is written, without its `ForAllValues:` or `ForAnyValue:`."""
    return name.rpartition(":")[2]


def without_if_exists(name: str) -> str:
    """Write an operator as it is written, without its `IfExists`."""
    match = _NAME.fullmatch(name)
    return name[: match.start("optional")] if match and match["optional"] else name


def _text_operator(
    wildcards: Mapping[str, Wild] | None = None, *, ignore_case: bool = False
) -> Compare:
    def compare(held: str, wanted: str, reader: Reader) -> Comparison:
        if wildcards and is_plain(wanted) and isinstance(text := reader.held(held), str):
            return comparison_of(equal=matches_plain(wanted, text))
        pattern = reader.pattern(wanted, wildcards)
        if pattern is None:
            return Comparison.INVALID
        text = reader.held(held)
        if ignore_case:
            return compare_text(lowered(pattern), lowered(text))
        return compare_text(pattern, text)

    return compare


def _typed(
    read_held: Callable[[str], Held | None],
    read_wanted: Callable[[str], Wanted | None],
    agree: Callable[[Held, Wanted], bool],
) -> Compare:
    """Compare by value. No variable is filled in: AWS has none in these operators."""

    def compare(held: str, wanted: str, reader: Reader) -> Comparison:
        if has_reference(wanted) or (reader.context.references and has_reference(held)):
            return Comparison.UNKNOWN
        there, here = read_held(held), read_wanted(wanted)
        if there is None or here is None:
            return Comparison.INVALID
        return comparison_of(equal=agree(there, here))

    return compare


def _compare_bool(held: str, wanted: str, reader: Reader) -> Comparison:
    """Compare booleans. AWS's page on operators has variables here, its page on variables not."""
    pattern = reader.pattern(wanted)
    if pattern is None:
        return Comparison.INVALID
    if any(isinstance(token, Reference) for token in pattern):
        return Comparison.UNKNOWN
    return _SAME_BOOL(held, "".join(str(token) for token in pattern), reader)


def _contains(address: IPv4Address | IPv6Address, network: IPv4Network | IPv6Network) -> bool:
    return address in network


_SAME_BOOL = _typed(read_bool, read_bool, operator.eq)
_ADDRESS = _typed(read_address, read_network, _contains)
_ORDERS: tuple[tuple[str, Callable[[Decimal, Decimal], bool], bool], ...] = (
    ("equals", operator.eq, False),
    ("notequals", operator.eq, True),
    ("lessthan", operator.lt, False),
    ("lessthanequals", operator.le, False),
    ("greaterthan", operator.gt, False),
    ("greaterthanequals", operator.ge, False),
)

# Each with whether it is negated.
_OPERATORS: dict[str, tuple[Compare | None, bool]] = {
    "null": (None, False),
    "stringequals": (_text_operator(), False),
    "stringnotequals": (_text_operator(), True),
    "stringequalsignorecase": (_text_operator(ignore_case=True), False),
    "stringnotequalsignorecase": (_text_operator(ignore_case=True), True),
    "stringlike": (_text_operator(WILDCARDS), False),
    "stringnotlike": (_text_operator(WILDCARDS), True),
    "arnequals": (compare_arn, False),
    "arnlike": (compare_arn, False),
    "arnnotequals": (compare_arn, True),
    "arnnotlike": (compare_arn, True),
    "bool": (_compare_bool, False),
    "binaryequals": (_typed(read_bytes, read_bytes, operator.eq), False),
    "ipaddress": (_ADDRESS, False),
    "notipaddress": (_ADDRESS, True),
    **{f"numeric{n}": (_typed(read_number, read_number, c), no) for n, c, no in _ORDERS},
    **{f"date{n}": (_typed(read_date, read_date, c), no) for n, c, no in _ORDERS},
}
