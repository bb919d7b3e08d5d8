"""
The audit as SARIF 2.1.0, for GitHub's code scanning and for editors.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote

from deploy_access.audit.catalogue import CATALOGUE
from deploy_access.report.acceptance_text import ended_text, reason_text
from deploy_access.visible_text import escaped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from deploy_access.audit.catalogue import Rule
    from deploy_access.audit.report_model import Audit, PlacedFinding
    from deploy_access.terraform.estate import Unread, Where

_PLACES = {rule: place for place, rule in enumerate(CATALOGUE)}


def _first(_: Where) -> int:
    return 1


def render_audit_sarif(audit: Audit, line_of: Callable[[Where], int] = _first) -> str:
    """
    Render one run; an accepted finding is in it as suppressed, a known one as unchanged.

    What only the baseline has is left out: GitHub would open an alert for it.

    Args:
        audit: The audit.
        line_of: Returns the line of a place in its file, from 1.
    """
    driver = {"name": "deploy-access", "rules": [_rule(rule) for rule in CATALOGUE.values()]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [*_results(audit, line_of)],
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [_notification(p) for p in audit.problems],
            }
        ],
    }
    document = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return json.dumps(document, indent=2) + "\n"


def _rule(rule: Rule) -> dict[str, object]:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.summary},
        "defaultConfiguration": {"level": rule.severity},
        "properties": {"precision": rule.confidence},
    }


def _results(audit: Audit, line_of: Callable[[Where], int]) -> Iterator[dict[str, object]]:
    states = {} if audit.baseline is None else {"baselineState": "new"}
    for placed in (*audit.findings, *audit.accepted):
        yield {**_result(placed, line_of), **states}
    for placed in audit.known:
        yield {**_result(placed, line_of), "baselineState": "unchanged"}


def _result(placed: PlacedFinding, line_of: Callable[[Where], int]) -> dict[str, object]:
    found = placed.finding
    said = f"{placed.subject}: {found.evidence!r}: {found.why} {found.help}"
    if placed.ended:
        said += f" It was {ended_text(placed)}"
    result: dict[str, object] = {
        "ruleId": found.rule,
        "ruleIndex": _PLACES[found.rule],
        "level": found.severity,
        "message": {"text": escaped(said)},
        "locations": [_location(placed, line_of(placed.where))],
    }
    if placed.accepted is not None:
        suppression = {"kind": "inSource", "justification": escaped(reason_text(placed))}
        result["suppressions"] = [suppression]
    return result


def _location(placed: PlacedFinding, line: int) -> dict[str, object]:
    name = ".".join(part for part in (placed.where.address, placed.path) if part)
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(placed.where.file)},
            # A synthesized policy is one text: the line of its argument is the nearest there is.
            "region": {"startLine": line},
        },
        "logicalLocations": [{"fullyQualifiedName": name or placed.subject}],
    }


def _notification(problem: Unread) -> dict[str, object]:
    return {"level": "note", "message": {"text": escaped(str(problem))}}
