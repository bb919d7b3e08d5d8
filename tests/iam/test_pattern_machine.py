"""The matcher of `*` and `?` against Python's `fnmatch`, and several patterns at once."""

from __future__ import annotations

import fnmatch
import re
from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from deploy_access.iam.arn_comparison import compare_resource
from deploy_access.iam.comparison import Comparison
from deploy_access.iam.context import Context
from deploy_access.iam.pattern_machine import Machine, Token, Wild
from deploy_access.iam.patterns import WILDCARDS, covers_pattern, matches_plain
from deploy_access.iam.policy_variables import Reader
from deploy_access.iam.references import Reference

# `[` means something to `fnmatch` and nothing to IAM; the Kelvin sign is a `k` in lower case.
LETTERS = "ab[]-!:K\u212a\n"
PATTERNS = st.text(f"{LETTERS}**??", max_size=12)
TEXTS = st.text(LETTERS, max_size=14)


def judged(pattern: str, text: str) -> bool:
    """Match with `fnmatch`, to which a `[` in brackets is itself."""
    expression = fnmatch.translate(pattern.replace("[", "[[]"))
    return re.fullmatch(expression, text) is not None


def judged_resource(pattern: str, resource: str) -> bool:
    """Match with a regular expression that has the rule of each wildcard of an ARN written out."""
    parts = pattern.split(":", 5)
    written: list[str] = []
    for number, part in enumerate(parts):
        inner, outer = ("[^:]", ".") if number < 5 else (".", ".")
        pieces = {"*": f"{inner}*", "?": inner}
        body, end = (part[:-1], f"{outer}*") if part.endswith("*") else (part, "")
        written.append("".join(pieces.get(c) or re.escape(c) for c in body) + end)
    return re.fullmatch(":".join(written), resource, re.DOTALL) is not None


def tokens(pattern: str) -> list[Token]:
    """Read the wildcards of a pattern."""
    return [WILDCARDS.get(letter, letter) for letter in pattern]


@given(PATTERNS, TEXTS)
@example("[a]*", "[a]")
@example("*?*a", "ba")
def test_one_pattern(pattern: str, text: str) -> None:
    """The quick comparison and the machine both say what `fnmatch` says."""
    expected = judged(pattern, text)

    assert matches_plain(pattern, text) is expected
    assert Machine([tokens(pattern)]).matches(text) is expected


def test_every_short_pattern() -> None:
    """All patterns of up to four characters agree with `fnmatch` on all short texts."""
    texts = ["".join(letters) for size in range(4) for letters in product("a:", repeat=size)]
    for size in range(5):
        for letters in product("a:*?", repeat=size):
            pattern = "".join(letters)
            machine = Machine([tokens(pattern)])
            for text in texts:
                expected = judged(pattern, text)
                assert (matches_plain(pattern, text), machine.matches(text)) == (expected, expected)


@given(st.lists(PATTERNS, max_size=5), TEXTS)
def test_several_patterns(patterns: list[str], text: str) -> None:
    """A machine of several patterns matches what one of them does."""
    expected = any(judged(pattern, text) for pattern in patterns)

    assert Machine(map(tokens, patterns)).matches(text) is expected


@given(st.lists(PATTERNS, max_size=3), TEXTS)
def test_ignoring_case(patterns: list[str], text: str) -> None:
    """A machine that ignores case reads both sides in lower case."""
    expected = any(judged(pattern.lower(), text.lower()) for pattern in patterns)

    assert Machine(map(tokens, patterns), ignore_case=True).matches(text) is expected


@given(
    st.text("ab:*?", max_size=14),
    st.text("ab:", max_size=14),
)
@example("a:b:c:d:e:*x", "a:b:c:d:e:y:z/x")
@example("a*:b", "aa:c:b")
@example("a*b:c", "axb:c")
@example("a*b:c", "ax:xb:c")
def test_wildcards_of_a_resource(pattern: str, resource: str) -> None:
    """A `*` reaches over a `:` from the end of a part and in the name, a `?` only in the name."""
    expected = judged_resource(pattern, resource)
    found = compare_resource(resource, pattern, Reader(Context()))

    assert (found is Comparison.EQUAL) is expected


@given(
    st.lists(st.text("ab*?", max_size=6), min_size=1, max_size=3),
    st.lists(st.sampled_from(["a", "b", "${x.y}"]), max_size=5),
    st.text("ab", max_size=3),
)
def test_whatever_a_reference_becomes(patterns: list[str], text: list[str], value: str) -> None:
    """What a pattern may match with a reference, it may match with each value of it."""
    machine = Machine(map(tokens, patterns))
    filled = "".join(value if one == "${x.y}" else one for one in text)
    symbols = [Reference(one) if one == "${x.y}" else one for one in text]

    assert machine.may_match(symbols) or not machine.matches(filled)


@pytest.mark.parametrize(
    ("patterns", "text", "expected"),
    [
        (["a*", "b"], ["a", "${x}"], True),
        (["b"], ["a", "${x}"], False),
        (["ab", "cd"], ["a", "${x}", "d"], False),
        (["ab", "cd"], ["c", "${x}"], True),
        (["ab", "cd"], ["${x}"], True),
        ([], ["${x}"], False),
    ],
)
def test_a_reference_stays_in_its_pattern(
    patterns: list[str], text: list[str], *, expected: bool
) -> None:
    """A reference leads to later places of the patterns that match so far, and of no other."""
    symbols = [Reference(one) if one == "${x}" else one for one in text]

    assert Machine(map(tokens, patterns)).may_match(symbols) is expected


def test_a_reference_is_one_symbol() -> None:
    """A reference equals itself and a `*`; it is no character."""
    reference = Reference("${x}")

    assert Machine([[reference]]).matches([reference])
    assert Machine([[Wild.ANY_IN_PART, "a"]]).matches(["a"])
    assert Machine([[Wild.ANY]]).matches([reference])
    assert not Machine([[Wild.ANY_IN_PART]]).matches([reference])
    assert not Machine([[Wild.ONE]]).matches([reference])


@given(st.text("ab*?", max_size=6), st.text("ab*?", max_size=6), st.text("ab", max_size=6))
def test_covering(wide: str, narrow: str, text: str) -> None:
    """Where a pattern covers another one, it matches each text of it."""
    if covers_pattern(wide, narrow) and judged(narrow, text):
        assert judged(wide, text)


@pytest.mark.parametrize(
    ("wide", "narrow", "expected"),
    [
        ("repo:acme/*", "repo:acme/web:*", True),
        ("repo:acme/w??:*", "repo:acme/web:*", True),
        ("repo:acme/w??:*", "repo:acme/w*:*", False),
        ("*", "?", True),
        ("?", "*", False),
        ("a", "a*", False),
    ],
)
def test_what_covers(wide: str, narrow: str, *, expected: bool) -> None:
    """Only a `*` stands for a `*`."""
    assert covers_pattern(wide, narrow) is expected
