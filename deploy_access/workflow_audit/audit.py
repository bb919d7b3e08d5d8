"""The audit of workflows together with the roles that they ask for."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.audit.passed_roles import may_do
from deploy_access.audit.report_model import AuditSubject
from deploy_access.audit.sign_ins import JobSignIn, RunLine
from deploy_access.terraform.estate import Unread, Where
from deploy_access.workflow_audit.answers import answer_sign_in
from deploy_access.workflow_audit.end_rules import check_ends
from deploy_access.workflow_audit.expressions import is_open, open_settings
from deploy_access.workflow_audit.job_rules import check_job
from deploy_access.workflow_audit.sign_ins import sign_ins_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.audit.report_model import DocumentFinding
    from deploy_access.github.flags import Wanted
    from deploy_access.terraform.estate import Estate
    from deploy_access.workflow_audit.answers import SignInAnswers
    from deploy_access.workflow_audit.model import GithubJob, Workflows
    from deploy_access.workflow_audit.sign_ins import SignIn

_FEW = 5
"""So many roles that one with an open name may be are listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BothEnds:
    """
    What was found.

    Attributes:
        hits: The findings of each job.
        sign_ins: The jobs that sign in, with the answers.
        problems: What is not known.
    """

    hits: tuple[tuple[AuditSubject, tuple[tuple[Where, DocumentFinding], ...]], ...]
    sign_ins: tuple[JobSignIn, ...]
    problems: tuple[Unread, ...]


def audit_workflows(workflows: Workflows, estate: Estate, repo: Wanted | None) -> BothEnds:
    """
    Check every job that signs in.

    Args:
        workflows: The jobs.
        estate: The roles.
        repo: The repository that the workflows are of, or None where it is not known.
    """
    hits: defaultdict[tuple[str, str], list[tuple[Where, DocumentFinding]]] = defaultdict(list)
    lines: dict[JobSignIn, None] = {}
    problems = dict.fromkeys(workflows.problems)
    for job in workflows.jobs:
        sign_ins = sign_ins_of(job)
        answers = [answer_sign_in(one, estate, repo) for one in sign_ins]
        found = hits[job.where.file, job.name]
        found += check_job(job, sign_ins)
        for one in answers:
            found += check_ends(one, estate)
            lines[_line(one)] = None
            problems |= dict.fromkeys(_not_known(one.sign_in))
    if lines and repo is None:
        problems[_no_repository(workflows.jobs[0])] = None
    return BothEnds(
        hits=tuple((_subject(key, found), tuple(found)) for key, found in hits.items() if found),
        sign_ins=tuple(lines),
        problems=tuple(problems),
    )


def _subject(key: tuple[str, str], found: list[tuple[Where, DocumentFinding]]) -> AuditSubject:
    return AuditSubject(name=f"job {key[1]}", where=Where(key[0], line=found[0][0].line))


def _line(answers: SignInAnswers) -> JobSignIn:
    sign_in = answers.sign_in
    few = answers.roles if len(answers.roles) <= _FEW else ()
    only = few[0] if len(few) == 1 else None
    where = sign_in.step.where
    return JobSignIn(
        where=Where(where.file, where.address, line=where.line),
        job=sign_in.job.name,
        environment=sign_in.job.environment.text,
        role=sign_in.role.text,
        found=tuple(role.name for role in few),
        is_known=not answers.is_open,
        runs=tuple(
            RunLine(
                label=one.ref.label,
                answer=one.answer,
                cause="" if one.answer == "allowed" or not one.cause else one.cause.id,
            )
            for one in answers.runs
        ),
        may=may_do(only) if only and only.policies else "",
    )


def _not_known(sign_in: SignIn) -> Iterator[Unread]:
    asked = [("role", sign_in.role), ("environment", sign_in.job.environment)]
    for what, written in asked:
        if is_open(written.text):
            names = open_settings(written.text)
            known = " ".join(f"--var {name}=VALUE" for name in names)
            fix = f"`{known}` makes it known." if names else "The workflow makes it as it runs."
            yield Unread(
                kind="unresolved",
                what=f"The {what} of the job is not known. {fix}",
                given=written.text,
                where=Where(sign_in.step.where.file, line=written.line),
            )


def _no_repository(job: GithubJob) -> Unread:
    return Unread(
        kind="unresolved",
        what="The repository of the workflows is not known, so whether a job gets in is not said. "
        "Give `--repo OWNER/NAME`.",
        given=job.workflow,
        where=Where(job.where.file),
    )
