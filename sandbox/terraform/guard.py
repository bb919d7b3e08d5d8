"""
The refusal of stacks that lead out of the sandbox, with every reason at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.terraform.guard import check_contents

from ..errors import RefusedStacks, StackRefusal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from .sandbox_estate import SandboxEstate
    from .sandbox_stack import SandboxStack


def check_estate(estate: SandboxEstate) -> None:
    """
    Refuse the estate, with every reason at once, unless all of it stays in the sandbox.
    """
    # All reasons in one run: a person would mend them together.
    refusals = [
        StackRefusal(stack.name, reason)
        for stack in estate
        for reason in (*_reasons(stack), *_skipped_reads(stack, estate.skipped))
    ]
    if refusals:
        raise RefusedStacks(refusals)


def _reasons(stack: SandboxStack) -> Iterator[str]:
    return map(str, check_contents(stack.name, stack.document, stack.scope))


def _skipped_reads(stack: SandboxStack, skipped: Collection[str]) -> Iterator[str]:
    """
    Yield a reason for each skipped stack whose outputs *stack* reads: there will be none.
    """
    read = {resource.block.name for resource in stack.data("terraform_remote_state")}
    for name in skipped:
        # The name that CDKTF gives to what one stack reads of another.
        if f"cross-stack-reference-input-{name}" in read:
            yield (
                f"Stack {stack.name!r} reads outputs of {name!r}, which is GitHub's side and "
                "skipped here. Write the value out, or let only GitHub's side read from AWS's."
            )
