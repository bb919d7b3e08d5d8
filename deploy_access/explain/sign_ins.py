"""Many runs in groups of one cause, so that each is explained once, however often it came."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from deploy_access.activity import ACTIVITY
from deploy_access.explain.decide import explain_run
from deploy_access.explain.role_lookup import roles_asked_for, roles_named
from deploy_access.github.subject_claim import parse_subject

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from deploy_access.explain.finding import Answer, Explanation
    from deploy_access.github.run import Run
    from deploy_access.terraform.estate import Estate

_UNREAD = {"other-account", "role-not-found"}
# Different runs that are compared with the policies, which takes a millisecond for each.
_MOST = 10_000
# Groups whose changes are worked out, which takes most of the time; a page has twenty.
_WHOLE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInGroup:
    """
    Runs that one cause keeps out of one role.

    Attributes:
        answer: What the policies that were read decide.
        cause: The likely cause: an id of `CAUSES`.
        role: The role; a number of roles where none of them was read and AWS let the runs in.
        error: What AWS answered; None where it let the runs in.
        subject: The `sub`, with `*` behind what several have in common.
        subjects: How many different ones there are.
        times: How many sign-ins there were.
        first: The time of the first one, or None.
        last: The time of the last one, or None.
        explanation: The newest of the runs, explained; from the 101st group on without changes.
    """

    answer: Answer
    cause: str
    role: str
    error: str | None
    subject: str
    subjects: int
    times: int
    first: str | None
    last: str | None
    explanation: Explanation


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIns:
    """
    All that logs say of runs.

    Attributes:
        times: How many sign-ins there were.
        refused: How many of them AWS refused.
        first: The time of the first one, or None.
        last: The time of the last one, or None.
        others: How many more there were that asked for other roles than the one to check.
        more: How many older ones were not compared with the policies, as they are too many.
        groups: Those that AWS refused, or that the policies do not let in, the newest first.
    """

    times: int
    refused: int
    first: str | None
    last: str | None
    others: int = 0
    more: int = 0
    groups: tuple[SignInGroup, ...]

    @property
    def is_refused(self) -> bool:
        """Whether one was refused, or is not let in by the policies, or was not compared."""
        return bool(self.groups) or self.more > 0


@dataclass(slots=True)
class _Members:
    brief: Explanation
    runs: list[Run] = field(default_factory=list)


def group_runs(runs: Sequence[Run], estate: Estate, role: str | None = None) -> SignIns:
    """
    Group runs by what keeps them out.

    Args:
        runs: The runs, the newest first.
        estate: The roles.
        role: The name or ARN of the one role to check, or None.

    Raises:
        InvalidValue: There is no role to check.
    """
    mine = _asking_for(role, runs, estate)
    groups: dict[tuple[object, ...], _Members] = {}
    for number, run in enumerate(mine[:_MOST], 1):
        ACTIVITY.what = f"explaining run {number} of {len(mine)}"
        # What mends it is worked out once for a group.
        brief = explain_run(run, estate, role, is_brief=True)
        if brief.is_refused:
            groups.setdefault(_key(brief), _Members(brief)).runs.append(run)
    first, last = _span(mine)
    return SignIns(
        times=_times(mine),
        refused=_times(run for run in mine if run.error),
        first=first,
        last=last,
        others=_times(runs) - _times(mine),
        more=_times(mine[_MOST:]),
        groups=tuple(
            _group(one, estate, role, is_brief=number >= _WHOLE)
            for number, one in enumerate(groups.values())
        ),
    )


def _asking_for(role: str | None, runs: Sequence[Run], estate: Estate) -> Sequence[Run]:
    """Return the runs that asked for one role, or all where none did, which may be the fault."""
    if role is None:
        return runs
    wanted = roles_named(role, estate.roles)
    mine = [one for one in runs if not one.role_arn or roles_asked_for(one.role_arn, wanted)]
    return mine or runs


def _times(runs: Iterable[Run]) -> int:
    return sum(run.times for run in runs)


def _key(brief: Explanation) -> tuple[object, ...]:
    """Return what runs of one group have in common."""
    run, cause = brief.run, _cause(brief)
    if run.error is None and cause in _UNREAD:
        # AWS let them into roles that are of no interest here, mostly of a cluster.
        return (cause,)
    return cause, _role(brief), run.error, run.provider, _kind(run.subject)


def _cause(brief: Explanation) -> str:
    return brief.findings[0].cause.id if brief.findings else "no-trust-policy"


def _role(brief: Explanation) -> str:
    return brief.run.role_arn or (brief.findings[0].role if brief.findings else "")


def _kind(subject: str) -> object:
    """Return the repository and the sort of run; for another platform's nothing."""
    claim = parse_subject(subject)
    return claim and (claim.repository, claim.owner_id, claim.repo_id, claim.context)


def _group(members: _Members, estate: Estate, role: str | None, *, is_brief: bool) -> SignInGroup:
    newest, brief = members.runs[0], members.brief
    first, last = _span(members.runs)
    roles = {run.role_arn for run in members.runs}
    subjects = {run.subject for run in members.runs}
    return SignInGroup(
        answer=brief.findings[0].answer if brief.findings else "unknown",
        cause=_cause(brief),
        role=_role(brief) if len(roles) == 1 else f"{len(roles)} roles",
        error=newest.error,
        subject=_in_common(subjects),
        subjects=len(subjects),
        times=_times(members.runs),
        first=first,
        last=last,
        explanation=brief if is_brief else explain_run(newest, estate, role),
    )


def _in_common(subjects: set[str]) -> str:
    """Return the one `sub`, or what all begin with, up to the end of a part."""
    first, last = min(subjects), max(subjects)
    if first == last:
        return first
    # What the first and the last of sorted texts begin with, those between them begin with too.
    pairs = enumerate(zip(first, last, strict=False))
    end = next((place for place, (one, other) in pairs if one != other), len(first))
    return first[: max(first.rfind(":", 0, end), first.rfind("/", 0, end)) + 1] + "*"


def _span(runs: Iterable[Run]) -> tuple[str | None, str | None]:
    times = [time for run in runs for time in (run.first_time, run.time) if time]
    return min(times, default=None), max(times, default=None)
