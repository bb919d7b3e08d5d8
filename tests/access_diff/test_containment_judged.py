"""The comparison against a solver: it says that access grows exactly when the solver does."""

from __future__ import annotations

from copy import deepcopy
from random import Random
from typing import Any

import pytest
from access_pairs import Reading, document
from judges.containment_solver import KEYS, gains

from deploy_access.access_diff.access import compare_access

Json = dict[str, Any]

COUNT = 500
# Objects and actions of S3, of which many take an object, and a service that AWS's list does not
# have: what some patterns leave is an action that may be on an object, as for the solver each may.
ACTIONS = (
    *("s3:GetObject", "s3:Get*", "s3:*", "S3:GETOBJECT", "s3:?etObject", "s3:*Object"),
    *("s3:Put*", "s3:PutObject", "s3:Delete*", "*", "new:*", "new:Get*", "new:GetItem"),
)
# The wildcards are in the last part, where all of them match every character.
RESOURCES = (
    *("arn:aws:s3:::*/*", "arn:aws:s3:::logs/*", "arn:aws:s3:::l?gs/*", "arn:aws:s3:::*/web/*"),
    *("arn:aws:s3:::logs/web/*", "arn:aws:s3:::*/s", "arn:aws:s3:::l*/w*b/*", "arn:aws:s3:::l*/x"),
)
VALUES: tuple[str, ...] = ("web", "w*", "w?b", "*", "*b", "api", "a*i", "??", "*e*", "")
OPERATORS = (
    *("StringEquals", "StringLike", "StringNotEquals", "StringNotLike"),
    *("StringEqualsIfExists", "StringLikeIfExists", "StringNotLikeIfExists"),
)


def random_statement(random: Random) -> Json:
    """Write a statement with actions, resources and conditions on texts."""
    condition: dict[str, dict[str, list[str]]] = {}
    for key in random.sample(KEYS, random.choice((0, 0, 1, 1, 2))):
        values = random.sample(VALUES, random.choice((1, 1, 2)))
        condition.setdefault(random.choice(OPERATORS), {})[key] = values
    return {
        "Effect": "Allow" if random.random() < 0.65 else "Deny",
        "Action": random.sample(ACTIONS, random.choice((1, 1, 2))),
        "Resource": random.sample(RESOURCES, random.choice((1, 1, 2))),
        **({"Condition": condition} if condition else {}),
    }


def random_pair(random: Random) -> tuple[Json, Json]:
    """Make a document, and one in which a statement or two are others."""
    base = [random_statement(random) for _ in range(random.choice((1, 2, 3, 4)))]
    head = deepcopy(base)
    for _ in range(random.choice((1, 1, 2))):
        other, place = random_statement(random), random.randrange(len(head))
        change = random.random()
        if change < 0.25:
            head.append(other)
        elif change < 0.4 and len(head) > 1:
            del head[place]
        elif change < 0.6:
            head[place] = other
        else:
            key: str = random.choice(sorted(other.keys() & head[place].keys()))
            head[place][key] = other[key]
    return document(*base), document(*head)


def ours(base: Json, head: Json) -> tuple[bool, bool]:
    """Whether the comparison reports a gain, and a loss."""
    before, after = (Reading(identity=(side,)).estate() for side in (base, head))
    changes = compare_access(before, after)
    found = changes[0].permissions if changes else None
    return bool(found and found.gained), bool(found and found.lost)


@pytest.mark.slow
def test_the_solver_agrees() -> None:
    """Of 500 pairs, both ways: what grows, what shrinks, and what is only written anew."""
    random = Random(10)  # noqa: S311 - the same cases every time
    pairs = [random_pair(random) for _ in range(COUNT)]
    theirs = [(gains(base, head), gains(head, base)) for base, head in pairs]
    unlike = [
        (pair, found, expected)
        for pair, expected in zip(pairs, theirs, strict=True)
        if (found := ours(*pair)) != expected
    ]

    assert unlike == []
    # Each answer is asked for often enough to mean something.
    assert min(theirs.count(answer) for answer in ((True, False), (False, True), (True, True))) > 40
    assert theirs.count((False, False)) > 40
