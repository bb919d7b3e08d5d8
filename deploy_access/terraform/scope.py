"""
The values of Terraform's expressions in one module, as far as the JSON holds them.

Literals, references and `jsonencode` are resolved. Everything else becomes a symbol, and so does an
expression that refers to itself or whose value is longer than any policy.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

from deploy_access.json_shape import as_text
from deploy_access.terraform.bounds import LONGEST, weigh
from deploy_access.terraform.hcl import parse_template
from deploy_access.terraform.hcl_nodes import (
    FunctionCall,
    ListOf,
    LiteralValue,
    ObjectOf,
    Template,
    Traversal,
)
from deploy_access.terraform.hcl_tokens import NotUnderstoodError
from deploy_access.terraform.lookup import UnknownError, look_up
from deploy_access.terraform.provider_target import ProviderTarget, place_of
from deploy_access.terraform.symbols import Symbols

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from deploy_access.terraform.blocks import Block, BlockKey, Module
    from deploy_access.terraform.estate import Unread
    from deploy_access.terraform.hcl_nodes import Node

# How deep values lie in values, and references lead to references; real plans reach 6.
DEPTH = 25
# What one module may cost. 20,000 roles, as many as one file may have (`bounds.MOST`), cost 100,000
# when each has one expression, which takes some six seconds.
EFFORT = 120_000
# Parts whose cost is counted where they are looked up.
_EASY = (str, Traversal)


class Scope:
    """
    One module, and the values of its names.

    Attributes:
        module: The module.
        symbols: The expressions that are not resolved.
        siblings: The scopes of other stacks, by the name of the stack.
        notes: The mistakes that were found while values were looked up.
    """

    def __init__(self, module: Module, symbols: Symbols, siblings: Mapping[str, Scope]) -> None:
        self.module = module
        self.symbols = symbols
        self.siblings = siblings
        self.notes: list[Unread] = []
        self.blocks: dict[BlockKey, Block] = {
            (b.mode, b.type, b.name, b.index): b for b in module.blocks
        }
        self._known: dict[str, object] = {}
        self._once: dict[tuple[str, ...], object] = {}
        self._places: dict[str, ProviderTarget] = {}
        self._open: set[str] = set()
        self._depth = 0
        self._left = EFFORT

    def value(self, raw: object) -> object:
        """Resolve everything in *raw*; an expression that is not resolved becomes a symbol."""
        if isinstance(raw, str):
            return self._template(raw) if "${" in raw or "%{" in raw else raw
        if not isinstance(raw, dict | list):
            return raw
        if self._depth > DEPTH:
            return self.symbols.mark("...")
        self._depth += 1
        try:
            return self._children(cast("dict[str, object] | list[object]", raw))
        finally:
            self._depth -= 1

    def text(self, raw: object) -> str | None:
        """Resolve *raw* to a text; None when it is none."""
        return as_text(self.value(raw))

    def known(self, raw: object) -> str | None:
        """Resolve *raw* to a text; None when a part of it is known to Terraform only."""
        found = self.text(raw)
        return None if not found or self.symbols.names(found) else found

    def reference(self, expression: str) -> object:
        """Resolve a reference such as `aws_iam_role.Deploy.name`."""
        return self._template(f"${{{expression}}}")

    def once(self, *key: str, raw: object) -> object:
        """Resolve *raw*, and remember it under *key*."""
        if key not in self._once:
            self._once[key] = self.value(raw)
        return self._once[key]

    def place(self, block: Block) -> ProviderTarget:
        """Return the account and the region of *block*."""
        # Without `provider` it is the default one of the type: `aws` for `aws_iam_role`.
        named = as_text(block.body.get("provider")) or block.type.partition("_")[0]
        name = named.removeprefix("${").removesuffix("}")
        if name not in self._places:
            self._places[name] = place_of(self, self.module.providers.get(name, {}))
        place = self._places[name]
        # From version 6 of the AWS provider on, a resource may name a region of its own.
        region = None if block.body.get("region") is None else self.known(block.body["region"])
        return ProviderTarget(account=place.account, region=region) if region else place

    def _children(self, raw: dict[str, object] | list[object]) -> object:
        if isinstance(raw, list):
            return [self.value(child) for child in raw]
        return {self.text(key) or "": self.value(child) for key, child in raw.items()}

    def _template(self, text: str) -> object:
        """Resolve a text; a text that is one expression keeps the type of its value."""
        if text in self._known:
            return self._known[text]
        # A text that is being resolved already refers to itself.
        if text in self._open or self._is_too_much(text):
            return self._unknown(text)
        self._open.add(text)
        self._depth += 1
        try:
            self._known[text] = self._checked(text, self._parsed(text))
        finally:
            self._depth -= 1
            self._open.remove(text)
        return self._known[text]

    def _is_too_much(self, text: str) -> bool:
        return self._depth > DEPTH or self._left < 0 or len(text) > LONGEST

    def _parsed(self, text: str) -> object:
        try:
            parts = parse_template(text)
            if not all(isinstance(part, _EASY) for part in parts):
                # To parse an object or a list takes longer than to look a name up, by its length.
                self._left -= len(text) // 3
            return self._joined(parts, text)
        except NotUnderstoodError:
            return self._unknown(text)

    def _checked(self, text: str, found: object) -> object:
        """Give up what has grown too long, and keep count of all that was resolved."""
        characters, values = weigh(found)
        self._left -= 1 + values // 10 + characters // 100
        return self._unknown(text) if characters + values > LONGEST else found

    def _unknown(self, text: str) -> str:
        whole = text.startswith("${") and text.endswith("}") and text.count("${") == 1
        return self.symbols.mark(text[2:-1].strip() if whole else text)

    def _joined(self, parts: Sequence[str | Node], source: str) -> object:
        if len(parts) == 1 and not isinstance(parts[0], str):
            return self._node(parts[0])
        if self._left < 0:
            return self.symbols.mark(source)
        return "".join(part if isinstance(part, str) else self._inside(part) for part in parts)

    def _inside(self, node: Node) -> str:
        """Resolve an expression inside of a text; a value that is no text becomes a symbol."""
        self._left -= 1
        found = as_text(self._node(node))
        return self.symbols.mark(getattr(node, "source", "...")) if found is None else found

    def _node(self, node: Node) -> object:
        match node:
            case LiteralValue(value):
                return value
            case Template(parts, source):
                return self._joined(parts, source)
            case ListOf() | ObjectOf():
                return self._container(node)
            case FunctionCall("jsonencode" | "tolist" | "tomap" | "toset" as name, (argument,)):
                return self._called(name, self._node(argument))
            case Traversal(parts, source):
                return self._referred(parts, source)
            case _:
                return self.symbols.mark(node.source)

    def _called(self, name: str, value: object) -> object:
        """Call a function: `jsonencode`, or a conversion, which changes nothing in JSON."""
        is_encoded = name == "jsonencode"
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if is_encoded else value

    def _container(self, node: ListOf | ObjectOf) -> object:
        if isinstance(node, ListOf):
            return [self._node(item) for item in node.items]
        return {as_text(self._node(k)) or "": self._node(v) for k, v in node.items}

    def _referred(self, parts: Sequence[str | object], source: str) -> object:
        try:
            return look_up(self, parts)
        except UnknownError:
            return self.symbols.mark(source)


def scopes_of(modules: Iterable[Module]) -> list[Scope]:
    """Return a scope for each module; stacks that are read together see each other's outputs."""
    symbols, stacks = Symbols(), dict[str, Scope]()
    scopes = [Scope(module, symbols, stacks) for module in modules]
    stacks.update({scope.module.stack: scope for scope in scopes if scope.module.stack})
    return scopes
