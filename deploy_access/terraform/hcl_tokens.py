"""
The tokens of Terraform's expressions, and the end of a string or of a `${...}`.

Source: https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md
"""

from __future__ import annotations

import re
from typing import NamedTuple

# Deeper than people nest, and flat enough for a parser that calls itself: each level takes four of
# the 1,000 frames that Python allows.
NESTED = 40

# White space and a token. The first alternative that matches wins: comments stand before the sign
# `/`, and the longer signs before the shorter ones. Most texts have no escape and no expression, so
# they are matched to their ends.
_TOKEN = re.compile(
    r"[ \t\r]*(?:(?P<comment>\#[^\n]*|//[^\n]*|/\*.*?\*/)"
    r"|(?P<newline>\n)"
    r"|(?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<name>[^\W\d][\w-]*)"
    r"|(?P<text>\"[^\"\\$%\n]*\")"
    r"|(?P<string>\")"
    r"|(?P<heredoc><<-?[^\W\d][\w-]*\r?\n)"
    r"|(?P<sign>\.\.\.|=>|==|!=|<=|>=|&&|\|\||[-+*/%<>!?:=,.\[\](){}]))",
    re.DOTALL,
)
_IN_STRING = re.compile(r"\\.|\$\$\{|%%\{|\$\{|%\{|[\"\n]", re.DOTALL)
# A comment or a heredoc in an expression may hold a quote or a brace that closes nothing.
_IN_BRACES = re.compile(r"[\"{}]|\#[^\n]*|//[^\n]*|/\*.*?\*/|<<-?[^\W\d][\w-]*\r?\n", re.DOTALL)
_HEREDOC = re.compile(r"<<-?([\w-]+)")


class NotUnderstoodError(Exception):
    """
    A text that is no expression, or one that the parser does not understand.

    Attributes:
        at: Where in the text, or None.
    """

    def __init__(self, text: str, at: int | None = None) -> None:
        super().__init__(text)
        self.at = at


class NoEndError(NotUnderstoodError):
    """An expression that does not end, or that is nested too deep."""


class Token(NamedTuple):
    """
    One token.

    Attributes:
        kind: `newline`, `number`, `name`, `string`, `heredoc`, `sign` or `end`.
        text: As it is written; a string with its quotes, a heredoc with both of its markers.
        start: Where it begins.
        end: Where it ends.
    """

    kind: str
    text: str
    start: int
    end: int


def tokens(source: str) -> list[Token]:
    """
    Split *source* into tokens.

    Raises:
        NotUnderstoodError: It has a character that no expression has, or a string without an end.
    """
    found: list[Token] = []
    at, length = 0, len(source.rstrip(" \t\r"))
    while at < length:
        match = _TOKEN.match(source, at)
        if match is None:
            at = length - len(source[at:length].lstrip(" \t\r"))
            raise NotUnderstoodError(source[at], at)
        kind, end = match.lastgroup or "", match.end()
        if kind != "comment":
            start = match.start(kind)
            if kind in {"string", "heredoc"}:
                end = _text_end(source, start, end)
            found.append(Token("string" if kind == "text" else kind, source[start:end], start, end))
        at = end
    return [*found, Token("end", "", at, at)]


def _text_end(source: str, start: int, at: int) -> int:
    try:
        if source[start] == '"':
            return string_end(source, at)
        return heredoc_end(source, source[start:at], at)
    except NotUnderstoodError as error:
        raise NoEndError(source, start) from error


def heredoc_end(source: str, opening: str, at: int) -> int:
    """Return the place after the marker that closes the heredoc whose text begins at *at*."""
    marker = _HEREDOC.match(opening)
    closing = re.compile(rf"^[ \t]*{re.escape(marker[1] if marker else '')}(?=\r?$)", re.MULTILINE)
    found = closing.search(source, at)
    if found is None:
        raise NotUnderstoodError(source, at - 1)
    return found.end()


def string_end(source: str, at: int, depth: int = 0) -> int:
    """Return the place after the quote that closes a string whose text begins at *at*."""
    while True:
        match = _IN_STRING.search(source, at)
        if match is None or match[0] == "\n":
            raise NotUnderstoodError(source, at)
        at = match.end()
        if match[0] == '"':
            return at
        if match[0] in {"${", "%{"}:
            at = braces_end(source, at, depth + 1)


def braces_end(source: str, at: int, depth: int = 0) -> int:
    """Return the place after the brace that closes the `${` before *at*."""
    if depth > NESTED:
        raise NotUnderstoodError(source, at)
    opened = 1
    while opened:
        match = _IN_BRACES.search(source, at)
        if match is None:
            raise NotUnderstoodError(source, at)
        at = match.end()
        if match[0] == '"':
            at = string_end(source, at, depth + 1)
        elif match[0].startswith("<<"):
            at = heredoc_end(source, match[0], at)
        else:
            opened += {"{": 1, "}": -1}.get(match[0], 0)
    return at
