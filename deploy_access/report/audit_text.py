"""The audit as text, in the form of a compiler's messages."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from deploy_access.audit.catalogue import CATALOGUE
from deploy_access.report.acceptance_text import ended_text, reason_text
from deploy_access.report.job_sign_ins_text import render_job_sign_ins
from deploy_access.report.lines import LONGEST, counted, one_line, quoted
from deploy_access.report.reached_text import render_reached

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.audit.report_model import Audit, PlacedFinding


# Characters of a sentence, which may hold a value of `LONGEST` characters.
_PROBLEM = 500


def render_audit_text(audit: Audit) -> str:
    """Render who reaches what, the findings, the accepted ones, what was not read, the counts."""
    blocks = [
        *([render_reached(audit.reached, audit.roles)] if audit.reached is not None else []),
        *([render_job_sign_ins(audit.sign_ins)] if audit.sign_ins else []),
        *map(_render_finding, audit.findings),
        *map(_render_accepted, audit.accepted),
        *_render_baseline(audit),
        *_render_problems(audit),
        f"{summary(audit)}\n",
    ]
    return "\n".join(blocks)


def summary(audit: Audit) -> str:
    """Return the counts of an audit as one line."""
    severities = [placed.finding.severity for placed in audit.findings]
    counts = [counted(severities.count(s), s) for s in ("error", "warning", "note")]
    policies = "1 policy" if audit.policies == 1 else f"{audit.policies} policies"
    parts = [counted(audit.roles, "role")] if audit.roles or not audit.policies else []
    parts += [policies] if audit.policies else []
    parts += [counted(audit.workflows, "workflow")] if audit.workflows else []
    read = f"{' and '.join(filter(None, (', '.join(parts[:-1]), parts[-1])))} read"
    unread = f"; {counted(len(audit.problems), 'thing')} not read" if audit.problems else ""
    known = "" if audit.baseline is None else f", {len(audit.known)} known"
    return f"{', '.join(counts)}, {len(audit.accepted)} accepted{known}; {read}{unread}."


def place(placed: PlacedFinding) -> str:
    """Return the place of a finding: file, address and path."""
    where = one_line(str(placed.where))
    return f"{where}, {one_line(placed.path)}" if placed.path else where


def _render_finding(placed: PlacedFinding) -> str:
    found = placed.finding
    line, marks = snippet(placed)
    sure = CATALOGUE[found.rule].confidence
    ended = one_line(ended_text(placed), _PROBLEM)
    doubt = "" if sure == "high" else f"   = confidence: {sure}\n"
    return (
        f"{found.severity}[{found.rule}]: {one_line(placed.subject)}\n"
        f"  --> {place(placed)}\n"
        "   |\n"
        f"   | {line}\n"
        f"{marks and f'   | {marks}{chr(10)}'}"
        f"   = why: {_sentence(found.why)}\n"
        f"   = help: {_sentence(found.help)}\n"
        f"{ended and f'   = {ended}{chr(10)}'}{doubt}"
    )


def _render_accepted(placed: PlacedFinding) -> str:
    found = placed.finding
    return (
        f"accepted[{found.rule}]: {one_line(placed.subject)}\n"
        f"  --> {place(placed)}\n"
        f"   | {snippet(placed)[0]}\n"
        f"   = reason: {one_line(reason_text(placed))}\n"
    )


def _render_baseline(audit: Audit) -> Iterator[str]:
    """Render one line for each finding that is known, and for each that is gone."""
    if audit.known:
        lines = (
            f"  {one.finding.severity}[{one.finding.rule}]: {one_line(one.subject)}: "
            f"{snippet(one)[0]}\n"
            for one in audit.known
        )
        yield f"Known from {_file(audit)}, so it does not fail:\n{''.join(lines)}"
    if audit.gone:
        lines = (
            f"  {one.severity}[{one.rule}]: {one_line(one.subject)}: "
            f"{one_line(one.value) if one.value else quoted(one.evidence)}\n"
            for one in audit.gone
        )
        yield f"{gone_head(_file(audit))}:\n{''.join(lines)}"


def gone_head(file: str) -> str:
    """Say what the findings are that only a baseline has."""
    return f"In {file} and not found, so write it anew with `--write-baseline`"


def _file(audit: Audit) -> str:
    return one_line(audit.baseline or "")


def _render_problems(audit: Audit) -> Iterator[str]:
    if audit.problems:
        lines = (f"  {one_line(str(problem), _PROBLEM)}\n" for problem in audit.problems)
        yield "Not read, or not wholly:\n" + "".join(lines)


@lru_cache(maxsize=256)  # Thousands of findings of one rule have the same sentences.
def _sentence(text: str) -> str:
    return one_line(text, _PROBLEM)


def snippet(placed: PlacedFinding) -> tuple[str, str]:
    """
    Return `key: value`, and carets under the part that is the evidence.

    Where the mistake is that something is missing, it is a sentence that says so, without carets.
    """
    if placed.says:
        return one_line(placed.says), ""
    shown = quoted(placed.finding.evidence)
    value = one_line(placed.holds, LONGEST) if placed.holds else shown
    before = f"{one_line(placed.key)}: " if placed.key else ""
    start, length = _marked(placed, value, shown, len(before))
    return f"{before}{value}", f"{' ' * start}{'^' * length}"


def _marked(placed: PlacedFinding, value: str, shown: str, offset: int) -> tuple[int, int]:
    """Return the start and the length of the evidence: the key, or a part of the value, or all."""
    if placed.holds and placed.key == placed.finding.evidence:
        return 0, offset - len(": ")
    inner = shown[1:-1]
    # The last place: an environment or a ref stands at the end of a subject.
    at = value.rfind(inner) if placed.holds and inner else -1
    return (offset, len(value)) if at < 0 else (offset + at, len(inner))
