"""The rules that join both ends: a job, and the role that it asks for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deploy_access.audit.finding import finding
from deploy_access.audit.report_model import DocumentFinding
from deploy_access.audit.role_rules import may_write_by
from deploy_access.explain.role_lookup import nearest_role, read_arn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.audit.catalogue import Severity
    from deploy_access.explain.finding import Cause
    from deploy_access.terraform.estate import Estate, Where
    from deploy_access.workflow_audit.answers import RunAnswer, SignInAnswers
    from deploy_access.workflow_audit.model import Step, Trigger
    from deploy_access.workflow_audit.sign_ins import SignIn

    Hit = tuple[Where, DocumentFinding]

SHORTEST = 900
"""The shortest session that STS gives, in seconds."""
_DEFAULT = 3600
_HEAD = re.compile(
    r"head_?[._]?(branch|ref|repo|sha)|refs/pull/|pull_request\.number|issue\.number"
)
_FETCHES_HEAD = re.compile(r"gh pr checkout|git [^\n]*\b(pull/|head_ref|head\.(ref|sha))")
_CHECKOUT = "actions/checkout"
# They run with the base's workflow, and get a token whoever opened the pull request.
_PRIVILEGED = {"issue_comment", "issues", "pull_request_target", "workflow_run"}


def check_ends(answers: SignInAnswers, estate: Estate) -> Iterator[Hit]:
    """Check a sign-in with its roles."""
    if estate.roles and not answers.roles and not answers.is_open:
        yield _at(answers.sign_in, _unknown_role(answers.sign_in, estate))
    yield from _check_answers(answers)
    yield from _check_duration(answers)
    yield from _check_pull_requests(answers)


def _at(sign_in: SignIn, found: DocumentFinding, line: int = 0) -> Hit:
    where = sign_in.step.where
    return type(where)(where.file, where.address, line=line or sign_in.role.line), found


def _unknown_role(sign_in: SignIn, estate: Estate) -> DocumentFinding:
    asked = sign_in.role.text
    near = nearest_role(asked, estate.roles)
    account = read_arn(asked).get("account")
    severity: Severity = "error" if near else "note"
    why = "No role that was read is called so."
    fix = "Read the file that has the role, or name the role that was read."
    if near is not None:
        fix = f"Did you mean {near.arn or near.name!r}?"
        if near.account not in {None, account} and account:
            why += f" It is in account {account}, the nearest one in account {near.account}."
    found = finding("unknown-role", asked, why, fix, severity=severity)
    return DocumentFinding(found, "", sign_in.key)


def _check_answers(answers: SignInAnswers) -> Iterator[Hit]:
    """Find that no run gets in, or that one that the workflow names does not."""
    if answers.is_open or not answers.runs:
        return
    refused = [one for one in answers.runs if one.answer == "denied"]
    if len(refused) == len(answers.runs):
        yield _at(answers.sign_in, _refused(answers.sign_in, refused[0], None))
        return
    # An `if:` may say that the job is not for this one.
    for one in refused if not answers.sign_in.condition else ():
        if one.ref.is_certain:
            yield _at(answers.sign_in, _refused(answers.sign_in, one, "warning"))


def _refused(sign_in: SignIn, run: RunAnswer, severity: Severity | None) -> DocumentFinding:
    cause = run.cause
    lacks = cause is not None and cause.id == "environment-in-policy"
    found = finding(
        "missing-environment" if lacks else "sign-in-refused",
        sign_in.role.text,
        f"On `{run.ref.label}` AWS does not let the job in. {cause.text if cause else ''}".strip(),
        f"{_first_change(cause)} `{run.command}`, with the same files, says more.".strip(),
        severity=severity,
    )
    return DocumentFinding(found, "", sign_in.key)


def _first_change(cause: Cause | None) -> str:
    """Return the first change as whole sentences; a form of several lines is left to `explain`."""
    change = next(iter(cause.changes), None) if cause else None
    if change is None:
        return ""
    *whole, last = re.split(r"(?<=\.) (?=[A-Z])", change.text)
    form = change.forms[0][1].strip() if change.forms else ""
    if last.endswith(":") and form and "\n" not in form:
        last = f"{last} `{form}`."
    elif last.endswith(":"):
        last = "" if whole else f"{last.removesuffix(':')}."
    return " ".join(filter(None, [*whole, last]))


def _check_duration(answers: SignInAnswers) -> Iterator[Hit]:
    duration = answers.sign_in.duration
    if duration is None or not duration.text.isdecimal() or answers.is_open:
        return
    seconds = int(duration.text[:9])
    most = max((one.max_session_duration or _DEFAULT for one in answers.roles), default=None)
    bare = all(one.path is None for one in answers.roles)
    if most is None or bare or SHORTEST <= seconds <= most:
        return
    name = answers.roles[0].name
    found = finding(
        "session-length",
        duration.text,
        f"A session of role {name!r} lasts {SHORTEST} to {most} seconds, so AWS refuses this one.",
        f"Ask for {most} at most, or raise `max_session_duration` of the role.",
    )
    hit = DocumentFinding(found, "", "role-duration-seconds")
    yield _at(answers.sign_in, hit, duration.line)


def _check_pull_requests(answers: SignInAnswers) -> Iterator[Hit]:
    job = answers.sign_in.job
    what = _writing(answers)
    head = next((step for step in job.steps if takes_head(step)), None)
    for trigger in answers.sign_in.triggers if what else ():
        if not answers.may_get_in(trigger):
            continue
        if trigger.event in _PRIVILEGED and head is not None:
            yield head.where, _runs_code(trigger, what, answers.sign_in, None)
        elif _is_review(trigger) and job.environment.text:
            severity: Severity = "note" if answers.sign_in.condition else "warning"
            yield _at(answers.sign_in, _runs_code(trigger, what, answers.sign_in, severity))


def _is_review(trigger: Trigger) -> bool:
    return trigger.event == "pull_request" and trigger.types != ("closed",)


def takes_head(step: Step) -> bool:
    """Whether a step fetches the code of a pull request."""
    if step.action == _CHECKOUT:
        given = [step.inputs[key].text for key in ("ref", "repository") if key in step.inputs]
        return any(map(_HEAD.search, given))
    return bool(_FETCHES_HEAD.search(step.run.text))


def _runs_code(
    trigger: Trigger, what: str, sign_in: SignIn, severity: Severity | None
) -> DocumentFinding:
    found = finding(
        "pull-request-code",
        trigger.event,
        f"A run of `{trigger.event}` has the code of a pull request, before any review, and "
        f"{what}.",
        "Let this job work without AWS, or with a role that reads; deploy on a push.",
        severity=severity,
    )
    return DocumentFinding(found, says=f"{sign_in.key}: {sign_in.role.text}, on {trigger.event}")


def _writing(answers: SignInAnswers) -> str:
    """Say what the role does that does harm; what is not known may do it. Empty for nothing."""
    if not answers.roles:
        return "asks for a role that was not read"
    if any(may_write_by(policy) for role in answers.roles for policy in role.policies):
        return "gets in as a role that writes"
    unread = [role for role in answers.roles if not role.policies]
    return "gets in as a role that may write: its permissions were not read" if unread else ""
