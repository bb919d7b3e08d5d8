"""
The parts of a stack that run code during a plan or an apply, or decide how Terraform runs.

Source: https://developer.hashicorp.com/terraform/language/syntax/json and
https://developer.hashicorp.com/terraform/internals/json-format
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from deploy_access.json_shape import as_list, as_object, as_text, objects, texts
from deploy_access.resource_diff.argument_values import has_reference, resolve
from deploy_access.review.code_blocks import MADE_OF, WRITES, code_of, runs, writes
from deploy_access.terraform.block_comments import COMMENT
from deploy_access.terraform.changed_stacks import meaning
from deploy_access.terraform.definitions import made_of
from deploy_access.terraform.plan_configuration import PlanConfiguration, without_instances
from deploy_access.terraform.state_place import STATES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deploy_access.terraform.scope import Scope
    from deploy_access.terraform.snapshot import ScopedStack

    Settings = Mapping[str, object]

REMOTE_STATE = "terraform_remote_state"
"""The data source with the outputs of another state."""
# The blocks that this command reads. Any other kind is listed whole: a later version of Terraform
# may give it a meaning, as 1.14 did with `action`.
_READ = {
    *(COMMENT, "check", "data", "import", "locals", "moved", "output", "provider"),
    *("removed", "resource", "terraform", "variable", "module"),
}
# The blocks that are not read, and are listed one by one, with the number of their labels.
_LABELS = {"action": 2, "ephemeral": 2}
# They make up a value that is kept nowhere, and ask nothing.
_MADE_UP = ("ephemeral.random_", "ephemeral.tls_private_key.")


def settings(stack: ScopedStack) -> Settings:
    """Return the parts of a stack that run code or steer Terraform, by address."""
    if stack.is_plan:
        return dict(_running(stack.content))
    content = meaning(stack.content)
    found: dict[str, object] = {}
    counts = Counter[str]()
    for scope, address, value in (
        *((stack.scope, *one) for one in _terraform(content)),
        *((stack.scope, *one) for one in _providers(content)),
        *((stack.scope, *one) for one in _others(content)),
        *_of_module(stack.scope, content),
        *(one for each in stack.modules for one in _of_module(each, _written(each))),
    ):
        # A stack may have several blocks of one address, such as providers without an alias.
        counts[address] += 1
        number = counts[address]
        place = address if number == 1 else f"{address}[{number}]"
        found[place] = _by_value(scope, value)
    return found


def _written(scope: Scope) -> Mapping[str, object]:
    """Return what the files of a module say that a stack calls."""
    files = scope.module.configuration
    return meaning(files.content if files else {})


def _of_module(scope: Scope, content: Mapping[str, object]) -> Iterator[tuple[Scope, str, object]]:
    """List what runs code, asks another server, or is called and not read."""
    yield from ((scope, *one) for one in code_of(scope))
    known = scope.module.calls
    for address, value in (*_labelled(content, "module", 1), *_reading(content)):
        if address.removeprefix("module.") not in known:
            yield scope, f"{scope.module.prefix}{address}", value


def _by_value(scope: Scope, written: object) -> object:
    """Return a setting with its names resolved, and with a digest of what only Terraform knows."""
    found = resolve(scope, written)
    body = as_object(found)
    return {**body, MADE_OF: made_of(scope, body)} if has_reference(body) else found


def _terraform(content: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for block in objects(content.get("terraform")):
        for key, value in block.items():
            if key == "required_providers":
                for each in objects(value):
                    for name, given in each.items():
                        yield f"terraform.{key}.{name}", _source(name, given)
            elif key in STATES:
                for each in objects(value):
                    for kind, config in each.items():
                        yield f"terraform.{key}", {"kind": kind, **_merged(config)}
            else:
                yield f"terraform.{key}", value


def _source(name: str, given: object) -> Mapping[str, object]:
    """Return the source of a provider in full, as a short and a long text can mean the same."""
    # https://developer.hashicorp.com/terraform/language/providers/requirements#source-addresses
    found = as_object(given) or {"version": given}
    parts = (as_text(found.get("source")) or name).lower().split("/")
    left_out = ("registry.terraform.io", "hashicorp")[: max(0, 3 - len(parts))]
    return {**found, "source": "/".join([*left_out, *parts])}


def _merged(config: object) -> Mapping[str, object]:
    found: dict[str, object] = {}
    for one in objects(config):
        found |= one
    return found or {"value": config}


def _providers(content: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for labels, body in _labelled(content, "provider", 1):
        alias = as_text(as_object(body).get("alias"))
        name = f"{labels}.{alias}" if alias else labels
        # Tags change in every release of some teams, and decide nothing about Terraform.
        tags = {"default_tags", "ignore_tags"}
        yield name, {k: v for k, v in as_object(body).items() if k not in tags}


def _labelled(content: Mapping[str, object], key: str, labels: int) -> Iterator[tuple[str, object]]:
    left: list[tuple[str, object, int]] = [(key, content.get(key), labels)]
    while left:
        address, value, more = left.pop(0)
        for each in objects(value):
            if more:
                left += [(f"{address}.{name}", child, more - 1) for name, child in each.items()]
            else:
                yield address, each


def _others(content: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for key, value in content.items():
        if key in _LABELS:
            found = _labelled(content, key, _LABELS[key])
            yield from (one for one in found if not one[0].startswith(_MADE_UP))
        elif key not in _READ:
            yield key, value
    for block in objects(content.get("removed")):
        if block.get("provisioner") is not None:
            yield f"removed.{block.get('from')}.provisioner", block


def _reading(content: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """List the data sources that read another state, and those of checks that run code."""
    for address, block in _labelled(content, "data", 2):
        if address.startswith(f"data.{REMOTE_STATE}."):
            yield address, block
    # An assertion only warns; the data source of a check is read in each plan.
    for check, body in _labelled(content, "check", 1):
        for address, block in _labelled(as_object(body), "data", 2):
            if runs("data", address.split(".")[1]):
                yield f"{check}.{address}", block


def _running(plan: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """List the provisioners and actions that a plan runs; the state before has none to compare."""
    made = {
        without_instances(as_text(change.get("address")) or "")
        for change in objects(plan.get("resource_changes"))
        if "no-op" not in as_list(as_object(change.get("change")).get("actions"))
    }
    for address, resource in PlanConfiguration(plan).blocks.items():
        if resource.get("provisioners") and address in made:
            yield f"{address}.provisioner", {"provisioners": resource["provisioners"]}
        if runs(as_text(resource.get("mode")) or "", as_text(resource.get("type")) or ""):
            yield address, {"expressions": resource.get("expressions")}
    yield from _planned_files(plan)
    if plan.get("action_invocations"):
        yield "action_invocations", plan["action_invocations"]


def _planned_files(plan: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for found in objects(plan.get("resource_changes")):
        change = as_object(found.get("change"))
        after = as_object(change.get("after"))
        kind, mode = (as_text(found.get(key)) or "" for key in ("type", "mode"))
        is_written = {"create", "update"} & {*texts(change.get("actions"))}
        if is_written and writes(mode, kind, after):
            yield as_text(found.get("address")) or "", {WRITES[kind]: after.get(WRITES[kind])}
