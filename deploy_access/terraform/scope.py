"""
The values of Terraform's expressions in one module, as far as the JSON holds them.

What is not resolved becomes a symbol, and so does an expression that refers to itself or whose
value is longer than any policy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from deploy_access.json_shape import as_text
from deploy_access.terraform.bounds import LONGEST, weigh
from deploy_access.terraform.definitions import made_of
from deploy_access.terraform.evaluation import Evaluator
from deploy_access.terraform.expression_values import NO_NAMES, SetOf, UnknownError
from deploy_access.terraform.hcl import parse_template
from deploy_access.terraform.hcl_nodes import Traversal
from deploy_access.terraform.hcl_tokens import NotUnderstoodError
from deploy_access.terraform.instances import instances_of
from deploy_access.terraform.provider_target import ProviderTarget, place_of
from deploy_access.terraform.symbols import Symbols

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from deploy_access.terraform.blocks import Block, BlockKey, Module
    from deploy_access.terraform.estate import Unread
    from deploy_access.terraform.expression_values import Names

# The name that CDKTF gives to the remote state of another stack.
_REMOTE = "cross-stack-reference-input-"
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
        self._evaluator = Evaluator(self)
        self._firm: Scope | None = None
        self._instances: dict[str, tuple[Block, ...]] = {}
        self._known: dict[str, object] = {}
        self._once: dict[tuple[str, ...], object] = {}
        self._places: dict[str, ProviderTarget] = {}
        self._open: set[str] = set()
        self._depth = 0
        self._left = EFFORT

    @property
    def firm(self) -> Scope:
        """The same module without the defaults of its variables: others can be set."""
        if self._firm is None:
            kept: Mapping[str, object] = self.module.variables if self.module.are_set else {}
            module = replace(self.module, variables=kept)
            has_defaults = self.module.variables != kept or self.siblings
            self._firm = Scope(module, self.symbols, _Firm(self.siblings)) if has_defaults else self
            # Nothing is left to take away, and a block that refers to itself would go on for ever.
            self._firm._firm = self._firm  # noqa: SLF001 - a scope of the same module
        return self._firm

    def value(self, raw: object) -> object:
        """Resolve everything in *raw*; an expression that is not resolved becomes a symbol."""
        found = self._value(raw, NO_NAMES)
        # Null leaves an argument out. Whoever asks for this one needs a value.
        return self._unknown(raw) if found is None and isinstance(raw, str) else found

    def value_for(self, raw: object, names: Names) -> object:
        """Resolve everything in *raw*, which may have *names* in it; null is a value."""
        return self._value(raw, names)

    def instances(self, block: Block) -> tuple[Block, ...]:
        """Return the blocks that *block* makes, each of them once for its key or its number."""
        if block.index is not None or block.perhaps:
            return (block,)
        address = block.address
        if address not in self._instances:
            # Whoever asks again while they are looked for has a `count` that refers to itself.
            self._instances[address] = (replace(block, perhaps=address),)
            self._instances[address] = instances_of(self, block)
        return self._instances[address]

    def stack_behind(self, name: str) -> Scope | None:
        """Return the stack whose outputs a remote state of CDKTF passes on; None for any other."""
        stack = name.removeprefix(_REMOTE)
        return self.siblings.get(stack) if stack != name else None

    def spend(self, effort: int) -> None:
        """
        Count what is computed.

        Raises:
            UnknownError: It is more than a module may cost.
        """
        self._left -= effort
        if self._left < 0:
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

    def text(self, raw: object) -> str | None:
        """Resolve *raw* to a text; None when it is none."""
        return as_text(self.value(raw))

    def known(self, raw: object) -> str | None:
        """Resolve *raw* to a text; None when a part of it is known to Terraform only."""
        found = self.text(raw)
        return None if not found or self.symbols.names(found) else found

    def reference(self, expression: str) -> object:
        """Resolve a reference such as `aws_iam_role.Deploy.name`."""
        return self.value(f"${{{expression}}}")

    def once(self, *key: str, raw: object) -> object:
        """Resolve *raw*, and remember it under *key*."""
        if key not in self._once:
            self._once[key] = self._value(raw, NO_NAMES)
        return self._once[key]

    def made_of(self, value: object) -> str:
        """Return a digest of a value and of the definitions of all names in it."""
        return made_of(self, value)

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

    def _value(self, raw: object, names: Names) -> object:
        if isinstance(raw, str):
            return self._template(raw, names) if "${" in raw or "%{" in raw else raw
        if not isinstance(raw, dict | list):
            return raw
        if self._depth > DEPTH:
            return self.symbols.mark("...")
        self._depth += 1
        try:
            return self._children(cast("dict[str, object] | list[object]", raw), names)
        finally:
            self._depth -= 1

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
        if self._depth > DEPTH or self._left < 0 or len(text) > LONGEST:
            return self._unknown(text, names)
        self._depth += 1
        try:
            return self._parsed(text, names)
        except (NotUnderstoodError, UnknownError):
            return self._unknown(text, names)
        finally:
            self._depth -= 1

    def _parsed(self, text: str, names: Names) -> object:
        parts = parse_template(text)
        if not all(isinstance(part, _EASY) for part in parts):
            # To parse an object or a list takes longer than to look a name up, by its length.
            self._left -= len(text) // 3
        found = self._evaluator.text(parts, names)
        self._left -= 1
        return self.bounded(found)

    def _unknown(self, text: str, names: Names = NO_NAMES) -> str:
        whole = text.startswith("${") and text.endswith("}") and text.count("${") == 1
        return self.symbols.mark(names.written(text[2:-1].strip() if whole else text))


class _Firm(Mapping[str, Scope]):
    """The modules of other stacks without the defaults of their variables."""

    def __init__(self, stacks: Mapping[str, Scope]) -> None:
        self._stacks = stacks

    def __getitem__(self, name: str) -> Scope:
        return self._stacks[name].firm

    def __iter__(self) -> Iterator[str]:
        return iter(self._stacks)

    def __len__(self) -> int:
        return len(self._stacks)


def scopes_of(modules: Iterable[Module]) -> list[Scope]:
    """Return a scope for each module; stacks that are read together see each other's outputs."""
    symbols, stacks = Symbols(), dict[str, Scope]()
    scopes = [Scope(module, symbols, stacks) for module in modules]
    stacks.update({scope.module.stack: scope for scope in scopes if scope.module.stack})
    return scopes
