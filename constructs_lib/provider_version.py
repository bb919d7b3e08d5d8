"""
The versions of the AWS provider that a stack accepts.

The bindings pin exactly the version they were generated from (6.25.0), although nearly all of
what they write is older. A constraint lets the lock file of each stack decide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary, WeakSet

from constructs_lib.element import override
from constructs_lib.keyword_types import checked

if TYPE_CHECKING:
    from cdktf import TerraformStack

AT_LEAST = (5, 100, 0)
"""The oldest version that is tested."""
BELOW = "7.0.0"
TAG_MUTABILITY_EXCLUSIONS = (6, 8, 0)
"""The first version that knows exclusions from tag mutability."""
TEMPLATE_EXCLUSIONS = (6, 10, 0)
"""The first version that knows them in a template of repositories."""

# A construct may need a version before the stack is constrained, or after it.
_needed: WeakKeyDictionary[TerraformStack, tuple[int, int, int]] = WeakKeyDictionary()
_constrained: WeakSet[TerraformStack] = WeakSet()


@checked
def constrain_aws_provider(stack: TerraformStack) -> None:
    """
    Accept every version of the AWS provider that knows what *stack* uses, below 7.

    Call it after the stack's first `AwsProvider`. A stack that never calls it keeps the exact
    version that the bindings name.
    """
    _constrained.add(stack)
    _write(stack)


def require_aws_provider(stack: TerraformStack, version: tuple[int, int, int]) -> None:
    """Raise the lower bound of a constrained stack; one that is pinned exactly stays as it is."""
    _needed[stack] = max(version, _needed.get(stack, AT_LEAST))
    if stack in _constrained:
        _write(stack)


def _write(stack: TerraformStack) -> None:
    lower = ".".join(map(str, _needed.get(stack, AT_LEAST)))
    override(stack, "terraform.required_providers.aws.version", f">= {lower}, < {BELOW}")
