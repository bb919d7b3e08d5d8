"""Terraform's JSON as blocks: the resources, providers and values of one root module."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Literal, TypeAlias, cast

from deploy_access.json_shape import as_list, as_object, as_text, objects
from deploy_access.terraform.block_comments import COMMENT, LABELS
from deploy_access.terraform.bounds import at_most
from deploy_access.terraform.configuration import Configuration, calls_of_file, place_in
from deploy_access.terraform.estate import Unread, Where
from deploy_access.terraform.variable_types import typed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deploy_access.json_file import JsonFile

Mode = Literal["resource", "data", "module"]
_Body: TypeAlias = "Mapping[str, object]"
BlockKey: TypeAlias = "tuple[Mode, str, str, str | int | None]"
"""Mode, type, name and instance."""
# A file with thousands of broken blocks has one mistake, which so many notes show well enough.
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Block:
    """
    A resource, a data source, or the call of a module.

    Attributes:
        mode: Which of the three.
        type: For example `aws_iam_role`.
        name: Its name in the module.
        body: Its arguments.
        address: Where it is in the module.
        index: The instance, for one of several.
        perhaps: The expression of `count` or `for_each` that decides whether it is there, where
            only Terraform knows its value; empty when it is there.
        rests_on: The same expression where its value is known, but rests on the default of a
            variable, which another value can replace.
    """

    mode: Mode
    type: str
    name: str
    body: Mapping[str, object]
    address: str
    index: str | int | None = None
    perhaps: str = ""
    rests_on: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """
    A root module, or one that is called.

    Attributes:
        file: The file that it was read from.
        stack: The name that CDKTF gives it, or None.
        blocks: Its resources and data sources.
        providers: Its providers by name, for example `aws` and `aws.other`.
        local_values: Its locals.
        variables: The defaults of its variables, or their values in a plan.
        are_set: Whether these are the values, which nothing replaces any more.
        outputs: Its outputs.
        imported: The addresses of what AWS has already, by its `import` blocks.
        unread: What in it could not be read.
        modules: The arguments of the modules that it calls.
        configuration: Its files.
        prefix: What its addresses begin with: `module.web.` in a module that is called.
        types: The types of its variables, as they are written.
        not_null: The variables that have their defaults where null is given.
    """

    file: str
    stack: str | None
    blocks: tuple[Block, ...]
    providers: Mapping[str, Mapping[str, object]]
    local_values: Mapping[str, object]
    variables: Mapping[str, object]
    outputs: Mapping[str, object]
    are_set: bool = False
    imported: frozenset[str] = frozenset()
    unread: tuple[Unread, ...] = ()
    modules: Mapping[str, _Body] = field(default_factory=dict[str, "_Body"])
    configuration: Configuration | None = None
    prefix: str = ""
    types: Mapping[str, str] = field(default_factory=dict[str, str])
    not_null: frozenset[str] = frozenset()

    @property
    def calls(self) -> Mapping[str, Configuration]:
        """The modules of other folders that it calls, by the name of the call."""
        return self.configuration.calls if self.configuration else {}

    @property
    def tool(self) -> str:
        """What deploys it, for example `Terraform`."""
        return self.configuration.tool if self.configuration else "Terraform"

    @property
    def made_up(self) -> frozenset[str]:
        """The expressions that stand for names that the tool makes up."""
        return self.configuration.made_up if self.configuration else frozenset()

    def where(self, address: str) -> Where:
        """Say where something in this module is."""
        if self.configuration is None:
            return Where(self.file, address, self.stack)
        file, line = place_in(self.configuration, address.removeprefix(self.prefix))
        return Where(file, address, self.stack, line, self.file)


def read_module(file: JsonFile, stack: str | None = None, call: Block | None = None) -> Module:
    """
    Read a `.tf.json` or the files of a folder.

    Args:
        file: The file.
        stack: The name that CDKTF gives it, or None.
        call: The block that calls it, which is one instance; None for a root module.
    """
    document, prefix = file.content, f"{call.address}." if call else ""
    variables = [(name, body) for (name,), body in named(document.get("variable"), 1)]
    return Module(
        file=file.name,
        stack=stack,
        blocks=tuple(at_most(_blocks(document, call), file.name)),
        providers=dict(_providers(document.get("provider"))),
        local_values={k: v for each in objects(document.get("locals")) for k, v in each.items()},
        variables={name: _default_of(body) for name, body in variables if "default" in body},
        outputs={name: body.get("value") for (name,), body in named(document.get("output"), 1)},
        modules={name: body for (name,), body in named(document.get("module"), 1)},
        imported=frozenset(
            (as_text(one.get("to")) or "").removeprefix("${").removesuffix("}")
            for one in objects(document.get("import"))
        ),
        unread=tuple(islice(_unread(file, stack, prefix), SHOWN)),
        configuration=file if isinstance(file, Configuration) else None,
        prefix=prefix,
        types={name: _type_of(body) for name, body in variables if "type" in body},
        not_null=frozenset(name for name, body in variables if body.get("nullable") is False),
    )


def _type_of(variable: Mapping[str, object]) -> str:
    return (as_text(variable["type"]) or "").removeprefix("${").removesuffix("}")


def _default_of(variable: Mapping[str, object]) -> object:
    """Return the default of a variable as a value of its type."""
    return typed(variable["default"], _type_of(variable) if "type" in variable else "")


def _blocks(document: Mapping[str, object], call: Block | None) -> Iterator[Block]:
    prefix = f"{call.address}." if call else ""
    perhaps, rests_on = (call.perhaps, call.rests_on) if call else ("", "")
    modes: tuple[tuple[Mode, str], ...] = (("resource", ""), ("data", "data."))
    for mode, before in modes:
        for (kind, name), body in named(document.get(mode), 2):
            address = f"{prefix}{before}{kind}.{name}"
            yield Block(mode, kind, name, body, address, perhaps=perhaps, rests_on=rests_on)


def named(value: object, labels: int) -> Iterator[tuple[tuple[str, ...], Mapping[str, object]]]:
    """
    List the blocks below *value*, each with its *labels* labels.

    JSON may have an object or a list of objects at every level.
    """
    # https://developer.hashicorp.com/terraform/language/syntax/json#nested-block-mapping
    for found in objects(value):
        if not labels:
            yield (), found
            continue
        for name, child in found.items():
            if name != COMMENT:
                for names, body in named(child, labels - 1):
                    yield (name, *names), body


def _providers(value: object) -> Iterator[tuple[str, Mapping[str, object]]]:
    for (name,), body in named(value, 1):
        alias = as_text(body.get("alias"))
        yield f"{name}.{alias}" if alias else name, body


def _unread(file: JsonFile, stack: str | None, prefix: str) -> Iterator[Unread]:
    known = calls_of_file(file)
    for (name,), body in named(file.content.get("module"), 1):
        if name in known:
            continue
        place, line = place_in(file, f"module.{name}")
        yield Unread(
            kind="module",
            what="A module is not read; `terraform init` puts it beside, or read a plan.",
            given=as_text(body.get("source")) or name,
            where=Where(place, f"{prefix}module.{name}", stack, line),
        )
    yield from misshapen(file.content, Where(file.name, stack=stack))


def misshapen(document: Mapping[str, object], where: Where) -> Iterator[Unread]:
    """List what stands in *document* where a block belongs and is none."""
    for mode in ("resource", "data", "provider", "locals", "variable", "output", "module"):
        for given, address in _misshapen(document.get(mode), LABELS[mode], mode):
            yield Unread(
                kind="malformed",
                what="There is no block where one belongs.",
                given=given,
                where=Where(where.file, address, where.stack),
            )


def _misshapen(value: object, labels: int, address: str) -> Iterator[tuple[str, str]]:
    for found in as_list(value):
        if not isinstance(found, dict):
            yield type(found).__name__, address
        elif labels:
            for name, child in as_object(cast("object", found)).items():
                if name != COMMENT:
                    yield from _misshapen(child, labels - 1, f"{address}.{name}")
