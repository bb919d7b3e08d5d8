"""
The duration of a job and of its session, which ends no sooner than a job that waits in it.

Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue, Problem, reject
from deploy_access.workflow.option_checks import AsGiven, as_given

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deploy_access.workflow.deployer import CodeDeployGroup, Deployer
    from deploy_access.workflow.options import Options

SHORTEST = 900
"""The shortest session that STS gives, in seconds."""
# Minutes. They are generous: a job that ends early costs nothing, and one that is cut off looks as
# if its deploy had failed, though ECS goes on with it.
_CHECK = 5
_START = 10
_BUILD = 10
_WAIT = 20
# The action adds what the deployment group waits, before it shifts and before it ends the old
# tasks. Where no stack says how long that is, an hour is counted, which the console proposes.
# https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_BlueInstanceTerminationOption.html
ASSUMED = 60
"""The minutes that a deployment group is taken to wait where no stack makes it."""
_LONGEST_WAIT = 360
"""The longest that the action waits, with what it adds: it takes a longer time for this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobDuration:
    """
    The duration of a job.

    Attributes:
        minutes: `timeout-minutes` of the job.
        seconds: `role-duration-seconds`.
        wait: `wait-for-minutes` of each deployment, without what a deployment group adds.
    """

    minutes: int
    seconds: int
    wait: int


def duration_of(deployer: Deployer, options: Options) -> JobDuration:
    """
    Return the duration of a job that uses the role.

    Raises:
        InvalidValue: The role gives no session of that length.
    """
    longest = deployer.longest_session
    services = [s for target in deployer.targets for s in target.services]
    waits = len(services) + sum(len(target.one_off) for target in deployer.targets)
    groups = [service.codedeploy for service in services if service.codedeploy]
    added = sum(ASSUMED if one.minutes is None else one.minutes for one in groups)
    usual = _START + _WAIT * waits + added + (_BUILD if deployer.images else 0)
    if not waits and not deployer.images:
        usual = _CHECK
    minutes = options.minutes or min(usual, longest // 60)
    seconds = options.seconds or max(SHORTEST, minutes * 60)
    if not max(SHORTEST, minutes * 60 if waits else 0) <= seconds <= longest:
        raise InvalidValue(_no_session(deployer, options, minutes))
    reject(_too_long(deployer, groups, minutes))
    return JobDuration(minutes=minutes, seconds=seconds, wait=_wait(options, groups=bool(groups)))


def _wait(options: Options, *, groups: bool) -> int:
    if options.minutes is None:
        return _WAIT
    longest = min(max(options.minutes - _START, 1), _LONGEST_WAIT)
    return min(longest, _WAIT) if groups else longest


def _too_long(
    deployer: Deployer, groups: Sequence[CodeDeployGroup], minutes: int
) -> Iterator[Problem]:
    """Find deployment groups that wait for as long as the job, or as the action, at the least."""
    known = {f"{one.application}/{one.group}": one.minutes or 0 for one in groups}
    if sum(known.values()) < minutes and max(known.values(), default=0) < _LONGEST_WAIT:
        return
    waits = ", ".join(f"{name} {time} minutes" for name, time in known.items() if time)
    yield Problem(
        what=f"A job of role {deployer.name!r} ends before CodeDeploy does.",
        given=AsGiven(f"{waits}; the job {minutes} minutes"),
        why="It waits until the old tasks have ended, so each deploy would look failed.",
        fix="Give the deployment group shorter waiting times, or the job more: "
        f"`max_session_duration` of the role, and `--timeout`. The action waits {_LONGEST_WAIT} "
        "minutes at most.",
    )


def _no_session(deployer: Deployer, options: Options, minutes: int) -> Problem:
    return Problem(
        what=f"A session of role {deployer.name!r} lasts {SHORTEST} to "
        f"{deployer.longest_session} seconds, and no less than a job that waits in it: this one "
        f"takes {minutes} minutes.",
        given=as_given(("--timeout", options.minutes), ("--session", options.seconds)),
        why="AWS refuses a longer session, and a deploy that outlives its own looks failed.",
        fix="Give another `--timeout` or `--session`, or a greater `max_session_duration` to the "
        "role.",
    )
