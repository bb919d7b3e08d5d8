"""The place of a parser in the tokens of one expression."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.terraform.hcl_tokens import NESTED, NoEndError, NotUnderstoodError, tokens

if TYPE_CHECKING:
    from deploy_access.terraform.hcl_tokens import Token

_ENDS = {",", "}", "]", ")", "..."}
_OPENING, _CLOSING = {"(", "[", "{"}, {")", "]", "}"}


class Cursor:
    """
    The place in the tokens of one expression.

    Attributes:
        source: The expression.
        at: The number of the next token.
        depth: How deep the next token is nested.
        newline_ends: Whether a new line ends a value, as it does in an object.
        tokens: All tokens.
        closing: The number of the bracket that closes the one of a number.
    """

    def __init__(self, source: str, depth: int) -> None:
        self.source = source
        self.at: int = 0
        self.depth = depth
        self.newline_ends = False
        self.tokens = tokens(source)
        self.closing = _brackets(self.tokens)

    def peek(self) -> Token:
        """Return the next token; a new line is one only where it ends a value."""
        if not self.newline_ends:
            self.skip_newlines()
        return self.tokens[self.at]

    def next(self) -> Token:
        """
        Step over the next token.

        Raises:
            NoEndError: There is none.
        """
        token = self.peek()
        if token.kind == "end":
            raise NoEndError(self.source)
        self.at += 1
        return token

    def take(self, sign: str) -> bool:
        """Step over *sign* when it comes next."""
        token = self.peek()
        if token.text != sign or token.kind == "string":
            return False
        self.at += 1
        return True

    def expect(self, *signs: str) -> None:
        """
        Step over one of *signs*.

        Raises:
            NotUnderstoodError: Something else comes next.
        """
        if not any(self.take(sign) for sign in signs):
            raise NotUnderstoodError(self.source)

    def skip_newlines(self) -> None:
        """Step over new lines."""
        while self.tokens[self.at].kind == "newline":
            self.at += 1

    def ends(self) -> bool:
        """Whether a value ends here."""
        token = self.peek()
        return token.kind in {"end", "newline"} or (token.kind == "sign" and token.text in _ENDS)

    def skip_value(self, start: int) -> None:
        """
        Step over the value that begins at the token *start*.

        Raises:
            NotUnderstoodError: There is none.
        """
        self.at = start
        while not self.ends():
            # A `,` inside of brackets ends nothing: jump to the bracket that closes them.
            self.at = self.closing.get(self.at, self.at)
            self.next()
        if self.at == start:
            raise NotUnderstoodError(self.source)

    def written(self, start: int) -> str:
        """Return the source from the token *start* to here."""
        last = self.at - 1
        while last > start and self.tokens[last].kind == "newline":
            last -= 1
        return self.source[self.tokens[start].start : self.tokens[last].end]

    def deeper(self) -> int:
        """
        Go one level down, and return how deep it is.

        Raises:
            NoEndError: That is too deep.
        """
        self.depth += 1
        if self.depth > NESTED:
            raise NoEndError(self.source)
        return self.depth


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
