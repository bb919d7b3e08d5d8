"""
The answers of an estate's roles to one run.

Nothing here reads or prints.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue, Problem
from deploy_access.explain.diagnose import cause_of
from deploy_access.explain.finding import Explanation, ProposedChange, RoleAnswer
from deploy_access.explain.one_role import explain_role
from deploy_access.explain.role_lookup import nearest_role, read_arn, roles_asked_for, roles_named
from deploy_access.explain.screen import Screen
from deploy_access.iam.references import has_reference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deploy_access.explain.finding import Answer, Cause
    from deploy_access.github.run import Run
    from deploy_access.terraform.estate import Estate, Role

_ORDER: list[Answer] = ["allowed", "unknown", "denied"]
# Names in one note.
_PROBLEMS = 5
_ALL = 100
"""Up to so many roles are all explained in full."""
_NEAREST = 20
"""Of more, so many of those that do not let the run in are explained: a page to read."""


def explain_run(
    run: Run, estate: Estate, role: str | None = None, *, is_brief: bool = False
) -> Explanation:
    """
    Say which roles let the run in, and why the others do not.

    Args:
        run: The run.
        estate: The roles.
        role: The name or ARN of the one role to check; by default the one that the run asked for,
            or all.
        is_brief: Whether to leave out what mends it, which takes most of the time.

    Raises:
        InvalidValue: There is no role to check.
    """
    if not estate.roles:
        raise InvalidValue(_no_role())
    if role is not None:
        asked = roles_named(role, estate.roles)
    elif run.role_arn is not None:
        asked = roles_asked_for(run.role_arn, estate.roles)
    else:
        asked = [one for one in estate.roles if one.trust is not None]
    if role is None and not asked and run.role_arn:
        return Explanation(
            run=run, findings=(_not_found(run, estate),), notes=_notes(estate, asked)
        )
    left: Counter[str] = Counter()
    findings = _explain_roles(run, asked, estate, left, is_brief=is_brief)
    return Explanation(
        run=run,
        findings=tuple(sorted(findings, key=lambda finding: _ORDER.index(finding.answer))),
        others=dict(sorted(left.items(), key=lambda item: (-item[1], item[0]))),
        notes=_notes(estate, asked),
    )


def _explain_roles(
    run: Run, asked: Sequence[Role], estate: Estate, left: Counter[str], *, is_brief: bool
) -> list[RoleAnswer]:
    """
    Explain each role; of many roles, those far from the run are only counted in *left*, by cause.
    """
    known: dict[object, RoleAnswer] = {}  # equal policies are decided once
    if len(asked) <= _ALL:
        return [explain_role(run, one, estate, known, is_brief=is_brief) for one in asked]
    # The screen sorts most roles out in one look.
    near, undecided = _screened(run, asked, left)
    found = [explain_role(run, one, estate, known, is_brief=is_brief) for one in undecided]
    denied = [finding for finding in found if finding.answer == "denied"]
    left.update(finding.cause.id for finding in denied[_NEAREST:])
    others = [finding for finding in found if finding.answer != "denied"]
    shown = (explain_role(run, one, estate, is_brief=is_brief) for one in near)
    return [*others, *denied[:_NEAREST], *shown]


def _screened(run: Run, asked: Sequence[Role], left: Counter[str]) -> tuple[list[Role], list[Role]]:
    """Return the nearest roles that refuse the run for certain, and those that are not certain."""
    screen = Screen(run)
    undecided: list[Role] = []
    refused: list[tuple[int, str, Role]] = []
    for role in asked:
        content = role.trust.content if role.trust else None
        refusal = None if content is None else screen.refusal(content)
        if refusal is None:
            undecided.append(role)
        else:
            refused.append((-refusal.nearness, refusal.cause, role))
    refused.sort(key=lambda one: one[0])
    left.update(cause for _, cause, _ in refused[_NEAREST:])
    return [role for _, _, role in refused[:_NEAREST]], undecided


def _not_found(run: Run, estate: Estate) -> RoleAnswer:
    """Return the answer for a role that was not read; a role named by a reference may be it."""
    arn = run.role_arn or ""
    unnamed = [f"`{role.name}`" for role in estate.roles if has_reference(role.name)]
    note = f"Terraform fills in the names of these roles: {', '.join(unnamed[:_PROBLEMS])}."
    return RoleAnswer(
        answer="unknown" if unnamed else "denied",
        role=arn,
        account=read_arn(arn).get("account"),
        subject=run.subject,
        cause=_of_nearest(run, arn, estate),
        notes=(note,) if unnamed else (),
    )


def _of_nearest(run: Run, arn: str, estate: Estate) -> Cause:
    """Return the cause that names the nearest role, and its answer to the run."""
    asked, near = read_arn(arn), nearest_role(arn, estate.roles)
    if near is None:
        return cause_of("role-not-found", given=arn)
    # What would mend the other role is of no use.
    asking = replace(run, role_arn=near.arn, provider_arn=None, error=None)
    found = explain_role(asking, near, estate, is_brief=True)
    why = "" if found.cause.id == "allowed" else f" ({found.cause.id})"
    text = (
        f"The nearest is {near.arn or near.name!r}, which answers {found.answer!r}{why} to a run "
    )
    text += "that asks for it. Name it in `role-to-assume`, or read the other role too."
    change = ProposedChange(side="workflow", text=text)
    if asked and near.name == asked["name"] and near.account not in {None, asked["account"]}:
        return cause_of("other-account", change, given=asked["account"], wanted=near.account)
    return cause_of("role-not-found", change, given=arn)


def _notes(estate: Estate, asked: Sequence[Role]) -> tuple[str, ...]:
    notes = [str(problem) for problem in estate.problems]
    known = set(map(id, asked))
    unread = [one.name for one in estate.roles if one.trust is None and id(one) not in known]
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
