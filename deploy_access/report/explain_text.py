"""An explanation as text, in the form of a compiler's messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.iam.outcome import Outcome
from deploy_access.report.difference_marker import show_short, show_two
from deploy_access.visible_text import escaped, escaped_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deploy_access.explain.finding import CheckLine, Explanation, ProposedChange, RoleAnswer
    from deploy_access.github.run import Run

_MARKS = {Outcome.PASS: "ok  ", Outcome.FAIL: "FAIL", Outcome.UNKNOWN: "?   "}
_SAYS = {
    "allowed": "lets this run in",
    "denied": "does not let this run in",
    "unknown": "may or may not let this run in",
}
_UNREAD = {"other-account", "role-not-found"}
_ELSEWHERE = {
    "no-statement",
    "no-trust-policy",
    "other-owner",
    "other-provider",
    "other-provider-account",
    "other-repository",
}
"""Causes that take one line when there are other roles: such a role is for another repository."""
# A file with one mistake in every stack needs no page of notes; the JSON has all of them.
_NOTES = 5
_FULL = 100
"""The number of roles that are shown with every condition; the others take one line each."""


def render_text(explanation: Explanation) -> str:
    """Render the run, the answer of each role, and the parts that could not be read."""
    findings = explanation.findings
    blocks = ["\n".join(_run(explanation.run))]
    full = [one for one in findings if not (len(findings) > 1 and one.cause.id in _ELSEWHERE)]
    short = [*full[_FULL:], *(one for one in findings if one.cause.id in _ELSEWHERE)]
    blocks += ["\n".join(_finding(one)) for one in full[:_FULL]]
    if short and len(findings) > 1:
        blocks.append("\n".join(map(_headline, short)))
    if explanation.others:
        blocks.append(_others(explanation.others))
    if not findings:
        blocks.append("No role that was read has a trust policy.")
    if explanation.notes:
        blocks.append("\n".join(_notes(explanation.notes)))
    return escaped_lines("\n\n".join(blocks)) + "\n"


def _run(run: Run) -> Iterator[str]:
    seen = f" (seen {run.times} times)" if run.times > 1 else ""
    yield f"{show_short(run.name)}{seen}"
    yield f"  sub  '{show_short(run.subject)}'"
    yield f"  aud  '{show_short(run.audience)}'" if run.audience is not None else "  aud  not known"
    yield f"  iss  'https://{show_short(run.provider)}'"
    if run.role_arn:
        answer = f", and AWS answered {run.error!r}" if run.error else ""
        yield f"  asked for {show_short(run.role_arn)}{answer}"
    yield from (f"  note: {escaped(note)}" for note in run.notes)


def _headline(finding: RoleAnswer) -> str:
    cause = "" if finding.cause.id == "allowed" else f"[{finding.cause.id}]"
    unread = finding.cause.id in _UNREAD
    says = "is not among the roles that were read" if unread else _SAYS[finding.answer]
    return f"{finding.answer}{cause}: {show_short(finding.role)} {says}"


def _others(others: Mapping[str, int]) -> str:
    """Return a line with the number of roles that are not listed, by cause."""
    causes = ", ".join(f"{count} {cause}" for cause, count in others.items())
    number = sum(others.values())
    more = "more roles do" if number > 1 else "more role does"
    return f"denied: {number} {more} not let this run in ({causes}); `--role NAME` explains one."


def _finding(finding: RoleAnswer) -> Iterator[str]:
    yield _headline(finding)
    if finding.where:
        number = f", statement {finding.statement}" if finding.statement else ""
        yield f"  --> {escaped(finding.where)}{number}"
    for line in finding.lines:
        yield from _line(line)
    if finding.cause.id != "allowed":
        yield f"  cause: {escaped(finding.cause.text)}"
    if finding.besides:
        yield f"  besides: {', '.join(finding.besides)}"
    for change in finding.cause.changes:
        yield from render_change(change)
    yield from (f"  note: {escaped(note)}" for note in finding.notes)


def _line(line: CheckLine) -> Iterator[str]:
    head = " ".join(filter(None, (show_short(line.label), line.operator and f" {line.operator}")))
    remark = f": {line.remark}" if line.remark else ""
    yield f"  {_MARKS[line.outcome]} {escaped(head)}{remark}"
    if line.outcome is Outcome.PASS:
        return
    others = f" or {line.others} more" if line.others else ""
    if line.held is None and line.wanted:
        yield f"         policy '{show_short(line.wanted)}'{others}"
    elif line.held is not None and line.wanted:
        held, wanted, mark = show_two(line.held, line.wanted)
        yield f"         token  {held}"
        yield f"         policy {wanted}{others}"
        if line.held != line.wanted:
            yield f"                {mark}"


def render_change(change: ProposedChange) -> Iterator[str]:
    """Return the lines of a change: the sentence, and its text in each language."""
    yield f"  help: {escaped(change.text)}"
    width = max((len(language) for language, _ in change.forms), default=0)
    for language, text in change.forms:
        first, *more = text.split("\n")
        yield f"         {language:<{width}}  {escaped(first)}"
        yield from (f"         {'':<{width}}  {escaped(line)}" for line in more)


def _notes(notes: tuple[str, ...]) -> Iterator[str]:
    """List the first notes, and the number of the others."""
    yield from (f"note: {escaped(note)}" for note in notes[:_NOTES])
    if len(notes) > _NOTES:
        yield f"note: {len(notes) - _NOTES} more; `--format json` has all of them."
