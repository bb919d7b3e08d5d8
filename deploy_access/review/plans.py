"""
The plans of a head's stacks, as `terraform show -json` prints them, and the stack of each.

Source: https://developer.hashicorp.com/terraform/internals/json-format

A plan names no stack. Its stack is found by the name of its file or of a folder that it is in;
otherwise by the addresses that it plans and by the arguments that are written out.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue, Problem
from deploy_access.json_file import read_json
from deploy_access.json_shape import as_object, as_text, is_container, objects
from deploy_access.resource_diff.argument_values import has_reference, parsed
from deploy_access.resource_diff.instances import block_address
from deploy_access.terraform.plan import STATE, state_before
from deploy_access.terraform.plan_sides import after_apply, before_apply
from deploy_access.terraform.snapshot import is_plan, read_snapshot
from deploy_access.terraform.sources import StackFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from deploy_access.json_file import JsonFile
    from deploy_access.terraform.blocks import Block
    from deploy_access.terraform.snapshot import ScopedStack, Snapshot

    Object = Mapping[str, object]


def read_plans(files: Iterable[str | Path]) -> list[JsonFile]:
    """
    Read plans.

    Raises:
        InvalidValue: One of the files is no plan.
    """
    found = [read_json(file) for file in files]
    for file in found:
        if not is_plan(file.content):
            raise InvalidValue(_no_plan(file))
    return found


def match_plans(plans: Iterable[JsonFile], head: Mapping[str, ScopedStack]) -> dict[str, JsonFile]:
    """
    Find the stack of each plan.

    Raises:
        InvalidValue: A plan fits no stack or several, or two plans fit one stack.
    """
    found: dict[str, JsonFile] = {}
    for plan in plans:
        stack = _stack_of(plan, head)
        if stack in found:
            raise InvalidValue(_twice(stack, found[stack].name, plan.name))
        found[stack] = plan
    return found


def _stack_of(plan: JsonFile, head: Mapping[str, ScopedStack]) -> str:
    fitting = [name for name, stack in head.items() if _has_same_addresses(plan.content, stack)]
    path = PurePath(plan.name)
    named = [name for name in (path.name.partition(".")[0], *path.parts) if name in head]
    # A name decides; it must fit all the same, or the plan was made from another commit.
    if named:
        if named[0] not in fitting:
            raise InvalidValue(_stale(plan.name, named[0]))
        return named[0]
    exact = [name for name in fitting if _has_same_values(plan.content, head[name])]
    if len(exact) != 1:
        raise InvalidValue(_no_stack(plan.name, exact or fitting))
    return exact[0]


def _has_same_addresses(plan: Object, stack: ScopedStack) -> bool:
    configuration = as_object(as_object(plan.get("configuration")).get("root_module"))
    planned = {
        as_text(resource.get("address"))
        for resource in objects(configuration.get("resources"))
        if resource.get("mode") != "data"
    }
    return planned == {block.address for block in _resources(stack)}


def _has_same_values(plan: Object, stack: ScopedStack) -> bool:
    # What is destroyed has values before apply alone.
    known = {**before_apply(plan), **after_apply(plan)}
    planned = {block_address(address): found for (address, _), found in known.items()}
    return all(
        _agrees(block, as_object(planned[block.address].get("values")))
        for block in _resources(stack)
        if block.address in planned
    )


def _agrees(block: Block, values: Object) -> bool:
    """Whether the plan has every argument that is plain text; of JSON the spelling may differ."""
    return all(
        values.get(name) == value or (parsed(value) is not None)
        for name, value in block.body.items()
        if isinstance(value, str) and name in values and not has_reference(value)
        if name not in {"provider", "count", "for_each"} and not is_container(values.get(name))
    )


def _resources(stack: ScopedStack) -> Sequence[Block]:
    return [block for block in stack.scope.module.blocks if block.mode == "resource"]


def _no_plan(file: JsonFile) -> Problem:
    is_state = STATE in file.content
    return Problem(
        what="The file is no plan.",
        given=file.name,
        why="It is a state, which says nothing of changes."
        if is_state
        else "A plan in JSON has `planned_values` at its top.",
        fix="Write one: `terraform plan -out=plan`, then `terraform show -json plan`.",
    )


def _stale(name: str, stack: str) -> Problem:
    return Problem(
        what=f"The plan is not of the stack {stack!r} that is reviewed.",
        given=name,
        why="It has other resources than the stack, so it was made from another version of it.",
        fix="Plan the stack again, and review with that plan.",
    )


def _no_stack(name: str, fitting: Sequence[str]) -> Problem:
    return Problem(
        what="Nothing says which stack the plan is of.",
        given=name,
        why=f"It fits {', '.join(sorted(fitting)[:10])}."
        if fitting
        else "No stack has the resources that it plans.",
        fix="Call the file as the stack is called, for example `web-prod.json`; or plan the stack "
        "again, if the plan is of another version of it.",
    )


def _twice(stack: str, one: str, other: str) -> Problem:
    return Problem(
        what=f"There are two plans of stack {stack!r}.",
        given=f"{one} and {other}",
        why="Only one of them is what would be applied.",
        fix="Leave one away.",
    )


def of_plans(plans: Sequence[JsonFile]) -> tuple[Snapshot, Snapshot]:
    """
    Read the sides before and after plans, each plan as a stack of its own.

    Raises:
        InvalidValue: There is no plan.
    """
    if not plans:
        raise InvalidValue(_nothing())
    names = [_plan_name(plan.name, plans) for plan in plans]
    after = [StackFile(file=p, stack=name) for p, name in zip(plans, names, strict=True)]
    return read_snapshot(map(_before, after)), read_snapshot(after)


def made_for(plan: ScopedStack) -> ScopedStack:
    """Return the state that a plan was made for."""
    (before,) = read_snapshot([_before(plan.source)]).stacks.values()
    return before


def _before(plan: StackFile) -> StackFile:
    content = state_before(plan.file.content)
    return replace(plan, file=replace(plan.file, content=content, repeated=()))


def _plan_name(name: str, plans: Sequence[JsonFile]) -> str:
    """Return the name of a plan: its file's, in full where two files have one name."""
    stem = PurePath(name).name.partition(".")[0]
    stems = [PurePath(plan.name).name.partition(".")[0] for plan in plans]
    return stem if stems.count(stem) == 1 else name


def _nothing() -> Problem:
    return Problem(
        what="There is nothing to review.",
        given="no BASE, no HEAD and no plan",
        why="A review compares two sides.",
        fix="Name two folders of synthesized stacks, or plans with `--plan`.",
    )
