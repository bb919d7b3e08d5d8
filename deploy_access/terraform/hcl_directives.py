"""
The directives of a template, `%{if}` and `%{for}`, and the marks that strip white space.

Source: https://developer.hashicorp.com/terraform/language/expressions/strings#directives
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from deploy_access.terraform.hcl_literals import MARK
from deploy_access.terraform.hcl_nodes import Conditional, ForExpression, FunctionCall, Template
from deploy_access.terraform.hcl_tokens import NESTED, NotUnderstoodError, braces_end

if TYPE_CHECKING:
    from collections.abc import Callable

    from deploy_access.terraform.hcl_nodes import Node

    Parts = tuple[str | Node, ...]

_FOR = re.compile(r"([^\W\d][\w-]*)\s*(?:,\s*([^\W\d][\w-]*)\s*)?\bin\b(.*)", re.DOTALL)
_NOTHING = Template((), '""')


class _Piece(NamedTuple):
    """
    A part of a template.

    Attributes:
        sign: `${`, `%{`, or nothing for a text.
        text: The text, or what stands in the braces.
    """

    sign: str
    text: str


def parse_directives(
    text: str, unescaped: Callable[[str], str], parse: Callable[[str], Node]
) -> Parts:
    """
    Split a template with directives into literal parts and expressions.

    Args:
        text: The template.
        unescaped: Resolves the escapes of its texts.
        parse: Parses an expression.

    Raises:
        NotUnderstoodError: A directive is none, or has no end.
    """
    return _Directives(_pieces(text, unescaped), parse).read()[0]


def _pieces(text: str, unescaped: Callable[[str], str]) -> list[_Piece]:
    found: list[_Piece] = []
    at, is_stripped = 0, False
    while mark := MARK.search(text, at):
        literal = unescaped(text[at : mark.start()])
        literal = literal.lstrip() if is_stripped else literal
        is_stripped, at = False, mark.end()
        if mark[0] in {"$${", "%%{"}:
            found.append(_Piece("", literal + mark[0][1:]))
            continue
        at = braces_end(text, at)
        inner = text[mark.end() : at - 1]
        literal = literal.rstrip() if inner.startswith("~") else literal
        is_stripped = inner.endswith("~")
        found += (_Piece("", literal), _Piece(mark[0], inner.strip("~").strip()))
    rest = unescaped(text[at:])
    found.append(_Piece("", rest.lstrip() if is_stripped else rest))
    return [piece for piece in found if piece.sign or piece.text]


class _Directives:
    """The directives of one template, from its first piece to its last."""

    def __init__(self, pieces: list[_Piece], parse: Callable[[str], Node]) -> None:
        self._left = pieces[::-1]
        self._parse = parse
        self._depth = 0

    def read(self, *ends: str) -> tuple[Parts, str]:
        """Return the parts up to one of *ends*, and that end."""
        parts: list[str | Node] = []
        while self._left:
            piece = self._left.pop()
            if not piece.sign:
                parts.append(piece.text)
            elif piece.sign == "${":
                parts.append(self._parse(piece.text))
            elif piece.text in ends:
                return tuple(parts), piece.text
            else:
                parts.append(self._directive(piece.text))
        if ends:
            raise NotUnderstoodError(ends[-1])
        return tuple(parts), ""

    def _directive(self, source: str) -> Node:
        self._depth += 1
        if self._depth > NESTED:
            raise NotUnderstoodError(source)
        keyword, _, rest = source.partition(" ")
        if keyword not in {"if", "for"}:
            raise NotUnderstoodError(source)
        found = self._if(rest, source) if keyword == "if" else self._for(rest, source)
        self._depth -= 1
        return found

    def _if(self, condition: str, source: str) -> Node:
        yes, end = self.read("else", "endif")
        no = self.read("endif")[0] if end == "else" else ()
        return Conditional(
            self._parse(condition), Template(yes, source), Template(no, source), source
        )

    def _for(self, written: str, source: str) -> Node:
        match = _FOR.fullmatch(written.strip())
        if match is None:
            raise NotUnderstoodError(source)
        members = ForExpression(
            names=tuple(name for name in match.group(1, 2) if name),
            collection=self._parse(match[3]),
            key=None,
            value=Template(self.read("endfor")[0], source),
            condition=None,
            is_grouped=False,
            source=source,
        )
        return FunctionCall("join", (_NOTHING, members), is_expanded=False, source=source)
