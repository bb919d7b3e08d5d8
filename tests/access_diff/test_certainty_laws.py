"""Laws of what may not be there: it never takes a gain away, and it is no difference to itself."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from doubtful_estates import Json, changed, doubtful, random_stack, read
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy_access.access_diff.access import compare_access

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from deploy_access.access_diff.model import Party

    Key = tuple[Party, str, str, str, frozenset[str]]

SEEDS = st.integers(0, 10**9)


def gained(base: Json, head: Json) -> set[Key]:
    """List what is gained, or may be, as it is written in the head."""
    return set(_gained(base, head))


def _gained(base: Json, head: Json) -> Iterator[Key]:
    for change in compare_access(read(base), read(head)):
        for one in change.permissions.gained:
            yield change.party, one.principal, one.action, one.resource, _asked(one.conditions)
        for grant in change.trust.gained:
            yield change.party, grant.principal, "", "", _asked(grant.conditions)


def _asked(conditions: Iterable[str]) -> frozenset[str]:
    """Return conditions without the order of their values."""
    return frozenset(" ".join(sorted(phrase.split())) for phrase in conditions)


def lost(before: set[Key], after: set[Key]) -> set[Key]:
    """List the gains that are no longer shown: neither as they were, nor within a wider row."""
    return {key for key in before if not any(_is_within(key, row) for row in after)}


def _is_within(key: Key, row: Key) -> bool:
    """Whether a row is about the same or more: everybody, every resource, fewer conditions."""
    party, who, action, resource, asked = key
    in_row = row[1] in {who, "*"} and row[3] in {resource, "*"}
    return row[0] == party and in_row and row[2] == action and row[4] <= asked


@settings(max_examples=100, deadline=None)
@given(seed=SEEDS)
def test_what_may_not_be_there_takes_no_gain_away(seed: int) -> None:
    """A part of either side that becomes uncertain hides nothing that was shown before."""
    random = Random(seed)  # noqa: S311 - Hypothesis draws the seed
    base = random_stack(random)
    head = changed(base, random)
    before = gained(base, head)

    assert lost(before, gained(doubtful(base, random), head)) == set()
    assert lost(before, gained(base, doubtful(head, random))) == set()


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS)
def test_what_may_not_be_there_is_no_difference_to_itself(seed: int) -> None:
    """The same uncertainty on both sides is the same."""
    random = Random(seed)  # noqa: S311 - Hypothesis draws the seed
    stack = doubtful(doubtful(random_stack(random), random), random)

    assert compare_access(read(stack), read(stack)) == ()
