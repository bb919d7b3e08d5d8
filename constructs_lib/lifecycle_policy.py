"""
The lifecycle policy of a repository: its rules in order, and the checks between them.

Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

from cdktf import Token

from deploy_access.argument_types import is_number_reference
from deploy_access.audit.finding import unaccepted
from deploy_access.audit.refusal_rules import check_selection
from deploy_access.audit.refused import AccessRefused
from deploy_access.errors import Problem, reject

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from constructs_lib.lifecycle import LifecycleRule

# https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html
MOST_RULES = 50
POLICY_LENGTH = (100, 30_720)
"""The shortest and the longest policy text, in characters (botocore, `LifecyclePolicyText`)."""


def lifecycle_policy(rules: Sequence[LifecycleRule]) -> str:
    """
    Return *rules* as JSON, sorted by priority: in another order every plan would show a change.

    Raises:
        InvalidValue: Rules that ECR refuses together.
    """
    reject(check_lifecycle(rules))
    return _write(_numbered(rules))


def check_lifecycle(rules: Sequence[LifecycleRule]) -> Iterator[Problem]:
    """Check that ECR takes *rules* together."""
    numbered = _numbered(rules)
    yield from _check_rules(numbered)
    yield from _check_length(_write(numbered))


def refuse_lifecycle(
    name: str, rules: Sequence[LifecycleRule], accept: Mapping[str, object]
) -> None:
    """
    Refuse that *rules* take images of repository *name* which may be deployed.

    Raises:
        AccessRefused: They do, and `expires-tagged` is not in *accept*.
    """
    findings = dict.fromkeys(
        found for rule in rules for found in check_selection(rule.selection, archives=rule.archive)
    )
    found = unaccepted(findings, accept)
    if found:
        raise AccessRefused(f"Repository {name!r}", found)


def _numbered(rules: Sequence[LifecycleRule]) -> Sequence[LifecycleRule]:
    """Return *rules* in order: numbered ones, then the others, of these the ones for any image."""
    given = [rule.priority for rule in rules if rule.priority is not None]
    numbers = count(max(given, default=0) + 1)
    # Sorting is stable: among equals the order of the list decides.
    ordered = sorted(rules, key=lambda rule: (rule.priority is None, rule.images.status == "any"))
    return [
        replace(rule, priority=next(numbers)) if rule.priority is None else rule for rule in ordered
    ]


def _write(rules: Sequence[LifecycleRule]) -> str:
    ordered = sorted(rules, key=lambda rule: rule.priority or 0)
    text = json.dumps(
        {"rules": [rule.to_dict() for rule in ordered]}, sort_keys=True, separators=(",", ":")
    )
    for number in {rule.count for rule in rules if is_number_reference(rule.count)}:
        # cdktf writes a number that is not known yet as a negative one of 300 digits. In a text it
        # finds the reference only by the name that the number has as a text token.
        text = text.replace(json.dumps(number), Token.as_string(number))
    return text


def _check_rules(rules: Sequence[LifecycleRule]) -> Iterator[Problem]:
    if not 1 <= len(rules) <= MOST_RULES:
        yield Problem(
            what=f"A lifecycle policy has 1 to {MOST_RULES} rules.",
            given=len(rules),
            why="ECR refuses any other.",
            fix="Leave `lifecycle` out for the default, or pass () for none.",
        )
    priorities = [rule.priority for rule in rules]
    if len(set(priorities)) != len(priorities):
        yield Problem(
            what="No two rules have one priority.",
            given=priorities,
            why="The priority decides which rule an image belongs to.",
            fix="Leave the priorities out: the order of the list decides.",
        )
    else:
        yield from _check_order(rules)
    yield from _check_untagged(rules)


def _check_order(rules: Sequence[LifecycleRule]) -> Iterator[Problem]:
    # ECR evaluates the rules of each storage class by themselves.
    for storage in ("standard", "archive"):
        ordered = sorted(
            (rule for rule in rules if rule.storage_class == storage),
            key=lambda rule: rule.priority or 0,
        )
        if any(rule.images.status == "any" for rule in ordered[:-1]):
            yield Problem(
                what=f"The rule for any {storage} image comes last, and there is only one.",
                given=[rule.images.status for rule in ordered],
                why="ECR refuses it elsewhere: nothing would be left for the rules after it.",
                fix="Keep one, without a priority: then it comes last.",
            )


def _check_untagged(rules: Sequence[LifecycleRule]) -> Iterator[Problem]:
    twice = Counter(
        (rule.storage_class, rule.images.status)
        for rule in rules
        if rule.images.status == "untagged"
    )
    prefixes = Counter((rule.storage_class, p) for rule in rules for p in rule.images.prefixes)
    repeated = [prefix for (_, prefix), times in prefixes.items() if times > 1]
    if any(times > 1 for times in twice.values()) or repeated:
        yield Problem(
            what="There is one rule for untagged images, and each tag prefix stands in one rule.",
            given=repeated or "untagged",
            why="ECR refuses two rules for the same images.",
            fix="Keep the one that you mean.",
        )


def _check_length(text: str) -> Iterator[Problem]:
    shortest, longest = POLICY_LENGTH
    if not shortest <= len(text) <= longest:
        yield Problem(
            what=f"The text of a lifecycle policy has {shortest} to {longest} characters.",
            given=len(text),
            why="ECR refuses any other.",
            fix="Use fewer rules, or fewer tags in them.",
        )
