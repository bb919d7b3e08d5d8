"""Every answer about patterns is held against all short texts, with the evaluator as the truth."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from deploy_access.access_diff.demands import RESOURCE, alternatives, demand
from deploy_access.access_diff.pattern_search import Clause, TooManyStatesError, find_text
from deploy_access.iam.arn_comparison import compare_resource
from deploy_access.iam.comparison import Comparison
from deploy_access.iam.context import Context
from deploy_access.iam.operators import read_operator
from deploy_access.iam.policy_variables import Reader

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from deploy_access.access_diff.demands import Demand

READER = Reader(Context(references=False))
TEXTS = ["".join(text) for length in range(6) for text in product("ab:x", repeat=length)]
ARNS = [":".join(parts) for parts in product(("", "a", "b"), repeat=6)]
PATTERNS = st.text(alphabet="ab:*?", max_size=6)
LISTS = st.lists(PATTERNS, min_size=1, max_size=2)


def of_resource(values: Sequence[str]) -> Demand:
    """Demand a resource."""
    return demand(RESOURCE, "resource", values)


def of_key(operator: str) -> Callable[[Sequence[str]], Demand]:
    """Demand something of a condition key."""
    return lambda values: demand("key", operator, values)


def matches(asked: Demand, text: str) -> bool:
    """Let the evaluator say whether a text is one of those of a demand."""
    found = read_operator(asked.operator)
    compare = compare_resource if found is None else found.compare
    assert compare is not None
    compared = {compare(text, value, READER) for value in asked.values}
    if found and found.negated:
        return not compared & {Comparison.EQUAL, Comparison.INVALID}
    return Comparison.EQUAL in compared


def search(asked: Sequence[tuple[Demand, bool]]) -> str | None:
    """Find a text that meets some demands and fails others."""
    for way in product(*(alternatives(one, met=met) for one, met in asked)):
        clauses: list[Clause] = [clause for clauses in way for clause in clauses]
        found = find_text(clauses)
        if found is not None:
            return "".join(map(str, found))
    return None


def fits(asked: Sequence[tuple[Demand, bool]], text: str) -> bool:
    """Let the evaluator say whether a text meets some demands and fails others."""
    return all(matches(one, text) is met for one, met in asked)


KINDS = [
    pytest.param(of_resource, TEXTS, id="resource"),
    pytest.param(of_key("stringlike"), TEXTS, id="StringLike"),
    pytest.param(of_key("stringequals"), TEXTS, id="StringEquals"),
    pytest.param(of_key("stringequalsignorecase"), TEXTS, id="StringEqualsIgnoreCase"),
    pytest.param(of_key("stringnotlike"), TEXTS, id="StringNotLike"),
    pytest.param(of_key("arnlike"), ARNS, id="ArnLike"),
    pytest.param(of_key("arnnotlike"), ARNS, id="ArnNotLike"),
]


@pytest.mark.parametrize(("make", "texts"), KINDS)
@given(wanted=st.lists(LISTS, max_size=2), unwanted=st.lists(LISTS, max_size=3))
def test_an_answer_is_what_trying_every_text_finds(
    make: Callable[[Sequence[str]], Demand],
    texts: list[str],
    wanted: list[list[str]],
    unwanted: list[list[str]],
) -> None:
    """A text that is found fits; when none is found, no short text fits."""
    asked = [(make(one), True) for one in wanted] + [(make(one), False) for one in unwanted]
    found = search(asked)

    if found is None:
        assert [text for text in texts if fits(asked, text)] == []
    else:
        assert fits(asked, found)


@pytest.mark.parametrize(("make", "texts"), KINDS)
@given(values=st.lists(PATTERNS, min_size=1, max_size=2))
def test_a_pattern_matches_what_the_evaluator_says(
    make: Callable[[Sequence[str]], Demand], texts: list[str], values: list[str]
) -> None:
    """Every short text is matched by a pattern, or is not, as the evaluator has it."""
    asked = make(values)
    ours = [
        text
        for text in texts
        if any(
            all(clause.texts.match(text) is clause.wanted for clause in way)
            for way in alternatives(asked, met=True)
        )
    ]

    assert ours == [text for text in texts if matches(asked, text)]


def test_a_colon_that_nobody_names_is_tried() -> None:
    """`?` of a resource stays in its part, so `?*` leaves what begins with the end of one."""
    asked = [(of_resource(["*"]), True), (of_resource(["?*"]), False), (of_resource([""]), False)]

    assert search(asked) == ":"


ARN_PATTERNS = st.lists(st.sampled_from(("", "*", "a", "?", "a*", "*b")), min_size=5, max_size=7)


@pytest.mark.parametrize("operator", ["arnlike", "arnnotlike", "resource"])
@given(
    wanted=st.lists(ARN_PATTERNS, min_size=1, max_size=2),
    unwanted=st.lists(ARN_PATTERNS, max_size=3),
)
def test_arns_are_compared_part_by_part(
    operator: str, wanted: list[list[str]], unwanted: list[list[str]]
) -> None:
    """Wildcards of ARNs stay in their part, or reach over it, as the evaluator has it."""
    part = RESOURCE if operator == "resource" else "key"
    asked = [(demand(part, operator, [":".join(one)]), True) for one in wanted]
    asked += [(demand(part, operator, [":".join(one)]), False) for one in unwanted]
    try:
        found = search(asked)
    except TooManyStatesError:
        # Five entangled patterns can have more states than a search looks at.
        reject()

    if found is None:
        assert [text for text in ARNS if fits(asked, text)] == []
    else:
        assert fits(asked, found)


@pytest.mark.parametrize(
    ("wanted", "unwanted", "expected"),
    [
        pytest.param(["repo:a/b:*"], [["repo:a/b:ref", "repo:a/b:*"]], None, id="word-for-word"),
        pytest.param(["a?"], [["ab"], ["a*c"]], "ax", id="one-other"),
        pytest.param(["*"], [["?*"], ["x"]], "", id="empty"),
        pytest.param(["a*"], [["a"], ["a?*"]], None, id="together"),
        pytest.param(["a*"], [["a"], ["a??*"]], "ax", id="not-quite-together"),
        pytest.param(["a", "ab"], [["a"]], "ab", id="listed"),
    ],
)
def test_what_is_left_of_a_pattern(
    wanted: list[str], unwanted: list[list[str]], expected: str | None
) -> None:
    """Several patterns can cover one together, and what they leave is named."""
    like = of_key("stringlike")

    assert search([(like(wanted), True), *((like(one), False) for one in unwanted)]) == expected


@pytest.mark.parametrize(
    ("wanted", "unwanted", "expected"),
    [
        pytest.param(["${x}/a"], ["${x}/*"], None, id="within-itself"),
        pytest.param(["${x}/*"], ["${x}/a"], "${x}/", id="more-of-itself"),
        pytest.param(["${x}"], ["${y}"], "${x}", id="another"),
        pytest.param(["${x}"], ["*"], None, id="star"),
        pytest.param(["${x}"], ["?"], "${x}", id="no-character"),
        pytest.param(["${aws:username}/a"], ["${aws:username}/?"], None, id="variable"),
        pytest.param(["${*}"], ["a"], "*", id="escaped"),
    ],
)
def test_what_is_not_known_equals_itself(
    wanted: list[str], unwanted: list[str], expected: str | None
) -> None:
    """A reference is a symbol: the same one is the same, a `*` covers it, and nothing else does."""
    like = of_key("stringlike")
    found = find_text(
        [
            clause
            for one, met in ((like(wanted), True), (like(unwanted), False))
            for clause in alternatives(one, met=met)[0]
        ]
    )

    shown = None if found is None else "".join(getattr(s, "text", None) or str(s) for s in found)
    assert shown == expected


@pytest.mark.parametrize(
    ("also", "unwanted", "is_possible"),
    [
        pytest.param(["arn:*"], ["b"], True, id="may-be-an-arn"),
        pytest.param(["arn:*"], ["arn:*"], False, id="covered-by-the-other"),
        pytest.param(["arn:*"], ["${x}"], False, id="covered-by-itself"),
    ],
)
def test_what_is_not_known_may_be_what_is_asked_for(
    also: list[str], unwanted: list[str], *, is_possible: bool
) -> None:
    """A reference that must match something else too may do so, whatever the files say of it."""
    like = of_key("stringlike")

    found = search([(like(["${x}"]), True), (like(also), True), (like(unwanted), False)])

    assert (found is not None) is is_possible
