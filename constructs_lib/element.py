"""A Terraform element of a construct: a resource, an output, a backend."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from constructs_lib.node_calls import WAITING, Waits

if TYPE_CHECKING:
    from cdktf import (
        TerraformElement,
        TerraformProvider,
        TerraformResource,
        TerraformStack,
    )
    from constructs import Construct, Node

T_co = TypeVar("T_co", bound="TerraformElement", covariant=True)


class Element(Generic[T_co]):
    """
    An element that Node makes with the next call that goes there; `resource` is the object of it.

    So a construct that nobody asks for its resource costs no round trip for it.
    """

    def __init__(
        self, kind: type[T_co], scope: Construct, construct_id: str | None, **keywords: object
    ) -> None:
        self._scope = scope
        self._id = construct_id
        self._resource: T_co | None = None
        if Waits.allowed:
            config = _plain_config(keywords)
            WAITING.add("make", _name_of(kind), WAITING.number(scope), construct_id, config)
        else:
            place = (scope,) if construct_id is None else (scope, construct_id)
            known = {key: _known(value) for key, value in keywords.items()}
            self._resource = cast("Any", kind)(*place, **known)

    @property
    def resource(self) -> T_co:
        """The element itself, which other constructs can refer to."""
        if self._resource is None:
            self._resource = cast("T_co", self._scope.node.find_child(cast("str", self._id)))
        return self._resource

    @property
    def node(self) -> Node:
        """Its place in the tree."""
        return self.resource.node

    def attribute(self, name: str) -> Attribute:
        """Return Terraform's reference to an attribute, as an argument of another element."""
        return Attribute(self, name)

    def put(self, argument: str, value: str) -> None:
        """Set an argument anew."""
        if self._resource is None:
            WAITING.add("set", self.place, _camel_case(argument), value)
        else:
            setattr(self._resource, argument, value)

    def override(self, path: str, value: object) -> None:
        """Write *value* at *path* of its JSON."""
        if self._resource is None:
            WAITING.add("override", self.place, path, _plain(value))
        else:
            self._resource.add_override(path, value)

    def take_over(self, import_id: str, provider: TerraformProvider | None) -> None:
        """Let Terraform take over what is there, in place of making it."""
        if self._resource is None:
            number = None if provider is None else WAITING.number(provider)
            WAITING.add("take", self.place, import_id, number)
        else:
            cast("TerraformResource", self._resource).import_from(import_id, provider)

    @property
    def place(self) -> list[object]:
        """Its scope, by number, and its id, as Node's half finds it."""
        return [WAITING.number(self._scope), self._id]


@dataclass(frozen=True, slots=True)
class Attribute:
    """A reference of Terraform to an attribute of an element: `${aws_iam_role.Task.name}`."""

    element: Element[TerraformElement]
    name: str

    def __str__(self) -> str:
        # As text, and not the token of jsii: a token differs at each read and cannot be compared.
        made = cast("TerraformResource", self.element.resource)
        return f"${{{made.terraform_resource_type}.{made.friendly_unique_id}.{self.name}}}"


def override(construct: TerraformElement | TerraformStack, path: str, value: object) -> None:
    """Write *value* at *path* of the JSON of a stack or of an element of another program."""
    if Waits.allowed:
        WAITING.add("override", WAITING.number(construct), path, _plain(value))
    else:
        construct.add_override(path, value)


def note(construct: Construct, key: str, text: str) -> None:
    """Add metadata to a construct, which CDKTF shows at synthesis."""
    if Waits.allowed:
        WAITING.add("note", WAITING.number(construct), key, text)
    else:
        construct.node.add_metadata(key, text)


def _known(value: object) -> object:
    """Return an argument as the bindings of a provider take it."""
    if isinstance(value, Attribute):
        return str(value)
    if isinstance(value, list):
        return [_known(each) for each in cast("list[object]", value)]
    return cast("Element[Any]", value).resource if isinstance(value, Element) else value


def _plain_config(keywords: Mapping[str, object]) -> dict[str, object]:
    return {_camel_case(key): _plain(value) for key, value in keywords.items() if value is not None}


def _plain(value: object) -> object:
    """Return a value as JSON, with what JSON has no word for under the empty key."""
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, Mapping):
        items = cast("Mapping[str, object]", value).items()
        return {key: _plain(each) for key, each in items if each is not None}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in cast("list[object]", value)]
    # A struct of jsii knows its fields in the language of Node.
    fields = cast("Mapping[str, str] | None", getattr(value, "__jsii_name_mapping__", None))
    if fields is not None:
        return _plain({theirs: getattr(value, ours) for ours, theirs in fields.items()})
    return {"": _reference(value)}


def _reference(value: object) -> list[object]:
    """Return what `_elements.cjs` looks up."""
    if isinstance(value, Attribute):
        return ["attribute", value.element.place, value.name]
    place = value.place if isinstance(value, Element) else WAITING.number(value)
    return ["element", place]


def _name_of(kind: type) -> str:
    return cast("str", getattr(kind, "__jsii_type__"))  # noqa: B009 - pyright does not see it


def _camel_case(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))
