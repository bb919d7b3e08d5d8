"""AWS's own policies, of which only the ARN stands in the files."""

from __future__ import annotations

from dataclasses import replace

import pytest
from access_pairs import WHERE, Json, Reading, document

from deploy_access.access_diff.access import compare_access
from deploy_access.report.review_graph import access_graph
from deploy_access.report.review_text import render_review_text
from deploy_access.report.review_verdict import verdict
from deploy_access.review.model import Review
from deploy_access.terraform.estate import Estate, NamedPolicy

AWS = "arn:aws:iam::aws:policy"
PUT: Json = {"Effect": "Allow", "Action": "ecr:PutImage", "Resource": "*"}
ALL: Json = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def role(*names: str, statement: Json = PUT) -> Estate:
    """Read a role that may do something and has policies of AWS."""
    estate = Reading(identity=(document(statement),)).estate()
    attached = tuple(
        NamedPolicy(name=name, kind="attached-arn", document=None, where=WHERE, arn=f"{AWS}/{name}")
        for name in names
    )
    made = estate.roles[0]
    return Estate(roles=(replace(made, policies=(*made.policies, *attached)),))


def gained(base: Estate, head: Estate) -> list[tuple[str, bool]]:
    """Say what is new, and whether that is certain."""
    return [
        (row.action, row.certain)
        for change in compare_access(base, head)
        for row in change.permissions.gained
    ]


def test_administrators_may_do_everything() -> None:
    """Nothing of it is uncertain, and nothing beyond it is."""
    review = Review(access=compare_access(role(), role("AdministratorAccess")))

    assert gained(role(), role("AdministratorAccess")) == [("*", True)]
    assert verdict(review) == "1 role can do more, and nothing would be destroyed."


def test_the_same_as_administrators_is_no_change() -> None:
    """It is a statement that allows all, whoever keeps it."""
    assert compare_access(role("AdministratorAccess"), role(statement=ALL)) == ()


def test_a_boundary_of_administrators_bounds_nothing() -> None:
    """What it leaves is everything."""
    (made,) = role().roles
    (policy,) = role("AdministratorAccess").roles[0].policies[1:]

    assert compare_access(role(), Estate(roles=(replace(made, boundary=policy),))) == ()


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("AmazonEC2ContainerRegistryFullAccess", "ecr:*"),
        ("IAMFullAccess", "iam:*"),
        ("PowerUserAccess", "all but account:*, iam:*, organizations:*"),
    ],
)
def test_what_a_policy_is_for_is_certain(name: str, least: str) -> None:
    """AWS may add to it, which nobody can tell."""
    rest = (f"all that {AWS}/{name} allows", False)

    assert sorted(gained(role(), role(name))) == sorted([rest, (least, True)])
    assert gained(role(statement=ALL), role(name, statement=ALL)) == []


def test_what_nobody_can_look_into_is_no_action() -> None:
    """The sentence about it is not code, and counts no actions."""
    changes = compare_access(role(), role("IAMFullAccess"))
    review = Review(access=changes)
    labels = [edge.label for edge in access_graph(review).edges]

    arn = f"{AWS}/IAMFullAccess"
    why = f"nobody can tell what else is in {arn}"

    assert f"perhaps may use all that {arn} allows on *: {why}\n" in render_review_text(review)
    assert labels[0] == "iam:*, policy IAMFullAccess"
    assert changes[0].permissions.gained[0].actions == {}
