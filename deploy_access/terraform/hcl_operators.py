"""
The operators and conditionals of Terraform's expressions, by their precedence.

Source: https://developer.hashicorp.com/terraform/language/expressions/operators
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from deploy_access.terraform.hcl_cursor import Cursor
from deploy_access.terraform.hcl_nodes import Conditional, LiteralValue, Negation, Operation

if TYPE_CHECKING:
    from deploy_access.terraform.hcl_nodes import Node

_LEVELS = (("||",), ("&&",), ("==", "!="), ("<", "<=", ">", ">="), ("+", "-"), ("*", "/", "%"))
_LEVEL = {sign: level for level, signs in enumerate(_LEVELS) for sign in signs}


class OperatorParser(Cursor, ABC):
    """A parser of operators, whose operands another class parses."""

    def expression(self) -> Node:
        """
        Parse an expression.

        Raises:
            NotUnderstoodError: There is none.
        """
        self.peek()
        start, depth = self.at, self.depth
        condition = self._operation(0)
        if not self.take("?"):
            return condition
        self.deeper()
        yes = self.expression()
        self.expect(":")
        no = self.expression()
        self.depth = depth
        return Conditional(condition, yes, no, self.written(start))

    @abstractmethod
    def operand(self) -> Node:
        """Parse a value that has no operator."""

    def _operation(self, lowest: int) -> Node:
        """Parse operators of the level *lowest* and of those above it, which bind tighter."""
        self.peek()
        start = self.at
        found = self._signed()
        while (level := self._level()) >= lowest:
            rest: list[tuple[str, Node]] = []
            while self._level() == level:
                rest.append((self.next().text, self._operation(level + 1)))
            found = Operation(found, tuple(rest), self.written(start))
        return found

    def _level(self) -> int:
        token = self.peek()
        return _LEVEL.get(token.text, -1) if token.kind == "sign" else -1

    def _signed(self) -> Node:
        depth, start, sign = self.depth, self.at, self.peek().text
        if not (self.take("!") or self.take("-")):
            found = self.operand()
        else:
            self.deeper()
            value = self._signed()
            found = _negative(sign, value) or Negation(sign, value, self.written(start))
        self.depth = depth
        return found


def _negative(sign: str, found: Node) -> Node | None:
    """Return a number below zero; None for everything else."""
    number = found.value if isinstance(found, LiteralValue) and sign == "-" else None
    if not isinstance(number, int | float) or isinstance(number, bool):
        return None
    return LiteralValue(-number)
