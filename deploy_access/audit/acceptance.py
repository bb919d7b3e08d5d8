"""The acceptances of findings, and the findings about acceptances that nothing needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.acceptance import Acceptance, is_over
from deploy_access.audit.catalogue import CATALOGUE, RULES
from deploy_access.audit.finding import finding
from deploy_access.audit.report_model import AuditSubject, DocumentFinding, PlacedFinding
from deploy_access.terraform.estate import Where

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from deploy_access.errors import Problem

_OPTION = "--accept"
_BY_GRANTS = "pull-request-write"
"""The rule that depends on the role's permissions, which another stack may give."""


class Acceptances:
    """
    The acceptances of the command line, and which of them are used.

    Attributes:
        today: The day on which acceptances count or are over.
    """

    def __init__(self, reasons: Mapping[str, str], today: date) -> None:
        self.today = today
        self._reasons = reasons
        self._used: set[str] = set()

    def use(self, rule: str) -> str | None:
        """Return the reason for accepting *rule*, and note that it is used; None without one."""
        if rule in self._reasons:
            self._used.add(rule)
        return self._reasons.get(rule)

    def unused(self) -> Iterator[PlacedFinding]:
        """List findings about acceptances that were not used."""
        subject = AuditSubject(name=f"option {_OPTION}", where=Where("command line"))
        for rule in self._reasons:
            if rule not in self._used:
                yield _placed(subject, subject.where, _unused(rule))


def accept_found(
    subject: AuditSubject, hits: Iterable[tuple[Where, DocumentFinding]], everywhere: Acceptances
) -> Iterator[PlacedFinding]:
    """Accept the findings of *subject*, and add findings about acceptances without need."""
    used: set[str] = set()
    once = list(hits)
    for where, found in dict.fromkeys(once) if len(once) > 1 else once:  # Hashing one takes long.
        rule = found.finding.rule
        used.add(rule)
        own = subject.accept.get(rule)
        if not isinstance(own, Acceptance):
            yield _placed(subject, where, found, everywhere.use(rule))
        elif is_over(own, everywhere.today):
            yield _placed(subject, where, found, everywhere.use(rule), ended=own)
        else:
            yield _placed(subject, where, found, own.reason, until=str(own.until or ""))
    for rule, own in subject.accept.items():
        damage = None if isinstance(own, Acceptance) else own
        if rule not in used or damage:
            unused = _unused(rule, of_role=damage is None, damage=damage)
            reason = everywhere.use(unused.finding.rule)
            yield _placed(subject, subject.where, unused, reason)


def _placed(
    subject: AuditSubject,
    where: Where,
    found: DocumentFinding,
    reason: str | None = None,
    *,
    until: str = "",
    ended: Acceptance | None = None,
) -> PlacedFinding:
    """Return a finding with its place; *ended* counts where nothing else accepts it."""
    over = ended if reason is None else None
    return PlacedFinding(
        finding=found.finding,
        subject=subject.name,
        where=where,
        path=found.path,
        key=found.key,
        holds=found.holds,
        says=found.says,
        accepted=reason,
        until=str(over.until) if over else until,
        ended=over.reason if over else "",
    )


def _unused(rule: str, *, of_role: bool = False, damage: Problem | None = None) -> DocumentFinding:
    elsewhere = of_role and rule == _BY_GRANTS
    found = finding(
        "unused-acceptance",
        rule,
        damage.why if damage else _why_unused(rule, of_role=of_role),
        "Take the acceptance out, or write it right: its rule, its reason, its last day.",
        severity="note" if elsewhere else None,
    )
    given = f" with {damage.given!r}" if damage and damage.given else ""
    return DocumentFinding(found, says=f"{rule!r} is accepted{given}")


def _why_unused(rule: str, *, of_role: bool) -> str:
    if rule not in CATALOGUE:
        why = "There is no rule of this name."
    elif of_role and rule == _BY_GRANTS:
        why = "Nothing that was read lets the role write; what does may stand in another stack."
    elif rule not in RULES:
        return "This rule is accepted on the command line alone."
    else:
        why = "Nothing is found by this rule."
    return f"{why} What is accepted without need hides what comes tomorrow."
