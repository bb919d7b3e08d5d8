"""
The values of what is written in one module.

What is not resolved becomes a symbol, and so does an expression that refers to itself or whose
value is longer than any policy.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, cast

from deploy_access.json_shape import as_text
from deploy_access.terraform.bounds import LONGEST, weigh
from deploy_access.terraform.expression_values import NO_NAMES, SetOf, UnknownError
from deploy_access.terraform.hcl import parse_template
from deploy_access.terraform.hcl_nodes import Traversal
from deploy_access.terraform.hcl_tokens import NotUnderstoodError

if TYPE_CHECKING:
    from deploy_access.terraform.evaluation import Evaluator
    from deploy_access.terraform.expression_values import Names
    from deploy_access.terraform.module_tree import ModuleTree
    from deploy_access.terraform.symbols import Symbols

# How deep values lie in values, and references lead to references; real plans reach 6.
DEPTH = 25
# Parts whose cost is counted where they are looked up.
_EASY = (str, Traversal)


class TemplateValues(ABC):
    """
    The values of texts, objects and lists with expressions in them.

    Attributes:
        symbols: The expressions that are not resolved.
        tree: What the modules of one root share.
    """

    def __init__(self, symbols: Symbols, tree: ModuleTree) -> None:
        self.symbols = symbols
        self.tree = tree
        self._known: dict[str, object] = {}
        self._open: set[str] = set()

    @property
    @abstractmethod
    def evaluator(self) -> Evaluator:
        """What evaluates parsed expressions."""

    def value_for(self, raw: object, names: Names) -> object:
        """Resolve everything in *raw*, which may have *names* in it; null is a value."""
        return self._value(raw, names)

    def spend(self, effort: int) -> None:
        """
        Count what is computed.

        Raises:
            UnknownError: It is more than a module may cost.
        """
        self.tree.left -= effort
        if self.tree.left < 0:
            raise UnknownError

    def bounded(self, found: object) -> object:
        """
        Return a value that is no longer than any policy.

        Raises:
            UnknownError: It is longer.
        """
        characters, values = weigh(found)
        self.spend(values // 10 + characters // 100)
        if characters + values > LONGEST:
            raise UnknownError
        return found

    def _value(self, raw: object, names: Names) -> object:
        if isinstance(raw, str):
            return self._template(raw, names) if "${" in raw or "%{" in raw else raw
        if not isinstance(raw, dict | list):
            return raw
        if self.tree.depth > DEPTH:
            return self.symbols.mark("...")
        self.tree.depth += 1
        try:
            return self._children(cast("dict[str, object] | list[object]", raw), names)
        finally:
            self.tree.depth -= 1

    def _children(self, raw: dict[str, object] | list[object], names: Names) -> object:
        if isinstance(raw, SetOf):  # the default of a variable that is a set
            return raw
        if isinstance(raw, list):
            return [self._value(child, names) for child in raw]
        items = raw.items()
        return {as_text(self._value(k, names)) or "": self._value(v, names) for k, v in items}

    def _template(self, text: str, names: Names) -> object:
        """Resolve a text; a text that is one expression keeps the type of its value."""
        if names.values:
            return self._checked(text, names)
        if text in self._known:
            return self._known[text]
        # A text that is being resolved already refers to itself.
        if text in self._open:
            return self._unknown(text)
        self._open.add(text)
        try:
            self._known[text] = self._checked(text, names)
        finally:
            self._open.remove(text)
        return self._known[text]

    def _checked(self, text: str, names: Names) -> object:
        """Resolve a text; give up what has grown too long, and keep count of all that is done."""
        if self.tree.depth > DEPTH or self.tree.left < 0 or len(text) > LONGEST:
            return self._unknown(text, names)
        self.tree.depth += 1
        try:
            return self._parsed(text, names)
        except (NotUnderstoodError, UnknownError):
            return self._unknown(text, names)
        finally:
            self.tree.depth -= 1

    def _parsed(self, text: str, names: Names) -> object:
        parts = parse_template(text)
        if not all(isinstance(part, _EASY) for part in parts):
            # To parse an object or a list takes longer than to look a name up, by its length.
            self.tree.left -= len(text) // 3
        found = self.evaluator.text(parts, names)
        self.tree.left -= 1
        return self.bounded(found)

    def _unknown(self, text: str, names: Names = NO_NAMES) -> str:
        whole = text.startswith("${") and text.endswith("}") and text.count("${") == 1
        return self.symbols.mark(names.written(text[2:-1].strip() if whole else text))
