"""What a condition key can hold is held against every value that could matter."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from deploy_access.access_diff.budget import Budget
from deploy_access.access_diff.demands import demand
from deploy_access.access_diff.find_value import UNDECIDED, find_answer
from deploy_access.access_diff.key_values import LiteralDemand, agrees

if TYPE_CHECKING:
    from deploy_access.access_diff.demands import Demand

STRINGS = ("a", "b", "a*", "*b", "a?", "A", "*", "ab")
FAMILIES = (
    (
        *(("StringEquals", "StringNotEquals", "StringLike", "StringNotLike"), STRINGS),
        ("", "a", "b", "A", "ab", "aa", "bb", "x", "ax", "xb", "AB", "axb"),
    ),
    (("Bool",), ("true", "false"), ("true", "false", "x")),
    (
        *(("NumericEquals", "NumericNotEquals", "NumericLessThan"), ("1", "2", "3.5")),
        ("0", "1", "1.5", "2", "3", "3.5", "4", "x"),
    ),
    (
        ("DateLessThan", "DateGreaterThanEquals", "DateEquals"),
        ("2026-01-01T00:00:00Z", "2026-06-01T00:00:00Z"),
        ("2025-01-01", "2026-01-01T00:00:00Z", "2026-03-01", "2026-06-01T00:00:00Z", "2027-01-01"),
    ),
    (
        *(("IpAddress", "NotIpAddress"), ("10.0.0.0/8", "10.0.1.0/24", "10.0.0.0/9", "::/0")),
        ("9.0.0.1", "10.0.0.1", "10.0.1.7", "10.200.0.1", "11.0.0.0", "::1", "x"),
    ),
    (("BinaryEquals",), ("QQ==", "QUI="), ("QQ==", "QUI=", "QUJD", "x")),
)
SETS = ("", "ForAllValues:", "ForAnyValue:")


@st.composite
def questions(draw: st.DrawFn) -> tuple[frozenset[LiteralDemand], tuple[str, ...]]:
    """Draw demands on one key, with the values to try."""
    names, values, tried = draw(st.sampled_from(FAMILIES))
    sets = draw(st.sampled_from([("",), SETS, SETS[1:]]))
    literals = draw(
        st.lists(
            st.builds(LiteralDemand, _demands(names, values, sets), st.booleans()),
            min_size=1,
            max_size=4,
        )
    )
    return frozenset(literals), tried


def _demands(
    names: tuple[str, ...], values: tuple[str, ...], sets: tuple[str, ...]
) -> st.SearchStrategy[Demand]:
    listed = st.lists(st.sampled_from(values), min_size=1, max_size=2)
    operators = st.tuples(
        st.sampled_from(sets), st.sampled_from(names), st.sampled_from(("", "IfExists"))
    ).map("".join)
    nulls = st.sampled_from(("true", "false")).map(lambda value: demand("key", "Null", [value]))
    plain = st.tuples(operators, listed).map(lambda drawn: demand("key", *drawn))
    return st.one_of(plain, plain, plain, nulls)


@given(asked=questions())
def test_an_answer_is_what_trying_every_value_finds(
    asked: tuple[frozenset[LiteralDemand], tuple[str, ...]],
) -> None:
    """Values that are found will do; when none are found, none of those that matter will do."""
    literals, tried = asked
    found = find_answer(literals, Budget())

    assert found != UNDECIDED
    if found is None:
        held = [(), *((one,) for one in tried), *combinations([t for t in tried if t], 2)]
        is_single = any(
            one.demand.condition and not one.demand.condition.set_operator for one in literals
        )
        usable = [h for h in held if len(h) < 2 or not is_single]
        assert [h for h in usable if all(agrees(one, h) for one in literals)] == []
    else:
        values = ["".join(map(str, value)) for value in found.values]
        assert all(agrees(one, values) for one in literals)


def test_two_kinds_of_operators_on_one_key_are_not_decided() -> None:
    """Where patterns and numbers meet on one key, nobody says that there is no value."""
    literals = frozenset(
        {
            LiteralDemand(demand("key", "StringLike", ["*9"])),
            LiteralDemand(demand("key", "NumericGreaterThan", ["1700"])),
            LiteralDemand(demand("key", "NumericLessThan", ["1705"])),
        }
    )

    assert find_answer(literals, Budget()) == UNDECIDED
