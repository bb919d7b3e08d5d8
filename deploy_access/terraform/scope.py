"""The values of Terraform's expressions in one module, as far as its files hold them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from deploy_access.json_shape import as_object, as_text
from deploy_access.terraform.called_modules import calls_of
from deploy_access.terraform.definitions import made_of
from deploy_access.terraform.evaluation import Evaluator
from deploy_access.terraform.expression_values import NO_NAMES
from deploy_access.terraform.instances import instances_of
from deploy_access.terraform.module_tree import EFFORT, ModuleTree
from deploy_access.terraform.provider_target import ProviderTarget, place_of
from deploy_access.terraform.resolver import Called
from deploy_access.terraform.template_values import TemplateValues

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.terraform.blocks import Block, BlockKey, Module
    from deploy_access.terraform.estate import Unread
    from deploy_access.terraform.resolver import ModuleCall
    from deploy_access.terraform.symbols import Symbols

# The name that CDKTF gives to the remote state of another stack.
_REMOTE = "cross-stack-reference-input-"


class Scope(TemplateValues):
    """
    One module, and the values of its names.

    Attributes:
        module: The module.
        symbols: The expressions that are not resolved.
        siblings: The scopes of other stacks, by the name of the stack.
        caller: The call of the module; None for a root module.
        tree: What the modules of one root share.
        notes: The mistakes that were found while values were looked up.
    """

    def __init__(
        self,
        module: Module,
        symbols: Symbols,
        siblings: Mapping[str, Scope],
        caller: ModuleCall | None = None,
        tree: ModuleTree | None = None,
    ) -> None:
        super().__init__(symbols, tree or ModuleTree(left=EFFORT))
        self.module = module
        self.siblings = siblings
        self.caller = caller
        self.notes: list[Unread] = []
        self.blocks: dict[BlockKey, Block] = {
            (b.mode, b.type, b.name, b.index): b for b in module.blocks
        }
        self._evaluator = Evaluator(self)
        self._firm: Scope | None = None
        self._instances: dict[str, tuple[Block, ...]] = {}
        self._once: dict[tuple[str, ...], object] = {}
        self._places: dict[str, ProviderTarget] = {}
        self._called: dict[str, tuple[Called, ...]] = {}

    @property
    def evaluator(self) -> Evaluator:
        """What evaluates parsed expressions."""
        return self._evaluator

    @property
    def firm(self) -> Scope:
        """The same module without the defaults of its variables: others can be set."""
        if self._firm is None:
            self._firm = self._without_defaults()
            # Nothing is left to take away, and a block that refers to itself would go on for ever.
            self._firm._firm = self._firm  # noqa: SLF001 - a scope of the same module
        return self._firm

    @property
    def has_defaults(self) -> bool:
        """Whether a value may rest on the default of a variable that another value replaces."""
        if self.caller is not None:
            return self.caller.scope.has_defaults
        return bool(self.module.variables)

    def _without_defaults(self) -> Scope:
        if self.caller is not None:
            # Only the call sets variables, so a default that it leaves alone stays.
            above = cast("Scope", self.caller.scope.firm)
            if above is self.caller.scope:
                return self
            caller = replace(self.caller, scope=above)
            return Scope(self.module, self.symbols, _Firm(self.siblings), caller, above.tree)
        kept: Mapping[str, object] = self.module.variables if self.module.are_set else {}
        if self.module.variables == kept and not self.siblings:
            return self
        module = replace(self.module, variables=kept)
        tree = self.tree.anew(EFFORT)
        return Scope(module, self.symbols, _Firm(self.siblings), tree=tree)

    def value(self, raw: object) -> object:
        """Resolve everything in *raw*; an expression that is not resolved becomes a symbol."""
        found = self._value(raw, NO_NAMES)
        # Null leaves an argument out. Whoever asks for this one needs a value.
        return self._unknown(raw) if found is None and isinstance(raw, str) else found

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

    def called(self, name: str) -> tuple[Called, ...]:
        """Return the instances of a module that this one calls; nothing for one not read."""
        if name not in self._called:
            # Whoever asks again while they are looked for has a `count` that refers to itself.
            self._called[name] = ()
            self._called[name] = tuple(
                Called(
                    Scope(
                        module, self.symbols.within(module.prefix), self.siblings, call, self.tree
                    ),
                    call.call.index,
                    bool(call.call.perhaps),
                )
                for call, module in calls_of(self, self.tree, name)
            )
        return self._called[name]

    def stack_behind(self, name: str) -> Scope | None:
        """Return the stack whose outputs a remote state of CDKTF passes on; None for any other."""
        stack = name.removeprefix(_REMOTE)
        return self.siblings.get(stack) if stack != name else None

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
        found = made_of(self, value)
        if self.caller is None or self.caller.decided_by is None:
            return found
        return f"{found} {self.caller.scope.made_of(self.caller.decided_by)}"

    def place(self, block: Block) -> ProviderTarget:
        """Return the account and the region of *block*."""
        # Without `provider` it is the default one of the type: `aws` for `aws_iam_role`.
        named = as_text(block.body.get("provider")) or block.type.partition("_")[0]
        place = self.place_of_provider(named.removeprefix("${").removesuffix("}"))
        # From version 6 of the AWS provider on, a resource may name a region of its own.
        region = None if block.body.get("region") is None else self.known(block.body["region"])
        return ProviderTarget(account=place.account, region=region) if region else place

    def place_of_provider(self, name: str) -> ProviderTarget:
        """Return the account and the region of a provider, which the caller may hand over."""
        if name not in self._places:
            self._places[name] = self._place_of_provider(name)
        return self._places[name]

    def _place_of_provider(self, name: str) -> ProviderTarget:
        given = self.caller and as_text(as_object(self.caller.arguments.get("providers")).get(name))
        own = self.module.providers.get(name)
        # A default provider is handed over without being named.
        if self.caller and (given or (own is None and "." not in name)):
            above = (given or name).removeprefix("${").removesuffix("}")
            return self.caller.scope.place_of_provider(above)
        return place_of(self, own or {})


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
