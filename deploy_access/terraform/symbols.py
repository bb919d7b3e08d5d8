"""
The expressions that only Terraform can resolve, as symbols inside of texts.

While a text is put together, such an expression is a number between two characters that Unicode
reserves for internal use. At the end it is written as `${expression}`, escaped where the text is
JSON.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from deploy_access.terraform.certainty import Variants

# Noncharacters, which no text that is exchanged has: https://www.unicode.org/faq/private_use.html
_START = "\ufdd0"
# A file may hold them all the same; nine digits keep `int` cheap then.
_SYMBOL = re.compile("\ufdd0([0-9]{1,9})\ufdd1")
# Where the name of something in a module begins; `each` and `count` are those of one block in it.
_ROOT = re.compile(
    r"(?<![\w.\"-])(?=(?:(?:count|data|each|local|module|path|var)|[a-z][a-z0-9]*_\w+)\.[A-Za-z_])"
)


def has_symbol(text: str) -> bool:
    """Whether a part of *text* is not resolved."""
    return _START in text


def is_symbol(value: object) -> bool:
    """Whether a value as a whole is not resolved, so that it may have any type."""
    return isinstance(value, str) and _SYMBOL.fullmatch(value) is not None


class Symbols:
    """
    The expressions of one reading that are not resolved.

    Attributes:
        left_out: The parts of a merged document that could not be read, by the document's text.
        variants: How the statements of a document may come out, by the document's text.
    """

    def __init__(self, prefix: str = "") -> None:
        self.left_out: dict[str, tuple[str, ...]] = {}
        self.variants: dict[str, tuple[Variants, ...]] = {}
        self._numbers: dict[str, int] = {}
        self._expressions: list[str] = []
        self._prefix = prefix

    def within(self, prefix: str) -> Symbols:
        """
        Return the same symbols for a module that is called.

        Args:
            prefix: What the addresses in it begin with. So do the names in its expressions, as two
                modules have the same names for different things.
        """
        found = Symbols(prefix)
        vars(found).update({**vars(self), "_prefix": prefix})
        return found

    def mark(self, expression: str) -> str:
        """Return the symbol of *expression*."""
        if self._prefix:
            expression = _with_prefix(expression, self._prefix)
        number = self._numbers.setdefault(expression, len(self._expressions))
        if number == len(self._expressions):
            self._expressions.append(expression)
        return f"\ufdd0{number}\ufdd1"

    def names(self, text: str) -> tuple[str, ...]:
        """List the expressions in *text*, each once, in their order."""
        if _START not in text:
            return ()
        return tuple(dict.fromkeys(map(self._numbered, _SYMBOL.findall(text))))

    def write(self, text: str) -> str:
        """Return a text with `${expression}` for each symbol."""
        if _START not in text:
            return text
        return _SYMBOL.sub(lambda found: f"${{{self._expression(found)}}}", text)

    def write_json(self, text: str) -> str:
        """Return a text of JSON with `${expression}` for each symbol, its quotes escaped."""
        return _SYMBOL.sub(lambda found: _quoted(f"${{{self._expression(found)}}}"), text)

    def write_value(self, value: object) -> object:
        """Return *value* with every text in it written, keys too."""
        if isinstance(value, str):
            return self.write(value)
        if isinstance(value, dict):
            items = cast("dict[str, object]", value).items()
            return {self.write(key): self.write_value(child) for key, child in items}
        if isinstance(value, list):
            return [self.write_value(child) for child in cast("list[object]", value)]
        return value

    def _expression(self, found: re.Match[str]) -> str:
        return self._numbered(found[1])

    def _numbered(self, digits: str) -> str:
        number = int(digits)
        return self._expressions[number] if number < len(self._expressions) else "?"


def _with_prefix(expression: str, prefix: str) -> str:
    """Return an expression with *prefix* before each name that does not begin with it."""
    return _ROOT.sub(
        lambda found: "" if expression.startswith(prefix, found.end()) else prefix, expression
    )


@lru_cache(maxsize=64)  # one provider stands in the policies of thousands of roles
def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]
