"""Ours and iam-simulate decide the same cases alike: thousands of them, the same every time."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from judged_cases import ask_simulator, decide, show
from random_conditions import ORDERS
from random_policies import access_cases, trust_cases

from deploy_access.iam.decision import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from judged_cases import Case

COUNT = 5000
OPERATORS = {
    *("Null", "Bool", "BinaryEquals", "IpAddress", "NotIpAddress"),
    *(f"Arn{name}" for name in ("Equals", "Like", "NotEquals", "NotLike")),
    *(f"String{no}{name}" for no in ("", "Not") for name in ("Equals", "Like", "EqualsIgnoreCase")),
    *(f"{kind}{order}" for kind in ("Numeric", "Date") for order in ORDERS),
}
pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    "generate",
    [pytest.param(trust_cases, id="trust"), pytest.param(access_cases, id="access")],
)
def test_ours_and_iam_simulate_agree(generate: Callable[[int, int], Iterator[Case]]) -> None:
    """Every case ends alike, explicit and implicit denials apart, and about half are allowed."""
    cases = list(generate(2026, COUNT))
    ours = [decide(case).verdict for case in cases]
    theirs = ask_simulator(cases)
    disagreements = [
        show(case, our, their)
        for case, our, their in zip(cases, ours, theirs, strict=True)
        if our is not their
    ]

    assert not disagreements, f"{len(disagreements)} of {COUNT}; the first:\n{disagreements[0]}"
    assert 0.35 <= Counter(ours)[Verdict.ALLOWED] / COUNT <= 0.65


def test_the_cases_cover_what_iam_has() -> None:
    """Every operator, with and without its additions, is in the cases."""
    cases = [*trust_cases(2026, COUNT), *access_cases(2026, COUNT)]
    found = Counter(
        operator
        for case in cases
        for policy in (*case.identity, case.boundary, case.resource_policy)
        if policy
        for statement in _statements(policy)
        for operator in statement.get("Condition", {})
    )
    expected = {
        f"{prefix}{name}{suffix}"
        for name in OPERATORS
        for prefix in ("", "ForAllValues:", "ForAnyValue:")
        for suffix in ("", "IfExists")
        if name != "Null" or not (prefix or suffix)
    }

    assert sorted(expected - set(found)) == []


def _statements(policy: dict[str, object]) -> list[dict[str, dict[str, object]]]:
    found: object = policy["Statement"]
    return found if isinstance(found, list) else [found]  # pyright: ignore[reportUnknownVariableType, reportReturnType]
