"""Laws of the comparison, whatever the policies are."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

from access_pairs import Json, Reading, document, random_pair, random_statement
from hypothesis import given
from hypothesis import strategies as st

from deploy_access.access_diff.access import compare_access
from deploy_access.terraform.estate import Estate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deploy_access.access_diff.model import AccessChange, PermissionGrant, TrustGrant

PAIRS = st.integers(0, 10**9).map(lambda seed: random_pair(Random(seed)))  # noqa: S311
STATEMENTS = st.integers(0, 10**9).map(lambda seed: random_statement(Random(seed)))  # noqa: S311


def compare(base: Reading, head: Reading) -> AccessChange | None:
    """Compare two readings of the one role."""
    changes = compare_access(base.estate(), head.estate())
    return changes[0] if changes else None


def said(rows: Sequence[PermissionGrant]) -> set[tuple[object, ...]]:
    """Leave out of rows why they are new, which reads differently in the other direction."""
    return {
        (row.action, tuple(sorted(row.actions.items())), row.resource, row.conditions, row.certain)
        for row in rows
    }


def trusted(rows: Sequence[TrustGrant]) -> set[tuple[object, ...]]:
    """Do the same for who may assume the role."""
    return {(row.principal, row.subject, row.conditions, row.certain) for row in rows}


def shuffled(policy: Json, random: Random) -> Json:
    """Change the order of everything that has an order in JSON and none in IAM."""
    statements: list[Json] = [
        {key: _shuffled_value(value, random) for key, value in statement.items()}
        for statement in policy["Statement"]
    ]
    return document(*random.sample(statements, len(statements)))


def _shuffled_value(value: Any, random: Random) -> Any:
    return random.sample(value, len(value)) if isinstance(value, list) else value  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]


def split(policy: Json) -> list[Json]:
    """Make a statement of each action and resource, and a policy of each statement."""
    return [document(part) for statement in policy["Statement"] for part in _parts(statement)]


def _parts(statement: Json) -> list[Json]:
    parts = [statement]
    for key in ("Action", "Resource"):
        if key in statement:
            parts = [part | {key: [value]} for part in parts for value in statement[key]]
    return parts


@given(pair=PAIRS)
def test_nothing_differs_from_itself(pair: tuple[Reading, Reading]) -> None:
    """A reading has gained and lost nothing against itself."""
    assert compare(pair[0], pair[0]) is None


@given(pair=PAIRS)
def test_what_is_gained_one_way_is_lost_the_other(pair: tuple[Reading, Reading]) -> None:
    """Swapping both sides swaps gains and losses."""
    forth, back = compare(pair[0], pair[1]), compare(pair[1], pair[0])

    assert (forth is None) == (back is None)
    if forth and back:
        assert said(forth.permissions.gained) == said(back.permissions.lost)
        assert said(forth.permissions.lost) == said(back.permissions.gained)
        assert trusted(forth.trust.gained) == trusted(back.trust.lost)
        assert trusted(forth.trust.lost) == trusted(back.trust.gained)


@given(pair=PAIRS, seed=st.integers(0, 10**9))
def test_order_does_not_matter(pair: tuple[Reading, Reading], seed: int) -> None:
    """The order of statements, values and policies makes no difference."""
    reading, random = pair[0], Random(seed)  # noqa: S311 - Hypothesis draws the seed
    other = Reading(
        identity=tuple(shuffled(one, random) for one in reversed(reading.identity)),
        boundary=shuffled(reading.boundary, random) if reading.boundary else None,
        trust=shuffled(reading.trust, random) if reading.trust else None,
    )

    assert compare(reading, other) is None
    assert compare(other, reading) is None


@given(pair=PAIRS)
def test_splitting_does_not_matter(pair: tuple[Reading, Reading]) -> None:
    """One statement says the same as several, in one policy or in several."""
    reading = pair[0]
    other = Reading(
        identity=tuple(part for policy in reading.identity for part in split(policy)),
        boundary=document(*(one for part in split(reading.boundary) for one in part["Statement"]))
        if reading.boundary
        else None,
        trust=reading.trust,
    )

    assert compare(reading, other) is None
    assert compare(other, reading) is None


@given(pair=PAIRS, statement=STATEMENTS)
def test_a_statement_more_takes_nothing_away(
    pair: tuple[Reading, Reading], statement: Json
) -> None:
    """An `Allow` more loses nothing, and a `Deny` more gains nothing."""
    base = pair[0]
    head = Reading(
        identity=(*base.identity, document(statement)), boundary=base.boundary, trust=base.trust
    )
    change = compare(base, head)

    if change and statement["Effect"] == "Allow":
        assert change.permissions.lost == ()
    elif change:
        assert change.permissions.gained == ()


@given(pair=PAIRS)
def test_a_role_that_is_new_gains_all_that_one_loses_that_is_gone(
    pair: tuple[Reading, Reading],
) -> None:
    """Against nothing at all, everything is new; and nothing is kept."""
    reading = pair[0]
    made = compare_access(Estate(), reading.estate())
    gone = compare_access(reading.estate(), Estate())

    assert [one.presence for one in made] in ([], ["made"])
    assert [one.presence for one in gone] in ([], ["gone"])
    for one, other in zip(made, gone, strict=True):
        assert said(one.permissions.gained) == said(other.permissions.lost)
        assert one.permissions.lost == one.permissions.kept == other.permissions.gained == ()
