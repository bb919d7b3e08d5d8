"""
Operations of the construct tree: find the stack, order stacks, warn, add metadata, resolve.

Each call into the tree is a round trip to Node, so what does not change is remembered.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar, cast
from weakref import WeakKeyDictionary

from cdktf import App, DefaultTokenResolver, StringConcat, TerraformStack, Tokenization

from constructs_lib.element import Element, note, override
from deploy_access.errors import InvalidValue, Problem
from deploy_access.iam.limits import is_reference

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from cdktf import ITokenResolver, TerraformResource
    from constructs import Construct, IConstruct, Node

_Part = TypeVar("_Part", bound=str)

METADATA_FORMAT = 1
"""The version of what is written under `"//".deploy_access` (docs/constructs.md)."""

# Weak: the entries of an app go with it. Each saves one or more calls of Node.
_roots: WeakKeyDictionary[TerraformStack, IConstruct] = WeakKeyDictionary()
_stacks: WeakKeyDictionary[IConstruct, TerraformStack] = WeakKeyDictionary()
_nodes: WeakKeyDictionary[IConstruct, Node] = WeakKeyDictionary()
_ordered: WeakKeyDictionary[TerraformStack, set[int]] = WeakKeyDictionary()
# IAM's own variables: `${aws:username}`, `${*}`. Terraform's references never look like that.
_IAM_VARIABLE = re.compile(r"(?<!\$)\$\{(?=[A-Za-z0-9-]+:|[*?$]\})")


def stack_of(scope: Construct) -> TerraformStack:
    """Find the stack that *scope* is in, or is."""
    if isinstance(scope, TerraformStack):
        return scope
    if scope not in _stacks:
        _stacks[scope] = TerraformStack.of(scope)
    return _stacks[scope]


def remember_stack(construct: Construct, scope: Construct) -> TerraformStack:
    """Return the stack of *construct*, which is made in *scope*, and spare others the question."""
    stack = _stacks[construct] = stack_of(scope)
    return stack


def root_of(stack: TerraformStack) -> IConstruct:
    """Find the app that *stack* belongs to."""
    if stack not in _roots:
        _roots[stack] = node_of(stack).root
    return _roots[stack]


def remember_root(stack: TerraformStack, scope: IConstruct) -> None:
    """Note the app of *stack*, where it is made in one: an app is itself in nothing."""
    if isinstance(scope, App):
        _roots[stack] = scope


def node_of(construct: IConstruct) -> Node:
    """Return the place of *construct* in the tree, asked once."""
    if construct not in _nodes:
        _nodes[construct] = construct.node
    return _nodes[construct]


def order_stacks(stack: TerraformStack, needed: TerraformStack) -> None:
    """
    Deploy *needed* before *stack*.

    Names in policies carry no order, and a cross-stack token would make Terraform read the other
    stack's state.

    Raises:
        InvalidValue: *needed* is deployed after *stack* already.
    """
    known = _ordered.setdefault(stack, set())
    if needed is not stack and id(needed) not in known:
        try:
            stack.add_dependency(needed)
        except RuntimeError as error:  # what jsii makes of an exception in Node
            raise InvalidValue(_circle(stack, needed)) from error
        known.add(id(needed))  # both stacks live as long as the app, so the id is not used again


def warn(construct: Construct, messages: Iterable[str]) -> None:
    """
    Add warnings that synthesis shows.

    Not `Annotations.add_warning`: that writes a stack trace with random folders into
    `manifest.json`, and synthesis would not give the same bytes twice.
    """
    for message in messages:
        note(construct, "@cdktf/warn", message)


def add_metadata(
    resource: TerraformResource | Element[TerraformResource], construct: str, **facts: object
) -> None:
    """Write facts under `"//"` that a reader of the JSON cannot see in the resource itself."""
    kept = {key: value for key, value in facts.items() if value not in (None, {}, [], False)}
    written = {"format": METADATA_FORMAT, "construct": construct, **kept}
    if isinstance(resource, Element):
        resource.override("//.deploy_access", written)
    else:
        override(resource, "//.deploy_access", written)


def existing_parts(asked: bool | Collection[_Part], whole: Sequence[_Part]) -> Collection[_Part]:
    """
    Name the parts of `import_existing` that are there before Terraform knows them.

    Args:
        asked: What the keyword says.
        whole: The parts that True stands for.
    """
    return (whole if asked else ()) if isinstance(asked, bool) else asked


def resolve(scope: Construct, value: str) -> str:
    """Return *value* with its token as Terraform will read it: `${aws_iam_role.Task.name}`."""
    if not is_reference(value):
        return value
    # The binding names two parameters otherwise than its own protocol does.
    resolver = cast("ITokenResolver", DefaultTokenResolver(StringConcat()))
    return str(Tokenization.resolve(value, scope=scope, preparing=False, resolver=resolver))


def terraform_text(policy: str) -> str:
    """Return *policy* with IAM's variables escaped, which Terraform would take for expressions."""
    return _IAM_VARIABLE.sub("$${", policy).replace("%{", "%%{")


def tags_or_none(tags: Mapping[str, str] | None) -> dict[str, str] | None:
    """Return None for no tags, so that the argument is left out and default tags stand alone."""
    return dict(tags) if tags else None


def _circle(stack: TerraformStack, needed: TerraformStack) -> Problem:
    return Problem(
        what="Two stacks would each have to be deployed before the other.",
        given=(stack.node.id, needed.node.id),
        why="A grant lies in the stack of its role, so that stack needs what it is granted on; "
        "a policy for a role needs the stack of the role.",
        fix="Name the role with `GithubDeployRole.from_name` in the stack that grants, so that "
        "its policies land there.",
    )
