"""The audit as Markdown, for a comment on a pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.report.acceptance_text import ended_text, reason_text
from deploy_access.report.audit_text import gone_head, summary
from deploy_access.report.job_sign_ins_text import answer
from deploy_access.report.reached_text import (
    found_in,
    reached_by,
    reached_count,
    reached_services,
)
from deploy_access.report.review_escape import code, prose

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deploy_access.audit.report_model import Audit, PlacedFinding
    from deploy_access.audit.sign_ins import JobSignIn


def render_audit_markdown(audit: Audit) -> str:
    """Render tables: who reaches what, the findings, the accepted ones, and what was not read."""
    parts = [
        "## Access audit",
        f"**{summary(audit)}**",
        *_reached(audit),
        *_sign_ins(audit.sign_ins),
        *_findings(audit.findings),
        *_accepted(audit.accepted),
        *_known(audit),
        *_gone(audit),
        *_problems(audit),
    ]
    return "\n\n".join(parts) + "\n"


def _sign_ins(sign_ins: Sequence[JobSignIn]) -> Iterator[str]:
    if sign_ins:
        rows = [
            _row(
                f"{_text(one.job)}<br>{_code(f'{one.where.file}:{one.where.line}')}",
                _code(one.environment) if one.environment else "",
                _code(one.role),
                "<br>".join(f"{_text(run.label)}: {_text(answer(run))}" for run in one.runs),
                _text(one.may),
            )
            for one in sign_ins
        ]
        yield "### Jobs that sign in"
        yield _table(("job", "environment", "asks for", "gets in", "may do"), rows)


def _reached(audit: Audit) -> Iterator[str]:
    if audit.reached is None:
        return
    yield "### Who reaches what"
    yield reached_count(audit.reached, audit.roles)
    rows = [
        _row(
            f"{_code(role.name)}{f' ({role.account})' if role.account else ''}",
            _text(reached_by(role)),
            _text(reached_services(role)),
            _text(found_in(role)),
        )
        for role in audit.reached
    ]
    if rows:
        yield _table(("role", "reached by", "may", "findings"), rows)
    yield "### Findings"


def _findings(findings: Sequence[PlacedFinding]) -> Iterator[str]:
    if not findings:
        yield "No findings."
        return
    rows = [
        _row(
            f"{placed.finding.severity} `{placed.finding.rule}`",
            f"{_text(placed.subject)}<br>{_place(placed)}",
            _code(placed.finding.evidence),
            f"{_text(placed.finding.why)} {_text(placed.finding.help)}{_ended(placed)}",
        )
        for placed in findings
    ]
    yield _table(("finding", "where", "evidence", "why, and what to do"), rows)


def _ended(placed: PlacedFinding) -> str:
    return f"<br>{_text(ended)}" if (ended := ended_text(placed)) else ""


def _accepted(accepted: Sequence[PlacedFinding]) -> Iterator[str]:
    if accepted:
        rows = [
            _row(
                f"`{placed.finding.rule}`",
                f"{_text(placed.subject)}<br>{_place(placed)}",
                _code(placed.finding.evidence),
                _text(reason_text(placed)),
            )
            for placed in accepted
        ]
        yield "### Accepted"
        yield _table(("rule", "where", "evidence", "reason"), rows)


def _known(audit: Audit) -> Iterator[str]:
    if audit.known:
        yield f"### Known from {code(audit.baseline or '')}"
        rows = [
            _row(
                f"{placed.finding.severity} `{placed.finding.rule}`",
                f"{_text(placed.subject)}<br>{_place(placed)}",
                _code(placed.finding.evidence),
            )
            for placed in audit.known
        ]
        yield _table(("finding", "where", "evidence"), rows)


def _gone(audit: Audit) -> Iterator[str]:
    if audit.gone:
        yield f"### {gone_head(code(audit.baseline or ''))}"
        rows = [
            _row(
                f"{_text(known.severity)} {_code(known.rule)}",
                f"{_text(known.subject)}<br>{_code(known.place)}",
                _code(known.value or known.evidence),
            )
            for known in audit.gone
        ]
        yield _table(("finding", "where", "evidence"), rows)


def _problems(audit: Audit) -> Iterator[str]:
    if audit.problems:
        yield "### Not read, or not wholly"
        yield "\n".join(f"- {_text(str(problem))}" for problem in audit.problems)


def _table(titles: tuple[str, ...], rows: list[str]) -> str:
    return "\n".join([_row(*titles), _row(*("---" for _ in titles)), *rows])


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _place(placed: PlacedFinding) -> str:
    parts = [str(placed.where), *([placed.path] if placed.path else [])]
    return ", ".join(map(_code, parts))


def _text(text: str) -> str:
    return _cell(prose(text))


def _code(text: str) -> str:
    return _cell(code(text))


def _cell(markdown: str) -> str:
    """Keep a `|` from ending the cell, which it does also in code."""
    # Source: https://github.github.com/gfm/#example-200
    return markdown.replace("|", "\\|")
