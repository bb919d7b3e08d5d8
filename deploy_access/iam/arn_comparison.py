"""
Comparing ARNs: part by part in a condition, as a whole in `Resource`.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from deploy_access.iam.arns import ARN_PARTS, split_outside
from deploy_access.iam.comparison import Comparison, all_equal, comparison_of
from deploy_access.iam.pattern_machine import Token, Wild
from deploy_access.iam.patterns import WILDCARDS, compare_text, matches_plain
from deploy_access.iam.references import (
    Reference,
    has_reference,
    is_out_of_reach,
    is_plain,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deploy_access.iam.policy_variables import Reader


def compare_arn(held: str, wanted: str, reader: Reader) -> Comparison:
    """
    Compare two ARNs as the ARN operators do: a wildcard stays within its part.

    AWS checks each of the six parts separately. A text of fewer parts is no ARN, and meets neither
    an operator nor its negation.
    """
    patterns = [reader.pattern(part, WILDCARDS) for part in split_outside(wanted, ":", ARN_PARTS)]
    known = [pattern for pattern in patterns if pattern is not None]
    if len(known) < len(patterns):
        return Comparison.INVALID
    parts = _split_symbols(reader.held(held))
    if len(parts) == len(known) == ARN_PARTS:
        return all_equal(
            compare_text(pattern, part) for pattern, part in zip(known, parts, strict=True)
        )
    if has_reference(wanted) or (reader.context.references and has_reference(held)):
        return compare_text(_joined(known), reader.held(held))
    return Comparison.INVALID


def compare_resource(held: str, wanted: str, reader: Reader) -> Comparison:
    """
    Compare the resource of a request with one of a policy.

    A `*` at the end of a part reaches over the next `:`, so a pattern may have fewer than six
    parts: `arn:aws:s3:*`, or `*` alone. Any other one does not; in the last part, the name of the
    resource, both do. The page on `Resource` (above) says so, and has no exception for the type of
    a resource, as in `arn:aws:ecs:*:*:s*/web`. It forbids a wildcard in the service, and does not
    say what becomes of one; here it matches.
    """
    if is_out_of_reach(wanted, held):
        return Comparison.DIFFERENT
    if _is_simple(wanted) and isinstance(text := reader.held(held), str):
        return comparison_of(equal=matches_plain(wanted, text))
    pattern = reader.pattern(wanted, WILDCARDS)
    if pattern is None:
        return Comparison.INVALID
    return compare_text(within_parts(pattern), reader.held(held))


@lru_cache(maxsize=1024)
def _is_simple(wanted: str) -> bool:
    """Whether no wildcard has to stay within its part, so that plain matching says the same."""
    parts = split_outside(wanted, ":", ARN_PARTS)[: ARN_PARTS - 1]
    return is_plain(wanted) and not any("?" in part or "*" in part[:-1] for part in parts)


def within_parts(pattern: Sequence[Token]) -> list[Token]:
    """Keep each wildcard of a resource in its part of the ARN, but for those that reach further."""
    found: list[Token] = []
    part = 1
    for place, item in enumerate(pattern):
        part += item == ":"
        last = place + 1 == len(pattern) or pattern[place + 1] == ":"
        if part < ARN_PARTS and item is Wild.ANY and not last:
            found.append(Wild.ANY_IN_PART)
        elif part < ARN_PARTS and item is Wild.ONE:
            found.append(Wild.ONE_IN_PART)
        else:
            found.append(item)
    return found


def _split_symbols(text: Sequence[str | Reference]) -> list[Sequence[str | Reference]]:
    if isinstance(text, str):
        return [*text.split(":", ARN_PARTS - 1)]
    parts: list[list[str | Reference]] = [[]]
    for symbol in text:
        if symbol == ":" and len(parts) < ARN_PARTS:
            parts.append([])
        else:
            parts[-1].append(symbol)
    return [*parts]


def _joined(parts: Sequence[Sequence[Token]]) -> list[Token]:
    found: list[Token] = []
    for number, part in enumerate(parts):
        found.extend([":", *part] if number else part)
    return found
