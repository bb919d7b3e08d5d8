"""
The configuration in a plan: the arguments and the provider of each resource.

Source: https://developer.hashicorp.com/terraform/internals/json-format#configuration-representation
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deploy_access.json_shape import as_object, as_text, objects
from deploy_access.terraform.plan_expressions import expressions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    _Object = Mapping[str, object]

# What an address has and that of a block has not: instances, and the key of a deposed object.
_INSTANCE = re.compile(r'\[(?:"(?:[^"\\]|\\.)*"|\d+)\]| \([^()]*\)$')
# A provider of a module stands there as `module.net:aws.other`.
_AWS = re.compile(r"(?:.*:)?aws(?:\..*)?")


class PlanConfiguration:
    """
    The configuration that a plan was made from; empty for a state.

    Attributes:
        blocks: The resources of all modules, by their address without instances.
        providers: The arguments of each provider, by the key that resources name it by.
    """

    def __init__(self, document: _Object) -> None:
        configuration = as_object(document.get("configuration"))
        self.blocks = dict(_blocks(as_object(configuration.get("root_module"))))
        self.providers: dict[str, _Object] = {
            key: as_object(expressions(as_object(provider).get("expressions")))
            for key, provider in as_object(configuration.get("provider_config")).items()
        }
        of_aws = [key for key in self.providers if _AWS.fullmatch(key)]
        self._only = of_aws[0] if len(of_aws) == 1 else None

    def of(self, address: str) -> _Object:
        """Return the block of a resource; empty for one that has none any more."""
        return self.blocks.get(without_instances(address), {})

    def written(self, address: str) -> _Object:
        """Return the arguments of a resource that are written there."""
        return as_object(self.of(address).get("expressions"))

    def provider(self, address: str) -> str | None:
        """Return the key of the provider of a resource; None where several may be it."""
        # Without its block, a resource that goes is of the only provider that can destroy it.
        return as_text(self.of(address).get("provider_config_key")) or self._only


def without_instances(address: str) -> str:
    """Return the address of the block that makes a resource."""
    return _INSTANCE.sub("", address)


def _blocks(root: _Object) -> Iterator[tuple[str, _Object]]:
    """List the configuration of each resource, by its address without instances."""
    left = [("", root)]
    while left:
        path, module = left.pop()
        for resource in objects(module.get("resources")):
            yield path + (as_text(resource.get("address")) or ""), resource
        for name, call in as_object(module.get("module_calls")).items():
            left.append((f"{path}module.{name}.", as_object(as_object(call).get("module"))))
