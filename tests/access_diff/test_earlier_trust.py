"""Whom a role let in before instead of who is new, and lets in now instead of who is gone."""

from __future__ import annotations

import pytest
from access_pairs import PREFIX, PROVIDER, Json, Reading, document

from deploy_access.access_diff.access import compare_access
from deploy_access.report.review_text import render_review_text
from deploy_access.review.model import Review

MAIN = "repo:acme/web:ref:refs/heads/main"
ALL = "repo:acme/web:*"
AUD = {f"{PREFIX}:aud": "sts.amazonaws.com"}
BOB = {f"{PREFIX}:actor": "bob"}


def trusting(subject: str, *equal: Json) -> Json:
    """Let a subject in, if claims are equal to something."""
    asked = {key: value for one in equal for key, value in one.items()}
    condition: Json = {"StringLike": {f"{PREFIX}:sub": subject}}
    return document(
        {
            "Effect": "Allow",
            "Principal": {"Federated": PROVIDER},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {**condition, **({"StringEquals": asked} if asked else {})},
        }
    )


@pytest.mark.parametrize(
    ("base", "head", "gained", "lost"),
    [
        pytest.param(
            trusting(MAIN, AUD),
            trusting(MAIN),
            ["only if aud is sts.amazonaws.com"],
            [],
            id="dropped",
        ),
        pytest.param(
            trusting(MAIN, AUD),
            trusting(MAIN, AUD, BOB),
            [],
            ["only if actor is bob"],
            id="added",
        ),
        pytest.param(trusting(ALL, AUD), trusting(MAIN, AUD), [], [f"only by {MAIN}"], id="narrow"),
        pytest.param(
            trusting(MAIN, AUD, BOB),
            trusting(ALL, AUD),
            [f"only by {MAIN} if actor is bob"],
            [],
            id="wide-and-dropped",
        ),
        pytest.param(trusting(MAIN), trusting("repo:acme/api:x"), [""], [""], id="another"),
        pytest.param(
            trusting("repo:acme/?"), trusting("repo:acme/*"), ["only by repo:acme/?"], [], id="one"
        ),
        pytest.param(trusting(MAIN), trusting("${var.subject}"), [""], [""], id="nobody-can-tell"),
    ],
)
def test_what_there_was_instead(base: Json, head: Json, gained: list[str], lost: list[str]) -> None:
    """A condition more or less, and a subject that is wider or narrower, are named."""
    (change,) = compare_access(Reading(trust=base).estate(), Reading(trust=head).estate())

    assert [one.before for one in change.trust.gained] == gained
    assert [one.before for one in change.trust.lost] == lost


@pytest.mark.parametrize(
    ("base", "head", "line"),
    [
        (
            trusting(MAIN, AUD),
            trusting(MAIN),
            f"    + may be assumed by {MAIN}, before only if aud is sts.amazonaws.com\n",
        ),
        (trusting(ALL), trusting(MAIN), f"    - may be assumed by {ALL}, now only by {MAIN}\n"),
    ],
    ids=["before", "now"],
)
def test_the_line_says_it(base: Json, head: Json, line: str) -> None:
    """What is new says what was, and what is gone says what is."""
    estates = Reading(trust=base).estate(), Reading(trust=head).estate()
    text = render_review_text(Review(access=compare_access(*estates)))

    assert line in text
