"""
Resources that moto has no calls for: they stay out of the sandbox, and the report names them.

Terraform's provider would try for minutes, and then fail the whole stack.
Source: https://github.com/getmoto/moto/blob/master/moto/ecr/models.py
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from deploy_access.iam.ecr_capabilities import REPLICATION_ACTIONS
from deploy_access.json_shape import as_text, objects

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .sandbox_stack import SandboxStack
    from .stack_resource import StackResource

# Terraform merges a file of this name into the others, argument by argument.
# https://developer.hashicorp.com/terraform/language/files/override
FILE = "unserved_override.tf.json"
_ACTION = re.compile(r'"ecr:[^"]*"')


def unserved(stack: SandboxStack) -> Iterator[StackResource]:
    """
    Yield the resources of *stack* that are not made.
    """
    yield from (one for one in stack.resources(*_UNSERVED) if _UNSERVED[one.type](one))


def leave_out(stack: SandboxStack) -> str | None:
    """
    Return the override file with which Terraform makes none of them; None when there are none.
    """
    found: dict[str, dict[str, object]] = {}
    for resource in unserved(stack):
        found.setdefault(resource.type, {})[resource.block.name] = {"count": 0}
    return json.dumps({"resource": found}) if found else None


def _always(resource: StackResource) -> bool:
    del resource
    return True


def _has_rules(resource: StackResource) -> bool:
    blocks = objects(resource.body.get("replication_configuration"))
    return sum(len(list(objects(block.get("rule")))) for block in blocks) > 1


def _fills_caches(resource: StackResource) -> bool:
    """
    Return whether a registry's policy has an action other than the two of replication.
    """
    actions = _ACTION.findall(as_text(resource.body.get("policy")) or "")
    return not {action.strip('"') for action in actions} <= set(REPLICATION_ACTIONS)


_UNSERVED: dict[str, Callable[[StackResource], bool]] = {
    "aws_ecr_pull_through_cache_rule": _always,
    "aws_ecr_registry_policy": _fills_caches,
    "aws_ecr_replication_configuration": _has_rules,
    "aws_ecr_repository_creation_template": _always,
}
