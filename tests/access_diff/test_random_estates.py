"""iam-simulate, which is not ours, decides requests in random estates before and after a change."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from access_pairs import ACCOUNT, covers
from random_estates import CONTEXTS, OTHER, PRINCIPALS, REQUESTS, Side, random_pair
from review_simulator import are_allowed, takes

from deploy_access.json_file import JsonFile
from deploy_access.review.compare import compare
from deploy_access.terraform.snapshot import read_snapshot
from deploy_access.terraform.sources import StackFile

if TYPE_CHECKING:
    from random_estates import Json

    from deploy_access.access_diff.model import AccessChange
    from deploy_access.review.model import Review
    from deploy_access.terraform.snapshot import Snapshot

ASKED_OF_EACH = 3
CALLERS = (*(one for one in PRINCIPALS if one[0] != "group"), ("role", "foreign"))

pytestmark = pytest.mark.slow


class Asked(NamedTuple):
    """A request, and the pair that it is asked of."""

    number: int
    kind: str
    name: str
    action: str
    resource: str


def snapshot(side: Side) -> Snapshot:
    """Read one estate."""
    file = JsonFile(name="web.tf.json", content=side.content, repeated=())
    return read_snapshot([StackFile(file=file, stack="web")])


def reviewed(base: Side, head: Side) -> Review:
    """Review the change of an estate."""
    return compare(snapshot(base), snapshot(head))


def case(side: Side, asked: Asked, context: dict[str, str | list[str]]) -> Json:
    """Ask the judge about a request in one estate."""
    is_foreign = asked.name == "foreign"
    account = OTHER if is_foreign else ACCOUNT
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    allowed = [{"Version": "2012-10-17", "Statement": [everything]}]
    principal = f"arn:aws:iam::{account}:user/{asked.name}"
    if asked.kind == "role":
        principal = f"arn:aws:sts::{account}:assumed-role/{asked.name}/run"
    return {
        "principal": principal,
        "action": asked.action,
        "resource": asked.resource,
        "account": ACCOUNT,
        "context": context,
        "identity": allowed if is_foreign else side.identity(asked.kind, asked.name),
        "boundary": None if is_foreign else side.boundary(asked.name),
        "resource_policy": side.shared(asked.resource),
    }


def is_reported(found: Review, asked: Asked) -> bool:
    """Whether a change of access tells of a request: of its caller, or of what it is asked of."""
    return any(
        covers(row, asked.action, asked.resource)
        for change in found.access
        if _is_about(change, asked)
        for row in change.permissions.gained
    )


def _is_about(change: AccessChange, asked: Asked) -> bool:
    kind, name = change.party.kind, change.party.name
    if kind in {"bucket", "queue"}:
        return {"bucket": "s3", "queue": "sqs"}[kind] == asked.action.partition(":")[0]
    return (kind, name) == (asked.kind, asked.name) or kind in {"group", "policy"}


@pytest.fixture(scope="module")
def pairs(request: pytest.FixtureRequest) -> list[tuple[Side, Side, Review]]:
    """Make the pairs, the same every time, and review each."""
    random = Random(21)  # noqa: S311 - the same cases every time
    count: Any = request.config.getoption("--estates")
    sides = [random_pair(random) for _ in range(count)]
    return [(base, head, reviewed(base, head)) for base, head in sides]


def test_what_is_newly_allowed_is_reported(pairs: list[tuple[Side, Side, Review]]) -> None:
    """A request that iam-simulate denies before and allows after is told of."""
    random = Random(22)  # noqa: S311 - the same cases every time
    asked: list[Asked] = []
    cases: list[tuple[Json, Json]] = []
    for number, (base, head, _) in enumerate(pairs):
        for _ in range(ASKED_OF_EACH):
            one = Asked(number, *random.choice(CALLERS), *random.choice(REQUESTS))
            context = random.choice(CONTEXTS)
            asked.append(one)
            cases.append((case(base, one, context), case(head, one, context)))
    before, after = (are_allowed(list(side)) for side in zip(*cases, strict=True))

    gained = [one for one, was, now in zip(asked, before, after, strict=True) if now and not was]
    missed = [one for one in gained if not is_reported(pairs[one.number][2], one)]
    assert missed == []
    assert len(gained) > len(asked) / 40


def test_the_same_estate_is_no_change(pairs: list[tuple[Side, Side, Review]]) -> None:
    """An estate against itself has no change of access."""
    assert [n for n, (base, _, _) in enumerate(pairs) if reviewed(base, base).access] == []


def test_a_certain_witness_is_allowed(pairs: list[tuple[Side, Side, Review]]) -> None:
    """What proves a certain gain of a role or a user is allowed after the change."""
    asked: list[tuple[int, AccessChange]] = []
    cases: list[Json] = []
    for number, (_, head, found) in enumerate(pairs):
        for change in found.access:
            kind, name = change.party.kind, change.party.name
            if (kind, name) not in CALLERS:
                continue
            for row in change.permissions.gained:
                witness = row.witness
                if row.certain and witness and takes(witness.action, witness.resource):
                    one = Asked(number, kind, name, witness.action, witness.resource)
                    asked.append((number, change))
                    cases.append(case(head, one, dict(witness.context)))

    denied = [
        about for about, allowed in zip(asked, are_allowed(cases), strict=True) if not allowed
    ]
    assert denied == []
    assert len(cases) > len(pairs) / 8
