"""The sentence of a review says what matters, with numbers and without names."""

from __future__ import annotations

from dataclasses import replace

import pytest
from review_values import (
    ACCEPTED,
    CHANGED,
    EVERYTHING,
    FOUND,
    GONE,
    LOST,
    MADE,
    SHARED,
    UNREAD,
    WIDER,
    allowed,
    trusted,
)

from deploy_access.access_diff.model import AccessChange, Delta
from deploy_access.report.review_verdict import verdict
from deploy_access.review.model import Review

TRUST = Delta(gained=(trusted("repo:acme/web:*"),))
WRITE = Delta(gained=(allowed("ecr:PutImage", "write"),))
DOUBTED = Delta(gained=(allowed("ecr:PutImage", "write", certain=False),))
LETS_IN = replace(WIDER, trust=TRUST, permissions=Delta(), session=None)
DOES = replace(WIDER, trust=Delta(), permissions=WRITE, session=None)
MIGHT = replace(WIDER, trust=Delta(), permissions=DOUBTED, session=None)
LONGER = replace(WIDER, trust=Delta(), permissions=Delta(), session=(3600, 7200))
LESS = replace(WIDER, trust=Delta(), permissions=Delta(lost=WRITE.gained), session=None)
FEWER = replace(WIDER, trust=Delta(lost=TRUST.gained), permissions=Delta(), session=None)
KEY, QUEUE = (replace(LOST, type=kind) for kind in ("aws_kms_key", "aws_sqs_queue"))
PLAIN = replace(LOST, type="aws_iam_role", holds_data=False)
WARNED = replace(FOUND, finding=replace(FOUND.finding, severity="warning"))
NOTED = replace(FOUND, finding=replace(FOUND.finding, severity="note"))


def _of(kind: str, change: AccessChange) -> AccessChange:
    """Return the change of a party of another kind."""
    return replace(change, party=replace(change.party, kind=kind))


@pytest.mark.parametrize(
    ("review", "sentence"),
    [
        pytest.param(
            Review(), "No change in access, and nothing would be destroyed.", id="nothing"
        ),
        pytest.param(
            Review(access=(LETS_IN,)),
            "1 role lets more in, and nothing would be destroyed.",
            id="trust",
        ),
        pytest.param(
            Review(access=(DOES, DOES)),
            "2 roles can do more, and nothing would be destroyed.",
            id="roles",
        ),
        pytest.param(
            Review(access=(MIGHT,)),
            "1 role might do more, and nothing would be destroyed.",
            id="doubt",
        ),
        pytest.param(
            Review(access=(WIDER,)),
            "1 role lets more in and can do more, and nothing would be destroyed.",
            id="both",
        ),
        pytest.param(
            Review(access=(LONGER,)),
            "1 role can be used for longer, and nothing would be destroyed.",
            id="session",
        ),
        pytest.param(
            Review(access=(MADE, SHARED)),
            "1 repository lets others do more, 1 role is new, and nothing would be destroyed.",
            id="kinds",
        ),
        pytest.param(
            Review(access=(LESS, FEWER, GONE)),
            "1 role can do less, 1 role lets fewer in, 1 role is gone, "
            "and nothing would be destroyed.",
            id="narrower",
        ),
        pytest.param(
            Review(access=(_of("user", DOES), _of("group", MIGHT), _of("policy", DOES))),
            "1 user can do more, 1 group might do more, 1 policy allows more, "
            "and nothing would be destroyed.",
            id="users",
        ),
        pytest.param(
            Review(access=(_of("policy", MIGHT), _of("policy", MIGHT))),
            "2 policies might allow more, and nothing would be destroyed.",
            id="policies",
        ),
        pytest.param(
            Review(access=(_of("user", GONE), _of("group", LESS), _of("policy", LESS))),
            "1 user is gone, 1 group can do less, 1 policy allows less, "
            "and nothing would be destroyed.",
            id="users with less",
        ),
        pytest.param(
            Review(resources=(LOST, CHANGED)),
            "No change in access, and 1 repository with images would be destroyed.",
            id="data",
        ),
        pytest.param(
            Review(resources=(KEY, KEY, QUEUE)),
            "No change in access, 2 encryption keys would be destroyed, "
            "and 1 queue with messages would be destroyed.",
            id="data of other types",
        ),
        pytest.param(
            Review(resources=(LOST, LOST, PLAIN)),
            "No change in access, 2 repositories with images would be destroyed, "
            "and 1 other resource would be destroyed.",
            id="data and others",
        ),
        pytest.param(
            Review(resources=(replace(PLAIN, known=False),)),
            "No change in access, and 1 resource might be destroyed.",
            id="only a plan can tell",
        ),
        pytest.param(
            Review(
                new_findings=(FOUND, WARNED, WARNED, NOTED), new_acceptances=(ACCEPTED, ACCEPTED)
            ),
            "No change in access, the audit has 1 new error and 2 new warnings, "
            "2 findings are newly accepted, and nothing would be destroyed.",
            id="audit",
        ),
        pytest.param(
            Review(problems=(UNREAD,)),
            "No change in access was seen, and nothing would be destroyed, "
            "but 1 thing could not be read.",
            id="not read",
        ),
    ],
)
def test_sentence(review: Review, sentence: str) -> None:
    """Each kind of change has its clause, the worst first."""
    assert verdict(review) == sentence


def test_no_value_is_in_it() -> None:
    """Whatever things are called, the sentence stays the same."""
    party = replace(WIDER.party, kind="**No change**", name="**No change**")
    renamed = replace(EVERYTHING, access=(replace(WIDER, party=party),))

    assert verdict(renamed).startswith("1 resource lets others do more, ")
