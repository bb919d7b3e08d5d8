"""Wildcards against a slow matcher that anybody can check, and what references leave open."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy_access.iam.arn_comparison import compare_resource
from deploy_access.iam.comparison import Comparison
from deploy_access.iam.context import Context
from deploy_access.iam.pattern_machine import Wild
from deploy_access.iam.patterns import WILDCARDS, compare_text
from deploy_access.iam.policy_variables import Reader
from deploy_access.iam.references import Reference, symbols

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deploy_access.iam.pattern_machine import Token

EQUAL, DIFFERENT, UNKNOWN = Comparison.EQUAL, Comparison.DIFFERENT, Comparison.UNKNOWN
IN_PART = {"*": Wild.ANY_IN_PART, "?": Wild.ONE_IN_PART, "%": Wild.ANY}
TEXTS = ["".join(letters) for length in range(5) for letters in product("a:\n", repeat=length)]


def naive(pattern: Sequence[Token], text: str) -> bool:
    """Match by trying everything."""
    if not pattern:
        return not text
    first, rest = pattern[0], pattern[1:]
    if first in {Wild.ANY, Wild.ANY_IN_PART}:
        reach = len(text) if first is Wild.ANY or ":" not in text else text.index(":")
        return any(naive(rest, text[skip:]) for skip in range(reach + 1))
    if not text:
        return False
    one = first is Wild.ONE or (first is Wild.ONE_IN_PART and text[0] != ":")
    return (one or first == text[0]) and naive(rest, text[1:])


@pytest.mark.parametrize("special", [WILDCARDS, IN_PART], ids=["whole text", "in parts"])
def test_every_short_pattern_against_every_short_text(special: dict[str, Wild]) -> None:
    """The matcher and the naive one agree on all patterns of up to four characters."""
    for length in range(5):
        for letters in product("a:*?%", repeat=length):
            pattern = [special.get(letter, letter) for letter in letters]
            for text in TEXTS:
                expected = EQUAL if naive(pattern, text) else DIFFERENT
                assert compare_text(pattern, text) is expected, (letters, text)


@given(st.text("ab:*?", max_size=12), st.text("ab:", max_size=14))
def test_random_patterns(pattern: str, text: str) -> None:
    """The matcher and the naive one agree on longer patterns as well."""
    tokens = [WILDCARDS.get(letter, letter) for letter in pattern]

    assert (compare_text(tokens, text) is EQUAL) == naive(tokens, text)


@given(
    st.lists(st.sampled_from(["a", "b", ":", "*", "?", "${x.y}", "${z.w}"]), max_size=7),
    st.lists(st.sampled_from(["a", "b", ":", "${x.y}", "${z.w}"]), max_size=6),
    st.text("ab:", max_size=3),
    st.text("ab:", max_size=3),
)
def test_references_hold_for_whatever_terraform_fills_in(
    pattern: list[str], text: list[str], first: str, second: str
) -> None:
    """Equal stays equal and different stays different, whatever two references become."""
    filled = {"${x.y}": first, "${z.w}": second}
    tokens = [Reference(one) if one in filled else WILDCARDS.get(one, one) for one in pattern]
    found = compare_text(tokens, symbols("".join(text)))
    whole = [WILDCARDS.get(one, one) for one in "".join(filled.get(one, one) for one in pattern)]
    matches = naive(whole, "".join(filled.get(one, one) for one in text))

    assert found is UNKNOWN or (found is EQUAL) == matches


@pytest.mark.parametrize(
    ("pattern", "resource", "expected"),
    [
        ("*", "arn:aws:s3:::b/k", EQUAL),
        ("arn:aws:s3:*", "arn:aws:s3:::b/k", EQUAL),
        ("arn:aws:s3:::b/*", "arn:aws:s3:::b/x/y", EQUAL),
        ("arn:aws:s3", "arn:aws:s3:::b/k", DIFFERENT),
        ("arn:aws:ecs:r:1:s*/web", "arn:aws:ecs:r:1:service/c/web", EQUAL),
        ("arn:aws:ecs:r:1:s*/web", "arn:aws:ecs:r:1:task/c/web", DIFFERENT),
        ("arn:aws:ecr:*:repository/x", "arn:aws:ecr:r:1:repository/x", EQUAL),
        ("arn:aws:ecr:r*1:repository/x", "arn:aws:ecr:r:1:repository/x", DIFFERENT),
        ("arn:aws:ecr:r:?:repository/x", "arn:aws:ecr:r:1:repository/x", EQUAL),
        ("arn:aws:logs:r:1:a*c", "arn:aws:logs:r:1:a:b:c", EQUAL),
        ("arn:aws:s3:::B/k", "arn:aws:s3:::b/k", DIFFERENT),
        ("${aws_ecr_repository.x.arn}", "${aws_ecr_repository.x.arn}", EQUAL),
        ("${aws_ecr_repository.x.arn}", "${aws_ecr_repository.y.arn}", UNKNOWN),
        ("${aws_s3_bucket.x.arn}/*", "${aws_s3_bucket.x.arn}/key", EQUAL),
        ("arn:aws:s3:::b/*", "${aws_s3_bucket.x.arn}/key", UNKNOWN),
        ("arn:aws:s3:::b/x", "${aws_s3_bucket.x.arn}/key", DIFFERENT),
    ],
)
def test_resources(pattern: str, resource: str, expected: Comparison) -> None:
    """A `*` reaches over the parts of an ARN only from the end of one."""
    assert compare_resource(resource, pattern, Reader(Context())) is expected


def test_time_grows_with_the_text_only() -> None:
    """A pattern that makes a backtracking matcher run for years is done at once."""
    pattern = [WILDCARDS.get(letter, letter) for letter in "*a" * 500 + "b"]

    assert compare_text(pattern, "a" * 20_000) is DIFFERENT


@pytest.mark.parametrize("part", ["a*", "a", "${x.y}", "${a:b}", "${"])
def test_a_text_that_no_policy_has_room_for_is_opaque(part: str) -> None:
    """Megabytes are not looked into: they equal themselves and leave the rest open."""
    text = part * 1_000_000
    reader = Reader(Context())

    assert compare_resource("arn:aws:s3:::b/k", text, reader) is UNKNOWN
    assert compare_resource(text, text, reader) is EQUAL
    assert compare_resource(text, "*", reader) is EQUAL
