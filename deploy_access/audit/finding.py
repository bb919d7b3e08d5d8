"""One finding about access, as data; the reports decide how it looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.audit.catalogue import CATALOGUE, RULES
from deploy_access.errors import Problem, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from deploy_access.acceptance import Acceptance
    from deploy_access.audit.catalogue import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """
    A finding of a rule.

    Attributes:
        rule: The rule's id: kebab-case, never reused.
        severity: `error` and `warning` are refused unless accepted; a `note` is for people.
        evidence: The value that shows it.
        why: The access that it gives, or why it never matches, as a sentence.
        help: The way to mend it, as a sentence.
    """

    rule: str
    severity: Severity
    evidence: str
    why: str
    help: str

    def __str__(self) -> str:
        return f"{self.severity}[{self.rule}] {self.evidence!r}: {self.why} {self.help}"


def finding(
    rule: str,
    evidence: str,
    why: str,
    fix: str,
    *,
    severity: Severity | None = None,
) -> Finding:
    """Return a finding of *rule*, with the rule's severity unless another one is given."""
    return Finding(
        rule=rule,
        severity=severity or CATALOGUE[rule].severity,
        evidence=evidence,
        why=why,
        help=fix,
    )


def unaccepted(findings: Iterable[Finding], accept: Mapping[str, object]) -> list[Finding]:
    """Return the findings that are neither notes nor accepted by name."""
    return [f for f in findings if f.severity != "note" and f.rule not in accept]


def check_accept(accept: Mapping[str, str | Acceptance]) -> Iterator[Problem]:
    """Check that every acceptance names a rule and has a reason."""
    for rule, reason in accept.items():
        if rule not in RULES:
            yield Problem(
                what="`accept` names rules.",
                given=rule,
                why="No rule has this id, so nothing would be accepted.",
                fix=did_you_mean(rule, RULES) or f"Rules: {', '.join(sorted(RULES))}.",
            )
        if isinstance(reason, str) and not reason.strip():
            yield Problem(
                what=f"Accepting {rule!r} needs a reason.",
                given=reason,
                why="Every review and audit prints it: it is all that the next reader knows.",
                fix='For example {"' + rule + '": "pilot until 2027-01"}.',
            )
