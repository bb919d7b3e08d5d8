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

# The first alternative that matches wins: comments stand before the sign `/`, and the longer signs
# before the shorter ones.
_TOKEN = re.compile(
    r"(?P<space>[ \t\r]+|\#[^\n]*|//[^\n]*|/\*.*?\*/)"
    r"|(?P<newline>\n)"
    r"|(?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<name>[A-Za-z_][\w-]*)"
    r"|(?P<string>\")"
    r"|(?P<sign>\.\.\.|=>|==|!=|<=|>=|&&|\|\||[-+*/%<>!?:=,.\[\](){}])",
    re.DOTALL,
)
_IN_STRING = re.compile(r"\\.|\$\$\{|%%\{|\$\{|%\{|\"", re.DOTALL)
_IN_BRACES = re.compile(r"[\"{}]")


class NotUnderstoodError(Exception):
    """A text that is no expression, or one that the parser does not understand."""


class NoEndError(NotUnderstoodError):
    """An expression that does not end, or that is nested too deep."""


class Token(NamedTuple):
    """
    One token.

    Attributes:
        kind: `newline`, `number`, `name`, `string`, `sign` or `end`.
        text: As it is written; a string with its quotes.
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
    at = 0
    while at < len(source):
        match = _TOKEN.match(source, at)
        if match is None:
            raise NotUnderstoodError(source[at])
        kind = match.lastgroup or ""
        end = string_end(source, match.end()) if kind == "string" else match.end()
        if kind != "space":
            found.append(Token(kind, source[at:end], at, end))
        at = end
    return [*found, Token("end", "", at, at)]


def string_end(source: str, at: int, depth: int = 0) -> int:
    """Return the place after the quote that closes a string whose text begins at *at*."""
    while True:
        match = _IN_STRING.search(source, at)
        if match is None:
            raise NotUnderstoodError(source)
        at = match.end()
        if match[0] == '"':
            return at
        if match[0] in {"${", "%{"}:
            at = braces_end(source, at, depth + 1)


def braces_end(source: str, at: int, depth: int = 0) -> int:
    """Return the place after the brace that closes the `${` before *at*."""
    if depth > NESTED:
        raise NotUnderstoodError(source)
    opened = 1
    while opened:
        match = _IN_BRACES.search(source, at)
        if match is None:
            raise NotUnderstoodError(source)
        at = match.end()
        if match[0] == '"':
            at = string_end(source, at, depth + 1)
        else:
            opened += 1 if match[0] == "{" else -1
    return at
