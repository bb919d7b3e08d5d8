"""The blocks of Terraform that say what a resource of a template says about access."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.cloudformation.expression_text import NO_VALUE, Expression
from deploy_access.cloudformation.resource_table import BLOCKS, LISTED, NAMED, ONLY_LISTS, READ
from deploy_access.cloudformation.terraform_names import terraform_type
from deploy_access.json_shape import as_object, as_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deploy_access.cloudformation.expressions import Expressions, Member
    from deploy_access.cloudformation.resource_table import Listed, Properties


@dataclass(frozen=True, slots=True, kw_only=True)
class TerraformBlock:
    """
    A block that says what a resource of a template says.

    Attributes:
        type: Its type, for example `aws_iam_role`.
        name: Its name: that of the resource, with a number where it is one of several.
        body: Its arguments.
        places: What of the resource says each argument, as a path from the resource; the block
            itself stands under an empty name.
        is_name_made_up: Whether CloudFormation makes up the name; the resource's stands for it.
    """

    type: str
    name: str
    body: Mapping[str, object]
    places: Mapping[str, str]
    is_name_made_up: bool = False


def is_read(kind: str) -> bool:
    """Whether a type of CloudFormation says something about access that is read."""
    return kind in READ or kind in ONLY_LISTS


def blocks_of(
    name: str, resource: Mapping[str, object], expressions: Expressions
) -> Iterator[TerraformBlock]:
    """List the blocks of a resource of a type that is read."""
    kind = as_text(resource.get("Type")) or ""
    condition = as_text(resource.get("Condition"))
    only = expressions.named_condition(condition) if condition else ""
    given = as_object(resource.get("Properties"))
    if kind in READ:
        block_type = BLOCKS.get(kind) or terraform_type(kind)
        body = _arguments(READ[kind], given, expressions) | _more(kind, given, expressions)
        places = {argument: f"Properties.{p}" for p, argument in READ[kind].items()}
        is_made_up = kind in NAMED and "name" not in body
        if is_made_up:
            body["name"] = Expression.of(name)
        yield TerraformBlock(
            type=block_type,
            name=name,
            body=body | _count(only),
            places={"": "", **places},
            is_name_made_up=is_made_up,
        )
    numbers: dict[str, int] = {}
    for listed in LISTED.get(kind, ()):
        for body, places in _listed(name, listed, given, expressions, only):
            number = numbers[listed.type] = numbers.get(listed.type, 0) + 1
            own = name if number == 1 else f"{name}_{number}"
            yield TerraformBlock(type=listed.type, name=own, body=body, places=places)


def _arguments(
    properties: Properties, given: Mapping[str, object], expressions: Expressions
) -> dict[str, object]:
    values = ((argument, expressions.value(given.get(p))) for p, argument in properties.items())
    return {name: value for name, value in values if value is not None and value is not NO_VALUE}


def _more(kind: str, given: Mapping[str, object], expressions: Expressions) -> dict[str, object]:
    """Return what a repository says in blocks of its own."""
    scanning = as_object(given.get("ImageScanningConfiguration"))
    if kind != "AWS::ECR::Repository" or "ScanOnPush" not in scanning:
        return {}
    wanted = expressions.value(scanning["ScanOnPush"])
    return {"image_scanning_configuration": {"scan_on_push": wanted}}


def _listed(
    name: str, listed: Listed, given: Mapping[str, object], expressions: Expressions, only: str
) -> Iterator[tuple[dict[str, object], dict[str, str]]]:
    """List the members of a property, each as the arguments of a block and what says them."""
    own = _arguments(listed.of_owner, given, expressions)
    if listed.owner:
        argument, owner = listed.owner, expressions.of_resource(name, "Ref") or ""
        own[argument] = [owner] if argument == "users" else owner
    written = given.get(listed.property)
    for at, member in enumerate(expressions.members(written, only)):
        steps = ("Properties", listed.property, *([str(at)] if isinstance(written, list) else ()))
        here = ".".join(steps)
        places = {"": here} | {a: f"Properties.{p}" for p, a in listed.of_owner.items()}
        if listed.member:
            body = own | _counted(listed.member, member, expressions)
        else:
            body = own | _arguments(listed.of_member, as_object(member.value), expressions)
            body |= _count(member.only)
            places |= {argument: f"{here}.{p}" for p, argument in listed.of_member.items()}
        yield body, places


def _counted(argument: str, member: Member, expressions: Expressions) -> dict[str, object]:
    """Return the argument that a member is, and how many blocks there are of it."""
    value = expressions.value(member.value)
    if not (member.is_whole and isinstance(value, Expression)):
        return {argument: value, **_count(member.only)}
    several = f"toset({value.source})"
    if member.only:
        several = f"{member.only} ? {several} : toset([])"
    return {argument: Expression.of("each.value"), "for_each": Expression.of(several)}


def _count(only: str) -> dict[str, object]:
    return {"count": Expression.of(f"{only} ? 1 : 0")} if only else {}
