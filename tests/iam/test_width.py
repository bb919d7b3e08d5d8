"""The widest values come first, and one of each kind before all the others."""

from __future__ import annotations

import pytest

from deploy_access.iam.width import WidthKind, by_width, width

OURS, OTHER = "111122223333", "999988887777"


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("*", WidthKind.EVERYTHING),
        ("all but arn:aws:s3:::logs", WidthKind.EVERYTHING),
        ("arn:aws:s3:::*", WidthKind.PATTERN),
        ("repo:acme/w?b:ref:refs/heads/main", WidthKind.PATTERN),
        ("${aws_iam_role.R.arn}", WidthKind.UNKNOWN),
        (OTHER, WidthKind.OTHER_ACCOUNT),
        (f"arn:aws:iam::{OTHER}:root", WidthKind.OTHER_ACCOUNT),
        (f"arn:aws:iam::{OTHER}:role/deploy", WidthKind.OTHER_ACCOUNT),
        (f"arn:aws:iam::{OURS}:root", WidthKind.WHOLE_ACCOUNT),
        (f"arn:aws:iam::{OURS}:role/deploy", WidthKind.ONE),
        ("arn:aws:s3:::logs", WidthKind.ONE),
        ("arn:", WidthKind.ONE),
        ("ecs-tasks.amazonaws.com", WidthKind.ONE),
    ],
)
def test_kind(value: str, kind: WidthKind) -> None:
    """A value is of the kind that says what it reaches."""
    assert width(value, OURS)[0] is kind


def test_without_an_account() -> None:
    """Where the own account is not known, no account is another one."""
    assert width(f"arn:aws:iam::{OTHER}:root") == (WidthKind.WHOLE_ACCOUNT, 0)


def test_the_first_of_each_kind_leads() -> None:
    """Many patterns hide neither `*` nor the one foreign account; a short pattern is wider."""
    many = [f"arn:aws:s3:::bucket-{n:03}-*" for n in range(400)]
    foreign, own = f"arn:aws:iam::{OTHER}:root", "arn:aws:s3:::logs"

    found = by_width([own, *many, "arn:aws:s3:::*", foreign, "*"], OURS)

    assert found[:4] == ["*", "arn:aws:s3:::*", foreign, own]
    assert found[4:] == many


def test_equally_wide_values_keep_their_order() -> None:
    """The order of the policy is the order of what is equally wide."""
    assert by_width(["b", "a", "c"]) == ["b", "a", "c"]
    assert by_width([]) == []
