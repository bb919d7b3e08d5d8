"""
A plan or a state, as `terraform show -json` prints it, as blocks.

Source: https://developer.hashicorp.com/terraform/internals/json-format

The values in a plan are literal. A value that is known after apply only is replaced by its
expression in the configuration, so that a plan is then read like any other JSON.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from deploy_access.json_shape import as_object, as_text, objects
from deploy_access.terraform.blocks import Block, Module
from deploy_access.terraform.bounds import at_most
from deploy_access.terraform.plan_expressions import (
    expressions,
    instances_of,
    literal,
    of_instance,
)
from deploy_access.terraform.plan_values import fill_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deploy_access.json_file import JsonFile

    _Object = Mapping[str, object]

# AWS reports all policies of a role here, also those that other blocks give it.
_REPORTED = ("inline_policy", "managed_policy_arns")
_INSTANCE = re.compile(r'\[(?:"(?:[^"\\]|\\.)*"|\d+)\]')


def read_plan(file: JsonFile) -> list[Module]:
    """Read the root module, and each module that it calls as a module of its own."""
    document = file.content
    configuration = as_object(document.get("configuration"))
    root = as_object(configuration.get("root_module"))
    providers = {
        key: as_object(expressions(as_object(provider).get("expressions")))
        for key, provider in as_object(configuration.get("provider_config")).items()
    }
    variables = as_object(document.get("variables")).items()
    values = {name: literal(as_object(given).get("value")) for name, given in variables}
    return [
        Module(
            file=file.name,
            stack=None,
            blocks=tuple(blocks),
            providers=providers,
            # A plan holds the variables of its root module only, and no locals.
            local_values={},
            variables={} if path else values,
            outputs={},
        )
        for path, blocks in _modules(file, dict(_configured(root)))
    ]


def _modules(
    file: JsonFile, configured: Mapping[str, _Object]
) -> Iterator[tuple[str, list[Block]]]:
    document = file.content
    unknown = {
        as_text(change.get("address")): as_object(change.get("change")).get("after_unknown")
        for change in objects(document.get("resource_changes"))
    }
    # A data source that Terraform could read before the plan stands in the prior state alone.
    prior = as_object(as_object(document.get("prior_state")).get("values"))
    read = dict(_resources(as_object(prior.get("root_module"))))
    planned = as_object(document.get("planned_values") or document.get("values"))
    for path, resources in _resources(as_object(planned.get("root_module"))):
        data = [found for found in read.get(path, []) if found.get("mode") == "data"]
        found = at_most(chain(resources, data), file.name)
        blocks = [_block(each, configured, unknown) for each in found]
        yield path, blocks


def _resources(root: _Object) -> Iterator[tuple[str, list[_Object]]]:
    """List the resources of each module, with its address; modules are nested."""
    left = [root]
    while left:
        module = left.pop()
        yield as_text(module.get("address")) or "", list(objects(module.get("resources")))
        left += objects(module.get("child_modules"))


def _configured(root: _Object) -> Iterator[tuple[str, _Object]]:
    """List the configuration of each resource, by its address without instances."""
    left = [("", root)]
    while left:
        path, module = left.pop()
        for resource in objects(module.get("resources")):
            yield path + (as_text(resource.get("address")) or ""), resource
        for name, call in as_object(module.get("module_calls")).items():
            left.append((f"{path}module.{name}.", as_object(as_object(call).get("module"))))


def _block(
    resource: _Object, configured: Mapping[str, _Object], unknown: Mapping[str | None, object]
) -> Block:
    address, index = as_text(resource.get("address")) or "", resource.get("index")
    configuration = configured.get(_INSTANCE.sub("", address), {})
    return Block(
        mode="data" if resource.get("mode") == "data" else "resource",
        type=as_text(resource.get("type")) or "",
        name=as_text(resource.get("name")) or "",
        body=_body(resource, configuration, as_object(unknown.get(address))),
        address=address,
        index=index if isinstance(index, str | int) else None,
    )


def _body(resource: _Object, configuration: _Object, unknown: _Object) -> dict[str, object]:
    written = as_object(configuration.get("expressions"))
    body = fill_in(as_object(resource.get("values")), unknown, written)
    for argument in _REPORTED if configuration else ():
        if argument not in written:
            body.pop(argument, None)
    if resource.get("index") is not None:
        each = instances_of(configuration)
        body = {k: of_instance(v, resource["index"], each) for k, v in body.items()}
    return {**body, "provider": configuration.get("provider_config_key")}
