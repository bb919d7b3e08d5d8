"""iam-simulate, which is not ours, decides the requests that the comparison offers as its proof."""

from __future__ import annotations

from itertools import product
from random import Random
from typing import TYPE_CHECKING, TypeVar

import pytest
from access_pairs import (
    ASKED_ACTIONS,
    ASKED_RESOURCES,
    CLAIMS,
    HELD,
    PREFIX,
    PROVIDER,
    Json,
    Reading,
    Values,
    covers,
    document,
    random_context,
    random_pair,
    random_trust_statement,
)
from review_simulator import are_allowed, request_of, takes, token_of

from deploy_access.access_diff.access import compare_access
from deploy_access.access_diff.model import Delta, PermissionGrant, TrustGrant

if TYPE_CHECKING:
    from deploy_access.access_diff.model import Witness

COUNT = 2000
TAKEN = [pair for pair in product(ASKED_ACTIONS, ASKED_RESOURCES) if takes(*pair)]
About = TypeVar("About")
pytestmark = pytest.mark.slow


def compare(base: Reading, head: Reading) -> tuple[Delta[TrustGrant], Delta[PermissionGrant]]:
    """Compare two readings of the one role."""
    changes = compare_access(base.estate(), head.estate())
    return (changes[0].trust, changes[0].permissions) if changes else (Delta(), Delta())


def pairs(seed: int) -> list[tuple[Reading, Reading]]:
    """Make pairs, the same every time."""
    random = Random(seed)  # noqa: S311 - the same cases every time
    return [random_pair(random) for _ in range(COUNT)]


def judged(asked: list[tuple[Json, Json, About]]) -> list[tuple[bool, bool, About]]:
    """Let iam-simulate decide each case on both sides."""
    before = are_allowed([one for one, _, _ in asked])
    after = are_allowed([other for _, other, _ in asked])
    about = [what for _, _, what in asked]
    return list(zip(before, after, about, strict=True))


def test_iam_simulate_allows_what_was_gained_on_one_side_alone() -> None:
    """What proves a gain is denied before and allowed after; what proves a loss, the reverse."""
    asked: list[tuple[Json, Json, object]] = []
    for base, head in pairs(11):
        _, permissions = compare(base, head)
        for rows, one, other in ((permissions.gained, base, head), (permissions.lost, head, base)):
            for row in rows:
                if row.witness and takes(row.witness.action, row.witness.resource):
                    request = _request(row.witness)
                    cases = request_of(one, *request), request_of(other, *request)
                    asked.append((*cases, (row, base, head)))

    wrong = [about for before, after, about in judged(asked) if before or not after]
    assert not wrong, f"{len(wrong)} of {len(asked)}; the first: {wrong[0]}"
    assert len(asked) > COUNT / 4


def _request(witness: Witness) -> tuple[str, str, Values]:
    context: Values = {
        key: value.split(", ") if key.lower() == "aws:tagkeys" else value
        for key, value in witness.context.items()
    }
    return witness.action, witness.resource, context


def test_the_comparison_has_what_iam_simulate_finds_new() -> None:
    """A request that iam-simulate denies before and allows after is one of what was gained."""
    random = Random(12)  # noqa: S311 - the same cases every time
    asked: list[tuple[Json, Json, tuple[Delta[PermissionGrant], str, str]]] = []
    for base, head in pairs(13):
        _, permissions = compare(base, head)
        for _ in range(4):
            action, resource = random.choice(TAKEN)
            request = (action, resource, random_context(random, HELD))
            cases = request_of(base, *request), request_of(head, *request)
            asked.append((*cases, (permissions, action, resource)))

    flips = 0
    for before, after, (permissions, action, resource) in judged(asked):
        if before != after:
            flips += 1
            rows = permissions.gained if after else permissions.lost
            assert any(covers(row, action, resource) for row in rows), (action, resource, rows)
    assert flips > COUNT / 5


def test_the_comparison_has_the_tokens_that_iam_simulate_newly_lets_in() -> None:
    """Where a token is let in on one side alone, trust grew or shrank."""
    random = Random(14)  # noqa: S311 - the same cases every time
    asked: list[tuple[Json, Json, tuple[Delta[TrustGrant], Values]]] = []
    for base, head in pairs(15):
        trust, _ = compare(base, head)
        for _ in range(4):
            context = random_context(random, CLAIMS)
            asked.append((token_of(base, context), token_of(head, context), (trust, context)))

    flips = 0
    for before, after, (trust, context) in judged(asked):
        if before != after:
            flips += 1
            assert trust.gained if after else trust.lost, (context, trust)
    assert flips > COUNT / 5


def test_iam_simulate_agrees_about_the_subjects() -> None:
    """With the subject alone to tell tokens apart, each witness is let in on one side only."""
    random = Random(16)  # noqa: S311 - the same cases every time
    asked: list[tuple[Json, Json, object]] = []
    for _ in range(COUNT):
        base, head = (Reading(trust=document(_by_subject(random))) for _ in range(2))
        trust, _ = compare(base, head)
        for rows, one, other in ((trust.gained, base, head), (trust.lost, head, base)):
            for row in (row for row in rows if row.principal == PROVIDER):
                assert row.witness is not None
                context: Values = {f"{PREFIX}:sub": row.witness, f"{PREFIX}:aud": "x"}
                asked.append((token_of(one, context), token_of(other, context), (row, base, head)))

    assert [about for before, after, about in judged(asked) if before or not after] == []
    assert len(asked) > COUNT


def _by_subject(random: Random) -> Json:
    """Write a trust policy that asks for nothing but the subject."""
    statement = random_trust_statement(random)
    conditions: dict[str, dict[str, list[str]]] = statement["Condition"]
    asked = [keys[f"{PREFIX}:sub"] for keys in conditions.values() if f"{PREFIX}:sub" in keys]
    subjects = asked[0] if asked else ["repo:acme/web:x"]
    return {
        "Effect": "Allow",
        "Principal": statement["Principal"],
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringLike": {f"{PREFIX}:sub": subjects}},
    }
