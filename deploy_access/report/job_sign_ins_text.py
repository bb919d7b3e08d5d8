"""The jobs that sign in, as text: the role of each, who lets it in, and what it may do then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.report.lines import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deploy_access.audit.sign_ins import JobSignIn, RunLine


def render_job_sign_ins(sign_ins: Sequence[JobSignIn]) -> str:
    """Render each job with its runs."""
    lines = (line for sign_in in sign_ins for line in _lines(sign_in))
    return "Jobs that sign in:\n" + "".join(f"  {line}\n" for line in lines)


def answer(run: RunLine) -> str:
    """Return the answer with its cause."""
    return f"{run.answer}[{run.cause}]" if run.cause else run.answer


def _lines(sign_in: JobSignIn) -> Iterator[str]:
    environment = f" in environment {sign_in.environment}" if sign_in.environment else ""
    yield one_line(f"job {sign_in.job}{environment} asks for {sign_in.role}", 500)
    yield f"  --> {one_line(f'{sign_in.where.file}:{sign_in.where.line}')}"
    if sign_in.found and not sign_in.is_known:
        yield f"  perhaps {one_line(', '.join(sign_in.found))}"
    width = max((len(run.label) for run in sign_in.runs), default=0)
    for run in sign_in.runs:
        yield f"  {one_line(run.label):<{min(width, 60)}}  {answer(run)}"
    if sign_in.may:
        yield f"  {one_line(sign_in.found[0])} may {one_line(sign_in.may)}"
