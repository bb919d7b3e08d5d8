"""Characters that draw nothing are escaped, whatever prints them."""

from __future__ import annotations

import json
import sys
import unicodedata
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from deploy_access.cli import main
from deploy_access.visible_text import DEFAULT_IGNORABLE, escaped, escaped_lines, is_visible

if TYPE_CHECKING:
    from pathlib import Path

Json = dict[str, Any]

ISSUER = "token.actions.githubusercontent.com"
# Formats that Unicode excludes, as they are drawn: signs over Arabic and Syriac numbers, marks of
# abbreviation, Kaithi numbers, the brackets of ruby text, and controls of Egyptian hieroglyphs.
DRAWN = {
    *range(0x0600, 0x0606),
    *(0x06DD, 0x070F, 0x0890, 0x0891, 0x08E2, 0xFFF9, 0xFFFA, 0xFFFB, 0x110BD, 0x110CD),
    *range(0x13430, 0x13440),
}
NOTHING = [
    *("\u00ad", "\u034f", "\u061c", "\u115f", "\u17b4", "\u180b", "\u180e", "\u180f", "\u200b"),
    *("\u200d", "\u202e", "\u2060", "\u2065", "\u2800", "\u3164", "\ufe0f", "\ufeff", "\uffa0"),
    *("\ufff0", "\U0001bca0", "\U0001d173", "\U000e0041", "\U000e01ef", "\U000e0fff"),
    *("\u00a0", "\u2003", "\u3000", "\u2028", "\x85", "\x1b", "\x7f"),
]


def test_the_table_against_what_python_knows() -> None:
    """Every format that is not drawn, every filler and every selector is in the table."""
    listed = {code for first, last in DEFAULT_IGNORABLE for code in range(first, last + 1)}
    every = [chr(code) for code in range(sys.maxunicode + 1)]
    formats = {ord(char) for char in every if unicodedata.category(char) == "Cf"}
    names = ("VARIATION SELECTOR", "HANGUL FILLER", "HALFWIDTH HANGUL FILLER")
    named = {ord(char) for char in every if unicodedata.name(char, "").startswith(names)}

    assert formats - DRAWN <= listed
    assert named <= listed
    assert not {
        code for code in listed if unicodedata.category(chr(code)) not in {"Cf", "Cn", "Mn", "Lo"}
    }


@pytest.mark.parametrize("char", NOTHING, ids=lambda char: f"U+{ord(char):04X}")
def test_a_character_that_draws_nothing(char: str) -> None:
    """It is written as an escape, by its number."""
    code = ord(char)

    assert not is_visible(f"a{char}b")
    assert escaped(f"a{char}b") == (f"a\\u{code:04x}b" if code <= 0xFFFF else f"a\\U{code:08x}b")


@pytest.mark.parametrize("text", ["", "a b", "é", "日本", "🌈", "e\u0301", "\\u202e"])
def test_a_text_that_is_seen(text: str) -> None:
    """It stays as it is, whatever its script."""
    assert is_visible(text)
    assert escaped(text) == text


def test_the_lines_of_a_text() -> None:
    """They stay lines; what only some programs take for the end of a line is escaped."""
    assert escaped("a\nb") == "a\\u000ab"
    assert escaped_lines("a\n\nb\u2028c\r") == "a\n\nb\\u2028c\\u000d"


def estate(tmp_path: Path, name: str, text: str) -> str:
    """Write a role that has *text* wherever a file may have it."""
    subject = {f"{ISSUER}:sub": [f"repo:acme/web:*{text}", f"repo:*{text}"]}
    trust = {
        "Effect": "Allow",
        "Principal": {"Federated": f"arn:aws:iam::111122223333:oidc-provider/{ISSUER}"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringLike": subject, f"StringEquals{text}": {f"a{text}": text}},
    }
    permission = {
        "Effect": "Allow",
        "Action": [f"s3:*{text}", "iam:*"],
        "Resource": f"arn:aws:s3:::a{text}*",
    }
    role = {"name": f"deploy{text}", "assume_role_policy": policy(trust), f"x{text}": text}
    content = {
        "provider": {"aws": [{"region": "eu-central-1", "assume_role": [{"role_arn": text}]}]},
        "resource": {
            "aws_iam_role": {f"Deploy{text}": role},
            "aws_iam_role_policy": {
                "P": {"name": f"p{text}", "role": f"deploy{text}", "policy": policy(permission)}
            },
            f"other{text}": {"R": {"argument": text}},
        },
        f"strange{text}": {},
    }
    path = tmp_path / f"{name}.tf.json"
    path.write_text(json.dumps(content))
    return str(path)


def policy(statement: Json) -> str:
    """Return a policy as text."""
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


RUN = ("--repo", "acme/web", "--branch", "main\u2060")


@pytest.mark.parametrize(
    "command",
    [
        ("audit", "--policy", "HEAD"),
        ("audit", "--policy", "HEAD", "--format", "markdown"),
        ("audit", "--policy", "HEAD", "--format", "sarif"),
        ("explain", "--policy", "HEAD", *RUN),
        ("review", "BASE", "HEAD"),
        ("review", "none", "HEAD", "--format", "markdown"),
        ("review", "BASE", "HEAD", "--format", "markdown"),
        ("review", "BASE", "HEAD\u2060"),
    ],
    ids=" ".join,
)
def test_no_report_prints_one(command: tuple[str, ...], tmp_path: Path) -> None:
    """What a file says is seen in every report, in its graph and in the line of an error."""
    files = {
        "HEAD": estate(tmp_path, "head", "".join(NOTHING)),
        "BASE": estate(tmp_path, "base", "\u3164"),
    }

    done = CliRunner().invoke(main, [files.get(word, word) for word in command])

    text = done.output
    if "sarif" in command:
        results = json.loads(text)["runs"][0]["results"]
        text = "\n".join(result["message"]["text"] for result in results)
    assert [line for line in text.splitlines() if not is_visible(line)] == []
    assert "u2060" in text
