"""What a whole comparison may cost, counted in steps."""

from __future__ import annotations

import json
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from access_pairs import Reading

from bench.review_estate import write_estate
from deploy_access.access_diff.access import compare_access
from deploy_access.access_diff.budget import FREE_STEPS, MOST_STEPS_OF_RUN, Budget, RunBudget
from deploy_access.access_diff.pattern_search import MOST_STEPS
from deploy_access.terraform.estate import Estate
from deploy_access.terraform.snapshot import read_snapshot
from deploy_access.terraform.sources import Reading as SourceReading

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from deploy_access.access_diff.model import AccessChange

Json = dict[str, Any]

ROLES = 20
PATTERNS = 40
SMALL: Json = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::logs/*"}


def document(*statements: Json) -> Reading:
    """Return a role with one policy."""
    return Reading(identity=({"Version": "2012-10-17", "Statement": list(statements)},))


def entangled(random: Random, stars: int, ending: str = "") -> Reading:
    """Return a role that is allowed 40 patterns, and denied 40 others."""

    def pattern() -> str:
        parts = ("".join(random.choices("abc", k=random.randint(1, 3))) for _ in range(stars + 1))
        return "arn:aws:s3:::" + "*".join(parts)

    return document(
        *(
            {"Effect": effect, "Action": "s3:*", "Resource": pattern() + more}
            for effect, more in (("Allow", ending), ("Deny", ""))
            for _ in range(PATTERNS)
        )
    )


def estate(readings: Sequence[Reading]) -> Estate:
    """Put the roles into one estate, in their order."""
    roles = [reading.estate().roles[0] for reading in readings]
    return Estate(roles=tuple(replace(r, name=f"role-{i:02}") for i, r in enumerate(roles)))


def hard(stars: int, ending: str = "") -> list[Reading]:
    """Return twenty such roles, the same every time."""
    return [entangled(Random(seed), stars, ending) for seed in range(ROLES)]  # noqa: S311


def certain(change: AccessChange) -> bool:
    """Whether every row of a change is decided."""
    return all(row.certain for row in (*change.permissions.gained, *change.permissions.lost))


@pytest.mark.slow
@pytest.mark.parametrize("stars", [2, 5])
def test_twenty_entangled_roles_share_one_budget(stars: int) -> None:
    """Their narrowing ends a few steps after the budget, and what is not decided is `perhaps`."""
    run = RunBudget()

    changes = compare_access(estate(hard(stars)), estate(hard(stars, "x*")), run)

    # The answer that comes to the end is counted whole.
    assert -2 * MOST_STEPS < run.left < 0
    assert len(changes) == ROLES
    assert all(change.permissions.gained for change in changes[ROLES // 2 :])
    assert not any(map(certain, changes[ROLES // 2 :]))


def test_what_is_small_is_decided_beside_it() -> None:
    """A role within its free steps is decided also when nothing is left."""
    wider = {**SMALL, "Resource": "arn:aws:s3:::*"}
    base, head = estate([*hard(2), document(SMALL)]), estate([*hard(5), document(wider)])

    *others, small = compare_access(base, head, RunBudget(left=0))

    assert not any(map(certain, others))
    assert certain(small)
    assert [row.resource for row in small.permissions.gained] == ["arn:aws:s3:::*"]


def test_the_answer_does_not_depend_on_what_was_asked_before() -> None:
    """A second comparison costs the same and says the same, as remembered answers are counted."""
    sides = estate(hard(2)[:2]), estate(hard(2, "x*")[:2])
    runs = RunBudget(60_000), RunBudget(60_000)

    assert compare_access(*sides, runs[0]) == compare_access(*sides, runs[1])
    assert runs[0] == runs[1]


def test_many_changed_stacks_cost_nothing(tmp_path: Path) -> None:
    """300 changed stacks are within what is free, so the budget is there for what is not."""
    one, other = (write_estate(tmp_path / str(v), 300, version=v) for v in (1, 2))
    base, head = (read_snapshot(SourceReading().sources(side)).estate for side in (one, other))
    run = RunBudget()

    changes = compare_access(base, head, run)

    assert len(changes) == 300
    assert all(map(certain, changes))
    assert run.left == MOST_STEPS_OF_RUN


def full_of_stars(letters: str) -> Json:
    """Return a statement of nearly 10,240 characters, each third a wildcard."""
    random = Random(3)  # noqa: S311 - the same case every time
    names = ("*".join(random.choices("ab", k=20)) + letters for _ in range(170))
    statement = {
        "Effect": "Allow",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{n}" for n in names],
    }
    assert 9_000 < len(json.dumps(statement)) < 10_240
    return statement


def test_one_policy_full_of_wildcards() -> None:
    """To narrow it costs no more than one role may, however many places its patterns have."""
    run = RunBudget()

    (change,) = compare_access(
        document(full_of_stars("")).estate(), document(full_of_stars("x*")).estate(), run
    )

    assert not certain(change)
    assert MOST_STEPS_OF_RUN - run.left < 2 * MOST_STEPS


def test_steps_are_charged_to_the_run_beyond_the_free_ones() -> None:
    """A party spends its own steps, then those of the run, and nothing is decided beyond either."""
    run = RunBudget(left=10)
    budget = Budget(run)

    budget.spend(FREE_STEPS)
    assert (run.left, budget.is_spent) == (10, False)
    budget.spend(11)
    assert (run.left, budget.is_spent) == (-1, True)
    assert not Budget(run).is_spent
    budget = Budget()
    budget.spend(MOST_STEPS + 1)
    assert (budget.run.left, budget.is_spent) == (
        MOST_STEPS_OF_RUN - MOST_STEPS - 1 + FREE_STEPS,
        True,
    )
