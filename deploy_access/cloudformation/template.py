"""
A template of CloudFormation as the Terraform that says the same about access.

Whatever reads Terraform reads templates by it, with the same care for what is not known.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from deploy_access.cloudformation.expression_text import Expression
from deploy_access.cloudformation.expressions import Expressions, function_of, mapping_name
from deploy_access.cloudformation.resources import blocks_of, is_read
from deploy_access.json_shape import as_object, as_text, is_container

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_TYPED = ("AWS::", "Alexa::", "Custom::")
_MARKS = {"AWSTemplateFormatVersion", "Transform"}
_SAM = "The role that SAM makes for this is not read; read what `aws iam get-role` prints of it."
_NESTED = "The template of this stack is not read; name it, too."
_MACRO = "What CloudFormation puts here is not read."
_BROKEN = "There is no resource where one belongs."
_STACKS = {"AWS::CloudFormation::Stack", "AWS::Serverless::Application"}
# What SAM makes roles for, if it has no `Role`.
# https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html
_WITH_ROLE = {"AWS::Serverless::Function", "AWS::Serverless::StateMachine"}
# The arguments of a provider that say what these do.
_PLACE = {"AWS::AccountId": "allowed_account_ids", "AWS::Region": "region"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseen:
    """
    A part of a template whose access stands elsewhere, or is no template.

    Attributes:
        path: The part: `Resources.Deploy`.
        given: What stands there.
        what: What is not read, as a sentence.
        is_broken: Whether CloudFormation would refuse it.
    """

    path: str
    given: str
    what: str
    is_broken: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslatedTemplate:
    """
    A template in Terraform's JSON.

    Attributes:
        content: The JSON.
        places: The path in the template by the address in the JSON.
        unseen: What is not read.
        made_up: The expressions that stand for names that CloudFormation makes up.
    """

    content: dict[str, object]
    places: Mapping[str, str]
    unseen: tuple[Unseen, ...]
    made_up: frozenset[str]


def is_template(content: Mapping[str, object]) -> bool:
    """Whether a document is a template, of which most have no mark but their resources."""
    resources = content.get("Resources")
    if not is_container(resources):
        return False
    types = (as_text(as_object(one).get("Type")) or "" for one in as_object(resources).values())
    return bool(_MARKS & content.keys()) or any(name.startswith(_TYPED) for name in types)


def translate(
    template: Mapping[str, object], known: Mapping[str, str] = MappingProxyType({})
) -> TranslatedTemplate:
    """
    Write a template as Terraform.

    Args:
        template: The template.
        known: The pseudo parameters that are known, by name: `AWS::AccountId`, `AWS::Region`.
    """
    expressions = Expressions(template, known)
    trees: dict[str, dict[str, object]] = {}
    made_up: set[str] = set()
    places: dict[str, str] = {}
    for name, resource in _resources(template):
        for block in blocks_of(name, resource, expressions):
            trees.setdefault(block.type, {})[block.name] = dict(block.body)
            made_up |= {name} if block.is_name_made_up else set()
            for argument, path in block.places.items():
                address = ".".join(filter(None, (block.type, block.name, argument)))
                places[address] = ".".join(filter(None, ("Resources", name, path)))
    content: dict[str, object] = {
        "resource": trees,
        "locals": dict(_locals(template, expressions)),
        "variable": dict(_variables(as_object(template.get("Parameters")))),
        "provider": {"aws": {a: known[name] for name, a in _PLACE.items() if name in known}},
    }
    return TranslatedTemplate(
        content=content, places=places, unseen=tuple(_unseen(template)), made_up=frozenset(made_up)
    )


def _resources(template: Mapping[str, object]) -> Iterator[tuple[str, Mapping[str, object]]]:
    for name, resource in as_object(template.get("Resources")).items():
        if name.isalnum() and name.isascii() and is_container(resource):
            yield name, as_object(resource)


def _locals(
    template: Mapping[str, object], expressions: Expressions
) -> Iterator[tuple[str, object]]:
    for name, condition in expressions.conditions.items():
        yield name, Expression.of(expressions.condition(condition))
    for name, mapping in as_object(template.get("Mappings")).items():
        yield mapping_name(name), expressions.value(mapping)


def _variables(parameters: Mapping[str, object]) -> Iterator[tuple[str, dict[str, object]]]:
    """List the parameters; a default that names what AWS looks up is no value."""
    for name, body in parameters.items():
        kind = as_text(as_object(body).get("Type")) or ""
        default = as_text(as_object(body).get("Default"))
        if default is None or kind.startswith("AWS::SSM::"):
            yield name, {}
        elif kind.startswith("List<") or kind == "CommaDelimitedList":
            yield name, {"default": [part.strip() for part in default.split(",")]}
        else:
            yield name, {"default": default}


def _unseen(template: Mapping[str, object]) -> Iterator[Unseen]:
    if "Fn::Transform" in template:
        yield Unseen(path="Fn::Transform", given="Fn::Transform", what=_MACRO)
    for name, resource in as_object(template.get("Resources")).items():
        path = f"Resources.{name}"
        if name.startswith("Fn::"):
            yield Unseen(path=path, given=name, what=_MACRO)
        elif not is_container(resource) or not (name.isalnum() and name.isascii()):
            yield Unseen(path=path, given=name, what=_BROKEN, is_broken=True)
        else:
            yield from _unseen_of(path, as_object(resource))


def _unseen_of(path: str, resource: Mapping[str, object]) -> Iterator[Unseen]:
    kind, given = as_text(resource.get("Type")) or "", resource.get("Properties")
    if kind in _STACKS:
        yield Unseen(path=path, given=kind, what=_NESTED)
    elif kind in _WITH_ROLE and "Role" not in as_object(given):
        yield Unseen(path=path, given=kind, what=_SAM)
    elif is_read(kind) and given is not None and not is_container(given):
        yield Unseen(path=f"{path}.Properties", given=kind, what=_BROKEN, is_broken=True)
    elif is_read(kind) and function_of(given):
        yield Unseen(path=f"{path}.Properties", given=kind, what=_MACRO)
