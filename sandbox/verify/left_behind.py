"""
What AWS has of a stack whose state does not know it: the work of a run that was killed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..terraform.stack_resource import UnresolvedError
from .actual_state import read_facts
from .expected_state import read_item
from .verification import differences

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from ..server.aws_session import AwsSession
    from ..terraform.sandbox_estate import SandboxEstate
    from ..terraform.sandbox_stack import SandboxStack
    from ..terraform.stack_resource import StackResource
    from .expected_state import ExpectedResource

# Those that AWS makes once; what is written onto one of them may be written again.
_MADE_ONCE = (
    "aws_ecr_repository",
    "aws_iam_openid_connect_provider",
    "aws_iam_policy",
    "aws_iam_role",
)

# An attribute that only AWS knows stands in an id as its name.
_UNKNOWN = re.compile(r"[A-Z_]+")


def find_left_behind(
    stack: SandboxStack,
    known: Collection[str],
    estate: SandboxEstate,
    session: Callable[[str], AwsSession],
) -> dict[str, str]:
    """
    Return what AWS has of *stack* beside what its state knows, by address: the ids to import by.

    It is what is exactly as the stack writes it, tags too, and what no other stack makes. Anything
    else may not be the stack's, and is left out.
    """
    elsewhere = {
        _key(item) for other in estate if other.name != stack.name for _, item in _made_once(other)
    }
    found: dict[str, str] = {}
    for resource, item in _made_once(stack):
        named = resource.import_id
        if item.address in known or _key(item) in elsewhere or _UNKNOWN.fullmatch(named):
            continue
        facts = read_facts(item, session(item.place.account))
        if facts is not None and not [*differences(item, facts)]:
            found[item.address] = named
    return found


def _made_once(stack: SandboxStack) -> Iterator[tuple[StackResource, ExpectedResource]]:
    for resource in stack.resources(*_MADE_ONCE):
        try:
            item = read_item(resource)
        except (UnresolvedError, ValueError):
            continue
        if item:
            yield resource, item


def _key(item: ExpectedResource) -> tuple[str, ...]:
    # IAM takes a name once in an account, whatever the path before it.
    is_regional = item.kind == "repository"
    name = item.name if is_regional else item.name.rpartition("/")[2]
    return item.kind, item.place.account, item.place.region if is_regional else "", name
