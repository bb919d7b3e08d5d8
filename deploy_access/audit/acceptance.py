"""The acceptances of findings, and the findings about acceptances that nothing needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.audit.catalogue import CATALOGUE, RULES
from deploy_access.audit.finding import finding
from deploy_access.audit.report_model import AuditSubject, DocumentFinding, PlacedFinding
from deploy_access.terraform.estate import Where

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_OPTION = "--accept"
_WITHOUT_REASON = "It has no reason, so nothing is accepted by it."
_BY_GRANTS = "pull-request-write"
"""The rule that depends on the role's permissions, which another stack may give."""


class Acceptances:
    """The acceptances of the command line, and which of them are used."""

    def __init__(self, reasons: Mapping[str, str]) -> None:
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
                yield _placed(subject, subject.where, _unused(rule), None)


def accept_found(
    subject: AuditSubject, hits: Iterable[tuple[Where, DocumentFinding]], everywhere: Acceptances
) -> Iterator[PlacedFinding]:
    """Accept the findings of *subject*, and add findings about acceptances without need."""
    used: set[str] = set()
    once = list(hits)
    for where, found in dict.fromkeys(once) if len(once) > 1 else once:  # Hashing one takes long.
        rule = found.finding.rule
        used.add(rule)
        reason = subject.accept[rule] if _is_reason(subject, rule) else everywhere.use(rule)
        yield _placed(subject, where, found, reason)
    for rule in subject.accept:
        has_reason = _is_reason(subject, rule)
        if rule not in used or not has_reason:
            found = _unused(rule, of_role=has_reason, has_reason=has_reason)
            reason = everywhere.use(found.finding.rule)
            yield _placed(subject, subject.where, found, reason)


def _is_reason(subject: AuditSubject, rule: str) -> bool:
    """Whether *rule* has a reason; an empty one accepts nothing."""
    return bool(subject.accept.get(rule, "").strip())


def _placed(
    subject: AuditSubject, where: Where, found: DocumentFinding, reason: str | None
) -> PlacedFinding:
    return PlacedFinding(
        finding=found.finding,
        subject=subject.name,
        where=where,
        path=found.path,
        key=found.key,
        holds=found.holds,
        says=found.says,
        accepted=reason,
    )


def _unused(rule: str, *, of_role: bool = False, has_reason: bool = True) -> DocumentFinding:
    elsewhere = of_role and rule == _BY_GRANTS
    found = finding(
        "unused-acceptance",
        rule,
        _why_unused(rule, of_role=of_role) if has_reason else _WITHOUT_REASON,
        "Take the acceptance out, or write its rule and reason right.",
        severity="note" if elsewhere else None,
    )
    return DocumentFinding(found, says=f"{rule!r} is accepted")


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
