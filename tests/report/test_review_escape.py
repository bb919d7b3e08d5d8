"""How a value of others stands in a comment: as code, on one line, with nothing unseen."""

from __future__ import annotations

import pytest

from deploy_access.report.review_escape import code, markdown, prose
from deploy_access.report.review_phrase import Quoted, visible


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        pytest.param("repo:acme/web:*", "repo:acme/web:*", id="plain"),
        pytest.param("日本 é 🌈", "日本 é 🌈", id="other languages"),
        pytest.param("a\nb\x1b[2J", "a\\u000ab\\u001b[2J", id="control"),
        pytest.param("a\u202eb\u2066", "a\\u202eb\\u2066", id="direction"),
        pytest.param("a\u200bb\u3164\ufe0f", "a\\u200bb\\u3164\\ufe0f", id="invisible"),
        pytest.param("\U000e0041", "\\U000e0041", id="tag"),
        pytest.param("\ud800", "\\ud800", id="half of a pair"),
        pytest.param("\u00a0", "\\u00a0", id="other space"),
        pytest.param(
            f"repo:{'a' * 200}:*", f"repo:{'a' * 115}[… 47 characters …]{'a' * 38}:*", id="too long"
        ),
        pytest.param("a" * 200, "a" * 200, id="as long as with a mark"),
    ],
)
def test_visible(value: str, shown: str) -> None:
    """What nobody can see is written out, and what is too long keeps its end."""
    assert visible(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        pytest.param("web", "`web`", id="plain"),
        pytest.param("a`b", "``a`b``", id="backtick"),
        pytest.param("a``b`c", "```a``b`c```", id="several"),
        pytest.param("`", "`` ` ``", id="only one"),
        pytest.param(" a ", "`  a  `", id="spaces"),
        pytest.param("", "(empty)", id="empty"),
        pytest.param("  ", "(empty)", id="blank"),
        pytest.param("| @acme/web #1 <b>", "`| @acme/web #1 <b>`", id="nothing is alive in code"),
    ],
)
def test_code(value: str, shown: str) -> None:
    """A value is between more backticks than it has itself."""
    assert code(value) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("It's new, (really): see.", "It's new, (really): see.", id="plain"),
        pytest.param('`name` changed from "web".', '`name` changed from "web".', id="code"),
        pytest.param("        a `b`", "a `b`", id="no block of code"),
        pytest.param("ask @acme/ops", "ask `@acme/ops`", id="mention"),
        pytest.param("see #12 or GH-12", "see `#12` or `GH-12`", id="reference"),
        pytest.param("since 0123abcd", "since `0123abcd`", id="commit"),
        pytest.param("www.x.example a@x.example", "`www.x.example` `a@x.example`", id="address"),
        pytest.param("[a](https://x)", "`[a](https://x)`", id="link"),
        pytest.param("**No** _x_ <b>", "`**No**` `_x_` `<b>`", id="looks"),
        pytest.param("`a``b`", "`a` `b`", id="code that touches"),
        pytest.param("`a`b|c", "`a` `b|c`", id="a word that touches"),
        pytest.param("a\n\n# b", "`a\\u000a\\u000a#` b", id="lines"),
        pytest.param(" ", "(empty)", id="nothing"),
    ],
)
def test_prose(text: str, shown: str) -> None:
    """A sentence stays one to read; what GitHub would make something of is code."""
    assert prose(text) == shown


def test_values_that_touch() -> None:
    """The backticks of two values never become one fence."""
    assert markdown((Quoted("a"), Quoted("`"), "b")) == "`a` `` ` ``b"
