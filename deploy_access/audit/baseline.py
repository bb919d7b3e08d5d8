"""
What an audit found before: the findings that are known, those that are new, and those gone.

What makes two findings the same is all that a person would have to judge anew: the rule and its
severity, whose it is and in which stack, the value, and the sentence about it, which names what an
action reaches or what a passed role may do. Lines and the order of statements are left out.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from deploy_access.audit.estate_audit import about_file
from deploy_access.audit.report_model import KnownFinding

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy_access.audit.report_model import Audit, PlacedFinding

# A statement's place in its list, and the line of a place that a sentence names.
_INDEX = re.compile(r"\[\d+\]")
_LINE = re.compile(r"(?<=\S):\d+(?=: )")


def known_findings(audit: Audit) -> Mapping[KnownFinding, int]:
    """Count the findings that a baseline of *audit* holds."""
    return Counter(found for placed in audit.findings if (found := _identify(placed)) is not None)


def compare_with(audit: Audit, baseline: Mapping[KnownFinding, int], name: str) -> Audit:
    """
    Divide the findings of *audit* into known and new ones.

    Args:
        audit: The audit.
        baseline: How often each finding was found before. Of equal ones, so many are known, and
            those that stand later are new.
        name: The file of the baseline.
    """
    left = Counter(dict(baseline))
    new: list[PlacedFinding] = []
    known: list[PlacedFinding] = []
    for placed in audit.findings:
        found = _identify(placed)
        is_known = found is not None and left[found] > 0
        (known if is_known else new).append(placed)
        if found is not None and is_known:
            left[found] -= 1
    return replace(
        audit,
        findings=tuple(new),
        known=tuple(known),
        gone=tuple(sorted((+left).elements())),
        baseline=name,
    )


def _identify(placed: PlacedFinding) -> KnownFinding | None:
    """Return what makes a finding the same as one before; None for one that is always new."""
    found, where = placed.finding, placed.where
    # The first stands for others, which nobody has seen; of the second it was said when it ends.
    if found.rule == "too-many" or placed.ended:
        return None
    # The path of a key that stands twice is the evidence itself, with places in lists.
    is_of_file = placed.subject == about_file(where)
    evidence = _INDEX.sub("[]", found.evidence) if is_of_file else found.evidence
    return KnownFinding(
        rule=found.rule,
        severity=found.severity,
        subject=placed.subject.replace("\\", "/") if is_of_file else placed.subject,
        place=where.stack or where.whole.replace("\\", "/"),
        path=_INDEX.sub("[]", placed.path),
        evidence=evidence,
        value=_INDEX.sub("[]", placed.says) if is_of_file else placed.says or _value(placed),
        why=_LINE.sub("", found.why),
    )


def _value(placed: PlacedFinding) -> str:
    """
    Return the value that has the evidence in it, where it is not the evidence.

    Of a list only the elements that have it, as what is added to a list has findings of its own.
    """
    if not placed.holds:
        return ""
    held: object = json.loads(placed.holds)
    values = cast("list[object]", held) if isinstance(held, list) else [held]
    texts = [value if isinstance(value, str) else json.dumps(value) for value in values]
    if placed.finding.evidence in texts:
        return ""
    with_evidence = [text for text in texts if placed.finding.evidence in text]
    return ", ".join(sorted(with_evidence or texts))
