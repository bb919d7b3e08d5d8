"""The comparison against single requests: all that is new is reported, and nothing else."""

from __future__ import annotations

from collections import Counter
from itertools import product
from random import Random
from typing import TYPE_CHECKING

import pytest
from access_pairs import (
    ASKED_ACTIONS,
    ASKED_RESOURCES,
    CLAIMS,
    HELD,
    Reading,
    covers,
    random_context,
    random_pair,
)
from review_simulator import takes

from deploy_access.access_diff.access import compare_access
from deploy_access.access_diff.model import Delta, PermissionGrant, TrustGrant

if TYPE_CHECKING:
    from collections.abc import Mapping

COUNT = 600
TAKEN = [pair for pair in product(ASKED_ACTIONS, ASKED_RESOURCES) if takes(*pair)]
pytestmark = pytest.mark.slow


def compare(base: Reading, head: Reading) -> tuple[Delta[TrustGrant], Delta[PermissionGrant]]:
    """Compare two readings of the one role."""
    changes = compare_access(base.estate(), head.estate())
    return (changes[0].trust, changes[0].permissions) if changes else (Delta(), Delta())


def pairs(seed: int) -> list[tuple[Reading, Reading]]:
    """Make pairs, the same every time."""
    random = Random(seed)  # noqa: S311 - the same cases every time
    return [random_pair(random) for _ in range(COUNT)]


def test_every_request_that_is_newly_allowed_is_reported() -> None:
    """A request that the base denies and the head allows is one of what was gained, and back."""
    random = Random(7)  # noqa: S311 - the same cases every time
    flips = 0
    for base, head in pairs(1):
        _, permissions = compare(base, head)
        for _ in range(25):
            action, resource = random.choice(TAKEN)
            context = random_context(random, HELD)
            before = base.allows(action, resource, context)
            after = head.allows(action, resource, context)
            if before != after:
                flips += 1
                rows = permissions.gained if after else permissions.lost
                asked = (action, resource, context, base, head, rows)
                assert any(covers(row, action, resource) for row in rows), asked

    assert flips > COUNT


def test_every_token_that_is_newly_let_in_is_reported() -> None:
    """A token that only one side lets in is reported."""
    random = Random(8)  # noqa: S311 - the same cases every time
    flips = 0
    for base, head in pairs(2):
        trust, _ = compare(base, head)
        for _ in range(10):
            context = random_context(random, CLAIMS)
            before, after = base.lets_in(context), head.lets_in(context)
            if before != after:
                flips += 1
                assert trust.gained if after else trust.lost, (context, base, head)

    assert flips > COUNT


def test_every_proof_holds() -> None:
    """What is reported with a request is denied on one side and allowed on the other."""
    proven = Counter[str]()
    for base, head in pairs(3):
        trust, permissions = compare(base, head)
        for name, rows, one, other in (
            ("gained", permissions.gained, base, head),
            ("lost", permissions.lost, head, base),
        ):
            for row in rows:
                proven[f"{name} {row.certain}"] += 1
                is_open = "${aws:PrincipalTag/team}" in row.why or "AWS's list" in row.why
                assert row.certain or is_open, (row, base, head)
                if row.witness:
                    context = _held(row.witness.context)
                    asked = (row.witness.action, row.witness.resource, context)
                    assert not one.allows(*asked), (row, base, head)
                    assert other.allows(*asked), (row, base, head)
        assert all(row.certain for row in (*trust.gained, *trust.lost))

    assert proven["gained True"] > COUNT / 2
    assert proven["gained False"] < proven["gained True"] / 8


def _held(context: Mapping[str, str]) -> dict[str, str | list[str]]:
    """Read a witness: a key of many values has them with commas."""
    return {
        key: value.split(", ") if key.lower() == "aws:tagkeys" else value
        for key, value in context.items()
    }
