"""What an expression is made of: the definitions of all names in it, whatever they come to."""

from __future__ import annotations

import json
import re
from hashlib import blake2b
from typing import TYPE_CHECKING, cast

from deploy_access.json_shape import as_object
from deploy_access.terraform.attributes import COMPUTED
from deploy_access.terraform.block_comments import without_comment
from deploy_access.terraform.expression_references import references

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from deploy_access.terraform.blocks import Block, Mode
    from deploy_access.terraform.expression_references import TerraformReference
    from deploy_access.terraform.resolver import Resolver

# AWS chooses ids and ARNs when it makes a thing, and builds them of what names the thing. They stay
# when anything else of it changes: without this rule, more memory for a function would be another
# function to each policy that names it.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
_CHOSEN = re.compile(r"(\w+_)?(id|arn)")
_NAMING = re.compile(
    r"(\w+_)?(name|prefix|path|id|arn|identifier|bucket|domain|email|key|region|provider|url)"
)
# What no attribute that AWS chooses is made of.
_ASIDE = {
    *("//", "tags", "tags_all", "description", "depends_on", "lifecycle", "timeouts"),
    *("connection", "provisioner"),
}
_META = ("count", "for_each")
_Scoped = tuple["Resolver", object]


def made_of(scope: Resolver, value: object) -> str:
    """
    Return a digest of a value and of the definitions of all names in it.

    Two unresolved expressions may be the same text and yet have different values: only while the
    digest stays the same, the value does.
    """
    found: dict[str, object] = {}
    left: list[_Scoped] = [(scope, value)]
    while left:
        place, text = left.pop()
        for reference in _references(text):
            name = f"{place.module.stack or ''} {place.module.prefix}{reference}"
            if name not in found:
                where, definition = _definition(place, reference)
                found[name] = definition
                left.append((where, definition))
    text = json.dumps([value, found], sort_keys=True)
    return blake2b(text.encode(), digest_size=16).hexdigest()


def texts_within(value: object) -> Iterator[str]:
    """
    List the texts within a value, at any depth, without those that are keys.

    It keeps a stack of its own: a hostile file nests deeper than Python calls functions.
    """
    left = [value]
    while left:
        found = left.pop()
        if isinstance(found, str):
            yield found
        elif isinstance(found, dict):
            left += cast("dict[str, object]", found).values()
        elif isinstance(found, list):
            left += cast("list[object]", found)


def _references(value: object) -> Iterator[TerraformReference]:
    for text in texts_within(value):
        yield from references(text)


def _definition(scope: Resolver, reference: TerraformReference) -> _Scoped:
    """Return what a name is defined as, and the module that defines it; None for no definition."""
    match reference.names:
        case ("data", "terraform_remote_state", name, "outputs", output, *_) if (
            other := scope.stack_behind(name)
        ):
            return other, other.module.outputs.get(output)
        case ("data", kind, name, *_):
            block = _block(scope, reference, "data", kind, name)
            found = block and without_comment(block.body)
        case ("module", name, *path):
            return _of_called(scope, name, reference, (*path, *reference.path))
        case ("var", name, *path) if (caller := scope.caller) and name in caller.arguments:
            return caller.scope, _at(caller.arguments[name], path)
        case ("local" | "var" as root, name, *path):
            values = scope.module.local_values if root == "local" else scope.module.variables
            found = _at(values.get(name), path)
        case (kind, name, *path):
            found = _of_resource(scope, reference, kind, name, (*path, *reference.path))
        case _:
            found = None
    return scope, found


def _of_called(
    scope: Resolver, name: str, reference: TerraformReference, path: Sequence[str]
) -> _Scoped:
    """Return what an output of a module is made of, or any name in it; or else the whole call."""
    body = without_comment(scope.module.modules.get(name, {}))
    called = scope.called(name)
    if not called:
        return scope, body
    own = next((each for each in called if each.index == reference.key), called[0]).scope
    if reference.is_whole or not path:
        return scope, [body, own.module.configuration and own.module.configuration.content]
    if path[0] in own.module.outputs:
        return own, own.module.outputs[path[0]]
    return own, f"${{{'.'.join(path)}}}"


def _at(value: object, path: Sequence[str]) -> object:
    """Return the member of an object that is written out; the whole value where it is none."""
    for name in path:
        members = as_object(value)
        if name not in members:
            break
        value = members[name]
    return value


def _of_resource(
    scope: Resolver, reference: TerraformReference, kind: str, name: str, path: Sequence[str]
) -> object:
    block = _block(scope, reference, "resource", kind, name)
    if block is None:
        return None
    if reference.is_whole or not path:
        return without_comment(block.body)
    several = {key: block.body[key] for key in _META if key in block.body}
    return [_attribute(scope, block, path[0]), several]


def _block(
    scope: Resolver, reference: TerraformReference, mode: Mode, kind: str, name: str
) -> Block | None:
    """Return the block of a name, or the one instance of it that the name has a key of."""
    block = scope.blocks.get((mode, kind, name, None))
    if block is None or reference.key is None:
        return block
    return next((own for own in scope.instances(block) if own.index == reference.key), block)


def _attribute(scope: Resolver, block: Block, name: str) -> object:
    """
    Return what an attribute is made of.

    An argument is what is written. What AWS makes of known arguments is their value. An id or an
    ARN that AWS chooses is made of what names the thing. For all else, the whole block counts.
    """
    if name in block.body:
        return block.body[name]
    computed = COMPUTED.get((block.mode, block.type, name))
    made = scope.symbols.write_value(computed(scope, block)) if computed else None
    if made is not None:
        return made
    counts = _without(block.body, _ASIDE)
    if block.type.startswith("aws_") and _CHOSEN.fullmatch(name):
        return {key: value for key, value in counts.items() if _NAMING.fullmatch(key)}
    return counts


def _without(body: Mapping[str, object], names: set[str]) -> Mapping[str, object]:
    return {key: value for key, value in body.items() if key not in names}
