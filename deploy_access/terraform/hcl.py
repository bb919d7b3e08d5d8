"""
The parser of Terraform's expressions.

What it does not understand is kept as it is written, part by part: one heredoc in an object hides
nothing but its own value.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from deploy_access.terraform.hcl_directives import parse_directives
from deploy_access.terraform.hcl_literals import (
    CONSTANTS,
    DIGITS,
    MARK,
    heredoc_text,
    read_number,
    unescape,
)
from deploy_access.terraform.hcl_nodes import (
    Access,
    ForExpression,
    FunctionCall,
    Index,
    ListOf,
    LiteralValue,
    ObjectOf,
    Raw,
    Splat,
    Template,
    Traversal,
)
from deploy_access.terraform.hcl_operators import OperatorParser
from deploy_access.terraform.hcl_tokens import NoEndError, NotUnderstoodError, braces_end

if TYPE_CHECKING:
    from collections.abc import Callable

    from deploy_access.terraform.hcl_nodes import Node, Step
    from deploy_access.terraform.hcl_tokens import Token

# Nearly every expression has no quotes, braces, comments and heredocs: one search finds its end.
_SIMPLE = re.compile(r"[^{}\"#/<]*\}")


def parse_template(
    text: str, unescaped: Callable[[str], str] = str, depth: int = 0
) -> tuple[str | Node, ...]:
    """
    Split a text into literal parts and expressions.

    Raises:
        NotUnderstoodError: An expression or a directive has no end.
    """
    if "%{" in text or "{~" in text or "~}" in text:
        return parse_directives(text, unescaped, lambda source: parse_expression(source, depth))
    parts: list[str | Node] = []
    at = 0
    while mark := MARK.search(text, at):
        parts.append(unescaped(text[at : mark.start()]))
        at = mark.end()
        # https://developer.hashicorp.com/terraform/language/expressions/strings#escape-sequences
        if mark[0] in {"$${", "%%{"}:
            parts.append(mark[0][1:])
        else:
            simple = _SIMPLE.match(text, at)
            end = simple.end() if simple else braces_end(text, at)
            parts.append(parse_expression(text[at : end - 1], depth))
            at = end
    parts.append(unescaped(text[at:]))
    return tuple([part for part in parts if part != ""])  # a list is faster here


# The reference to one OIDC provider stands in the trust policies of thousands of roles.
@lru_cache(maxsize=256)
def parse_expression(source: str, depth: int = 0) -> Node:
    """Parse the text between `${` and `}`; `Raw` when it is not understood."""
    try:
        return _Parser(source, depth).whole()
    except NotUnderstoodError:
        return Raw(source.strip())


class _Parser(OperatorParser):
    """A parser of one expression, which keeps as `Raw` each part that it does not understand."""

    def whole(self) -> Node:
        """Parse the whole expression."""
        found = self._value()
        if self.peek().kind != "end":
            raise NotUnderstoodError(self.source)
        return found

    def operand(self) -> Node:
        """Parse a value and what follows it."""
        start = self.at
        token = self.next()
        if token.kind == "name":
            return self._named(token, start)
        if token.kind == "number":
            return LiteralValue(read_number(token.text))
        if token.kind == "string":
            parts = parse_template(token.text[1:-1], unescape, self.deeper())
            return self._followed(Template(parts, token.text), start)
        if token.kind == "heredoc":
            parts = parse_template(heredoc_text(token.text), depth=self.deeper())
            return Template(parts, token.text)
        newline_ends = self.newline_ends
        found = self._bracketed(token.text, start)
        self.newline_ends = newline_ends
        return self._followed(found, start)

    def _value(self) -> Node:
        self.peek()
        start, depth, newline_ends = self.at, self.depth, self.newline_ends
        found: Node | None = None
        try:
            found = self.expression()
        except NoEndError:
            raise  # There is no end to step to, so the whole expression becomes `Raw`.
        except NotUnderstoodError:
            pass
        self.depth, self.newline_ends = depth, newline_ends
        if found is None or not self.ends():
            self.skip_value(start)
            return Raw(self.written(start))
        return found

    def _named(self, name: Token, start: int) -> Node:
        if self.take("("):
            newline_ends = self.newline_ends
            found = self._called(name.text, start)
            self.newline_ends = newline_ends
            return self._followed(found, start)
        if name.text in CONSTANTS:
            return LiteralValue(CONSTANTS[name.text])
        parts = (name.text, *self._steps())
        return Traversal(parts, self.written(start))

    def _called(self, name: str, start: int) -> FunctionCall:
        self.deeper()
        arguments, is_expanded = self._values(")")
        return FunctionCall(name, tuple(arguments), is_expanded, self.written(start))

    def _followed(self, found: Node, start: int) -> Node:
        steps = tuple(self._steps())
        return Access(found, steps, self.written(start)) if steps else found

    def _bracketed(self, sign: str, start: int) -> Node:
        self.deeper()
        self.newline_ends = False
        if sign in {"[", "{"} and self.peek().text == "for":
            return self._for("]" if sign == "[" else "}", start)
        if sign == "[":
            return ListOf(tuple(self._values("]")[0]))
        if sign == "{":
            return ObjectOf(tuple(self._items()))
        if sign != "(":
            raise NotUnderstoodError(sign)
        found = self._value()
        self.expect(")")
        return found

    def _values(self, closing: str) -> tuple[list[Node], bool]:
        """Parse values up to *closing*; the last argument of a function may end in `...`."""
        self.newline_ends = False
        found: list[Node] = []
        is_expanded = False
        while not self.take(closing):
            found.append(self._value())
            is_expanded = closing == ")" and self.take("...")
            if not self.take(",") and self.peek().text != closing:
                raise NotUnderstoodError(self.source)
        return found, is_expanded

    def _items(self) -> list[tuple[Node, Node]]:
        found: list[tuple[Node, Node]] = []
        self.newline_ends = True
        self.skip_newlines()
        while not self.take("}"):
            key = self._key()
            self.expect("=", ":")
            self.skip_newlines()
            found.append((key, self._value()))
            if not self.take(",") and self.peek().text not in {"}", "\n"}:
                raise NotUnderstoodError(self.source)
            self.skip_newlines()
        return found

    def _key(self) -> Node:
        token = self.peek()
        if token.kind == "name":
            self.at += 1
            return Template((token.text,), token.text)
        depth = self.depth
        found = self.operand()
        self.depth = depth
        return found

    def _for(self, closing: str, start: int) -> ForExpression:
        self.next()
        names = [self._name()]
        if self.take(","):
            names.append(self._name())
        self.expect("in")
        collection = self.expression()
        self.expect(":")
        value = self.expression()
        key = None
        if closing == "}":
            self.expect("=>")
            key, value = value, self.expression()
        is_grouped = key is not None and self.take("...")
        condition = self.expression() if self.take("if") else None
        self.expect(closing)
        return ForExpression(
            names=tuple(names),
            collection=collection,
            key=key,
            value=value,
            condition=condition,
            is_grouped=is_grouped,
            source=self.written(start),
        )

    def _name(self) -> str:
        token = self.next()
        if token.kind != "name":
            raise NotUnderstoodError(self.source)
        return token.text

    def _steps(self) -> list[Step]:
        """Parse the attributes, indexes and splats that follow a value."""
        found: list[Step] = []
        while True:
            if self.take("."):
                found.append(Splat(is_full=False) if self.take("*") else self._attribute())
            elif self.take("["):
                found.append(self._index())
            else:
                return found

    def _attribute(self) -> Step:
        token = self.next()
        if token.kind == "number" and token.text.isdecimal() and len(token.text) < DIGITS:
            return Index(LiteralValue(int(token.text)))
        if token.kind != "name":
            raise NotUnderstoodError(token.text)
        return token.text

    def _index(self) -> Step:
        depth, newline_ends = self.depth, self.newline_ends
        self.newline_ends = False
        self.deeper()
        found: Step
        if self.peek().text == "*":
            self.next()
            found = Splat(is_full=True)
        else:
            found = Index(self._value())
        self.expect("]")
        self.depth, self.newline_ends = depth, newline_ends
        return found
