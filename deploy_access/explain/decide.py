"""
A run and an estate in, a finding for each role out.

Nothing here reads or prints.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue, Problem
from deploy_access.evaluate import Verdict, evaluate_trust, has_reference, read_policy
from deploy_access.explain.asked import nearest_role, read_arn, roles_asked_for, roles_named
from deploy_access.explain.asking import provider_of, subjects_for, web_identity
from deploy_access.explain.case import Case
from deploy_access.explain.diagnose import cause_of, diagnose
from deploy_access.explain.finding import Change, Explanation, Finding
from deploy_access.explain.lines import lines_of
from deploy_access.explain.outside import disputed_claims, find_outside, outside_changes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deploy_access.claims.run import Run
    from deploy_access.evaluate import Policy
    from deploy_access.evaluate.elements import PolicyProblem
    from deploy_access.explain.finding import Answer, Cause
    from deploy_access.reading.estate import Estate, Role

_ANSWERS: dict[Verdict, Answer] = {
    Verdict.ALLOWED: "allowed",
    Verdict.DENIED_EXPLICITLY: "denied",
    Verdict.DENIED_IMPLICITLY: "denied",
    Verdict.UNKNOWN: "unknown",
}
_ORDER: list[Answer] = ["allowed", "unknown", "denied"]
_PROBLEMS = 5
# Far more than IAM takes, with all the white space that somebody may write.
_TOO_LONG = 200_000


def explain_run(run: Run, estate: Estate, role: str | None = None) -> Explanation:
    """
    Say which roles let the run in, and why the others do not.

    Args:
        run: The run.
        estate: The roles.
        role: The name or ARN of the one role to look at; otherwise the one that the run asked for,
            or all.

    Raises:
        InvalidValue: There is no role to look at.
    """
    if not estate.roles:
        raise InvalidValue(_no_role())
    if role is not None:
        asked = roles_named(role, estate.roles)
    elif run.role_arn is not None:
        asked = roles_asked_for(run.role_arn, estate.roles)
    else:
        asked = [one for one in estate.roles if one.trust is not None]
    findings = [explain_role(run, one, estate) for one in asked]
    if role is None and not asked:
        findings = [_not_found(run, estate)] if run.role_arn else []
    findings.sort(key=lambda finding: _ORDER.index(finding.answer))
    return Explanation(run=run, findings=tuple(findings), notes=_notes(estate, asked))


def explain_role(run: Run, role: Role, estate: Estate) -> Finding:
    """Say whether one role lets the run in, and why not."""
    if role.trust is None:
        return _undecided(run, role, cause_of("no-trust-policy", _get_role(role)))
    if role.trust.content is None:
        unresolved = ", ".join(f"`{one}`" for one in role.trust.unresolved)
        text = f"it is in {unresolved}, which Terraform fills in." if unresolved else "no JSON."
        return _undecided(run, role, cause_of("unreadable-policy", _get_role(role), given=text))
    length = _length(role.trust.content)
    if length > _TOO_LONG:
        text = f"it has {length} characters, and IAM takes 8192 at most."
        return _undecided(run, role, cause_of("unreadable-policy", _get_role(role), given=text))
    try:
        policy, problems = read_policy(role.trust.content)
    except InvalidValue as error:
        cause = cause_of("unreadable-policy", _get_role(role), given=error.problems[0].what)
        return _undecided(run, role, cause)
    cases = _cases(run, role, policy, estate)
    finding = _combined([(case, _finding(case, estate)) for case in cases])
    return replace(finding, notes=(*finding.notes, *_policy_notes(problems)))


def _cases(run: Run, role: Role, policy: Policy, estate: Estate) -> list[Case]:
    provider = provider_of(run, role, policy, estate)
    return [
        Case(
            run=run,
            role=role,
            subject=subject,
            provider_arn=provider,
            decision=evaluate_trust(
                policy,
                web_identity(run, subject, provider),
                role_arn=role.arn or run.role_arn,
            ),
        )
        for subject in subjects_for(run, policy)
    ]


def _finding(case: Case, estate: Estate) -> Finding:
    result, role = case.nearest, case.role
    answer = _ANSWERS[case.decision.verdict]
    outside = tuple(find_outside(case.run, role, estate))
    causes, notes = _allowed(case, outside) if answer == "allowed" else (diagnose(case), ())
    if answer == "denied" and case.run.role_arn and case.run.error is None:
        notes = ("AWS let this run in: the policy that it had is not the one that was read.",)
    return Finding(
        answer=answer,
        role=role.name,
        account=role.account,
        where=str(role.where),
        statement=result.statement.index + 1 if result else None,
        subject=case.subject,
        lines=tuple(lines_of(case, result)) if result else (),
        cause=causes[0],
        besides=tuple(dict.fromkeys(one.id for one in causes if one.id != causes[0].id)),
        notes=notes,
    )


def _allowed(case: Case, outside: tuple[str, ...]) -> tuple[tuple[Cause, ...], tuple[str, ...]]:
    if case.run.error is None:
        return (cause_of("allowed"),), outside
    changes = outside_changes(case.role, (*outside, *disputed_claims(case)))
    return (cause_of("outside-policy", *changes, error=case.run.error),), ()


def _combined(tried: Sequence[tuple[Case, Finding]]) -> Finding:
    """Join what comes of the forms of `sub`: one that is let in, or the one that comes nearest."""
    allowed = [finding for _, finding in tried if finding.answer == "allowed"]
    refused = [finding for _, finding in tried if finding.answer != "allowed"]
    if not allowed:
        return max(tried, key=lambda one: (one[1].answer == "unknown", one[0].nearness))[1]
    legacy = tried[0][1]
    if refused and (legacy.answer == "allowed" or len(allowed) + 1 == len(tried)):
        name = "legacy" if legacy.answer == "allowed" else "immutable"
        cause = cause_of(f"{name}-subject-only", other=refused[0].subject)
        return replace(allowed[0], cause=cause)
    return allowed[0]


def _undecided(run: Run, role: Role, cause: Cause) -> Finding:
    return Finding(
        answer="unknown",
        role=role.name,
        account=role.account,
        where=str(role.where),
        subject=run.subject,
        cause=cause,
    )


def _length(content: str | Mapping[str, object]) -> int:
    return len(content if isinstance(content, str) else json.dumps(content))


def _get_role(role: Role) -> Change:
    command = f"`aws iam get-role --role-name {role.name} > role.json`"
    return Change(side="command", text=f"Read what AWS has: {command}, then `--policy role.json`.")


def _not_found(run: Run, estate: Estate) -> Finding:
    """Say which role was probably meant; one whose name Terraform fills in may be it."""
    arn = run.role_arn or ""
    unnamed = [f"`{role.name}`" for role in estate.roles if has_reference(role.name)]
    note = f"Terraform fills in the names of these roles: {', '.join(unnamed[:_PROBLEMS])}."
    return Finding(
        answer="unknown" if unnamed else "denied",
        role=arn,
        account=read_arn(arn).get("account"),
        subject=run.subject,
        cause=_of_nearest(run, arn, estate),
        notes=(note,) if unnamed else (),
    )


def _of_nearest(run: Run, arn: str, estate: Estate) -> Cause:
    """Name the role that comes nearest, and whether that one lets the run in."""
    asked, near = read_arn(arn), nearest_role(arn, estate.roles)
    if near is None:
        return cause_of("role-not-found", given=arn)
    found = explain_role(run, near, estate)
    text = f"The nearest is {near.arn or near.name!r}, which answers {found.answer!r} "
    text += f"({found.cause.id}). Name it in `role-to-assume`, or read the other role too."
    change = Change(side="workflow", text=text)
    if asked and near.name == asked["name"] and near.account not in {None, asked["account"]}:
        return cause_of("other-account", change, given=asked["account"], wanted=near.account)
    return cause_of("role-not-found", change, given=arn)


def _policy_notes(problems: Sequence[PolicyProblem]) -> tuple[str, ...]:
    notes = [
        f"In the policy, {'.'.join(map(str, one.path)) or 'the document'}: {one.what}"
        for one in problems[:_PROBLEMS]
    ]
    more = len(problems) - _PROBLEMS
    return (*notes, f"In the policy, {more} more mistakes.") if more > 0 else tuple(notes)


def _notes(estate: Estate, asked: Sequence[Role]) -> tuple[str, ...]:
    notes = [str(problem) for problem in estate.problems]
    unread = [one.name for one in estate.roles if one.trust is None and one not in asked]
    if unread:
        names = ", ".join(map(repr, unread[:_PROBLEMS]))
        more = f" and {len(unread) - _PROBLEMS} more" if len(unread) > _PROBLEMS else ""
        notes.append(f"These roles are named, but nothing says whom they trust: {names}{more}.")
    return tuple(notes)


def _no_role() -> Problem:
    return Problem(
        what="There is no role in what was read.",
        given="",
        why="Without a trust policy nothing can be said.",
        fix="Name the file that has it: `--policy FILE`, or `--out DIR`.",
    )
