"""
The parser of Terraform's expressions: literals, references, function calls, lists and objects.

Everything else is kept as it is written, part by part: one conditional in an object hides nothing
but its own value.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from math import inf
from sys import float_info
from typing import TYPE_CHECKING

from deploy_access.terraform.hcl_nodes import (
    FunctionCall,
    Index,
    ListOf,
    LiteralValue,
    ObjectOf,
    Raw,
    Template,
    Traversal,
)
from deploy_access.terraform.hcl_tokens import (
    NESTED,
    NoEndError,
    NotUnderstoodError,
    braces_end,
    tokens,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from deploy_access.terraform.hcl_nodes import Node
    from deploy_access.terraform.hcl_tokens import Token

_MARK = re.compile(r"\$\$\{|%%\{|\$\{|%\{")
# Nearly every expression has no quotes and no braces, so one search finds its end.
_SIMPLE = re.compile(r"[^{}\"]*\}")
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_ENDS = {",", "}", "]", ")"}
_OPENING, _CLOSING = {"(", "[", "{"}, {")", "]", "}"}
# Terraform computes with 512 bits; a number of more digits is none that a name or a policy has.
_DIGITS = 150
_CONSTANTS = {"true": True, "false": False, "null": None}


def parse_template(
    text: str, unescape: Callable[[str], str] = str, depth: int = 0
) -> tuple[str | Node, ...]:
    """
    Split a text into literal parts and expressions.

    Raises:
        NotUnderstoodError: An expression has no end, or there is an `%{if}` or `%{for}`.
    """
    parts: list[str | Node] = []
    at = 0
    while mark := _MARK.search(text, at):
        parts.append(unescape(text[at : mark.start()]))
        at = mark.end()
        # https://developer.hashicorp.com/terraform/language/expressions/strings#escape-sequences
        if mark[0] in {"$${", "%%{"}:
            parts.append(mark[0][1:])
        elif mark[0] == "%{":
            raise NotUnderstoodError(text)
        else:
            simple = _SIMPLE.match(text, at)
            end = simple.end() if simple else braces_end(text, at)
            parts.append(parse_expression(text[at : end - 1], depth))
            at = end
    parts.append(unescape(text[at:]))
    return tuple([part for part in parts if part != ""])  # a list is faster here


# The reference to one OIDC provider stands in the trust policies of thousands of roles.
@lru_cache(maxsize=256)
def parse_expression(source: str, depth: int = 0) -> Node:
    """Parse the text between `${` and `}`; `Raw` when it is not understood."""
    try:
        return _Parser(source, depth).whole()
    except NotUnderstoodError:
        return Raw(source.strip())


def _unescape(text: str) -> str:
    """Resolve the escapes of a quoted string, which are those of JSON."""
    return _ESCAPE.sub(_unescaped, text) if "\\" in text else text


def _unescaped(match: re.Match[str]) -> str:
    if _HALF.match(match[0]):  # one half of a character that takes two, which nothing can write
        raise NotUnderstoodError(match[0])
    try:
        return str(json.loads(f'"{match[0]}"'))
    except ValueError as error:
        raise NotUnderstoodError(match[0]) from error


def _number(text: str) -> int | float:
    """
    Read a number, which may begin with zeros and have an exponent.

    Terraform writes the same text for `01`, `1.0` and `1` where a text belongs.
    """
    mantissa, _, power = text.lower().partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    if not digits:
        return 0
    if not 0 < float(text) < inf or len(digits) > _DIGITS:
        raise NotUnderstoodError(text)
    scale = int(power or 0) - len(fraction)
    if scale >= 0:
        return int(digits) * 10**scale
    if not digits[scale:].strip("0"):
        return int(digits[:scale])
    if len(digits.rstrip("0")) > float_info.dig:
        raise NotUnderstoodError(text)
    return float(text)


def _brackets(found: list[Token]) -> dict[int, int]:
    """Map each opening bracket to the bracket that closes it."""
    closing: dict[int, int] = {}
    opened: list[int] = []
    for at, token in enumerate(found):
        if token.kind != "sign":
            continue
        if token.text in _OPENING:
            opened.append(at)
        elif token.text in _CLOSING and opened:
            closing[opened.pop()] = at
    return closing


class _Parser:
    """A parser of one expression, which keeps as `Raw` each part that it does not understand."""

    def __init__(self, source: str, depth: int) -> None:
        self._source = source
        self._tokens = tokens(source)
        self._closing = _brackets(self._tokens)
        self._at = 0
        self._depth = depth

    def whole(self) -> Node:
        found = self._value(newline_ends=False)
        if self._peek().kind != "end":
            raise NotUnderstoodError(self._source)
        return found

    def _peek(self) -> Token:
        return self._tokens[self._at]

    def _next(self) -> Token:
        token = self._tokens[self._at]
        if token.kind == "end":
            raise NoEndError(self._source)
        self._at += 1
        return token

    def _skip_newlines(self) -> None:
        while self._peek().kind == "newline":
            self._at += 1

    def _take(self, sign: str) -> bool:
        """Step over *sign* when it comes next."""
        if self._peek().kind == "sign" and self._peek().text == sign:
            self._at += 1
            return True
        return False

    def _value(self, *, newline_ends: bool) -> Node:
        self._skip_newlines()
        start, depth = self._at, self._depth
        try:
            found = self._primary()
        except NoEndError:
            raise  # There is no end to step to, so the whole expression becomes `Raw`.
        except NotUnderstoodError:
            found = None
        self._depth = depth
        if not newline_ends:
            self._skip_newlines()
        if found is not None and self._ends(newline_ends=newline_ends):
            return found
        return self._raw(start, newline_ends=newline_ends)

    def _ends(self, *, newline_ends: bool) -> bool:
        token = self._peek()
        if token.kind == "newline":
            return newline_ends
        return token.kind == "end" or (token.kind == "sign" and token.text in _ENDS)

    def _raw(self, start: int, *, newline_ends: bool) -> Raw:
        """Step over an expression that is not understood, up to a sign that ends a value."""
        self._at = start
        while not self._ends(newline_ends=newline_ends):
            # A `,` inside of brackets ends nothing: jump to the bracket that closes them.
            self._at = self._closing.get(self._at, self._at)
            self._next()
        if self._at == start:
            raise NotUnderstoodError(self._source)
        return Raw(self._written(start))

    def _written(self, start: int) -> str:
        """Return the source from the token *start* to here."""
        last = self._at - 1
        while self._tokens[last].kind == "newline":
            last -= 1
        return self._source[self._tokens[start].start : self._tokens[last].end]

    def _primary(self) -> Node:
        token = self._next()
        if token.kind == "string":
            parts = parse_template(token.text[1:-1], _unescape, self._deeper())
            return Template(parts, token.text)
        if token.kind == "number":
            return LiteralValue(_number(token.text))
        if token.text == "-" and self._peek().kind == "number":
            return LiteralValue(-_number(self._next().text))
        if token.kind == "name":
            return self._named(token)
        if token.text not in _OPENING:
            raise NotUnderstoodError(token.text)
        return self._bracketed(token.text)

    def _deeper(self) -> int:
        self._depth += 1
        if self._depth > NESTED:
            raise NoEndError(self._source)
        return self._depth

    def _bracketed(self, sign: str) -> Node:
        self._deeper()
        self._skip_newlines()
        # `[for x in y : z]` and `{for …}` depend on values that only Terraform has.
        if sign != "(" and self._peek().text == "for":
            raise NotUnderstoodError(self._source)
        if sign == "[":
            return ListOf(tuple(self._values("]")))
        if sign == "{":
            return ObjectOf(tuple(self._items()))
        found = self._value(newline_ends=False)
        if not self._take(")"):
            raise NotUnderstoodError(self._source)
        return found

    def _values(self, closing: str) -> list[Node]:
        found: list[Node] = []
        self._skip_newlines()
        while not self._take(closing):
            found.append(self._value(newline_ends=False))
            if not self._take(",") and self._peek().text != closing:
                raise NotUnderstoodError(self._source)
            self._skip_newlines()
        return found

    def _items(self) -> list[tuple[Node, Node]]:
        found: list[tuple[Node, Node]] = []
        self._skip_newlines()
        while not self._take("}"):
            key = self._key()
            if not (self._take("=") or self._take(":")):
                raise NotUnderstoodError(self._source)
            found.append((key, self._value(newline_ends=True)))
            if not self._take(",") and self._peek().text not in {"}", "\n"}:
                raise NotUnderstoodError(self._source)
            self._skip_newlines()
        return found

    def _key(self) -> Node:
        token = self._peek()
        if token.kind == "name":
            self._at += 1
            return Template((token.text,), token.text)
        return self._primary()

    def _named(self, name: Token) -> Node:
        start = self._at - 1
        if self._take("("):
            self._deeper()
            arguments = tuple(self._values(")"))
            return FunctionCall(name.text, arguments, self._written(start))
        if name.text in _CONSTANTS:
            return LiteralValue(_CONSTANTS[name.text])
        parts: list[str | Index] = [name.text]
        while self._peek().text in {".", "["}:
            parts.append(self._attribute() if self._next().text == "." else self._index())
        return Traversal(tuple(parts), self._written(start))

    def _attribute(self) -> str | Index:
        token = self._next()
        if token.kind == "number" and token.text.isdecimal() and len(token.text) < _DIGITS:
            return Index(int(token.text))
        if token.kind != "name":
            raise NotUnderstoodError(token.text)
        return token.text

    def _index(self) -> Index:
        """Read `[0]` and `["key"]`; any other index is a computed one."""
        found = self._value(newline_ends=False)
        if not self._take("]"):
            raise NotUnderstoodError(self._source)
        match found:
            case LiteralValue(int() as key) | Template((str() as key,)):
                return Index(key)
            case _:
                return Index(None)
