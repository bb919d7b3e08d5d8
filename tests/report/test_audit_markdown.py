"""The audit's tables: no value makes a mention, a link or a cell of its own."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt
from review_hostile import HOSTILE
from review_values import FOUND, UNREAD

from deploy_access.audit.report_model import Audit
from deploy_access.report.audit_markdown import render_audit_markdown
from deploy_access.visible_text import is_visible

# What GitHub makes of plain text: mentions, references, bare links, emoji and commits.
ALIVE = re.compile(r"@\w|#\d|://|www\.|gh-\d|:\w+:|\b[0-9a-f]{7,40}\b", re.IGNORECASE)
COLUMNS = 4


def hostile(value: str) -> Audit:
    """Return an audit with *value* in every place that a file fills."""
    found = replace(FOUND.finding, evidence=value, why=f"It is {value}.", help=f"Drop `{value}`.")
    where = replace(FOUND.where, file=value, address=value)
    placed = replace(FOUND, finding=found, subject=value, where=where, path=value)
    return Audit(
        findings=(placed,),
        accepted=(replace(placed, accepted=value),),
        problems=(replace(UNREAD, what=value, given=value, where=where),),
        roles=1,
    )


@pytest.mark.parametrize(
    "value",
    [*HOSTILE, "@octocat", "a|b", "\\|", "`|`", "https://evil.example/x", "www.evil.example"],
)
def test_a_value_in_every_place(value: str) -> None:
    """It stays in its cell, as text or code, and GitHub makes nothing of it."""
    text = render_audit_markdown(hostile(value))
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    inner = [child for token in tokens for child in token.children or ()]

    assert {t.type for t in inner} <= {
        *("text", "code_inline", "html_inline", "strong_open", "strong_close", "softbreak"),
    }
    assert {t.content for t in inner if t.type == "html_inline"} <= {"<br>"}
    assert sum(t.type == "td_open" for t in tokens) == 2 * COLUMNS
    assert not [t.content for t in inner if t.type == "text" and ALIVE.search(t.content)]
    assert all(is_visible(line) for line in text.splitlines())
