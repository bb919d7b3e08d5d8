"""
The duration of a job and of its session, which ends no sooner than a job that waits in it.

Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue, Problem
from deploy_access.workflow.option_checks import as_given

if TYPE_CHECKING:
    from deploy_access.workflow.deployer import Deployer
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
# tasks. No policy says how long that is; an hour is what the console proposes.
# https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_BlueInstanceTerminationOption.html
_GROUP = 60
_LONGEST_WAIT = 360
"""The longest `wait-for-minutes` of the action that deploys: it takes a longer one for this."""


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
    added = _GROUP * sum(1 for service in services if service.codedeploy)
    usual = _START + _WAIT * waits + added + (_BUILD if deployer.images else 0)
    if not waits and not deployer.images:
        usual = _CHECK
    minutes = options.minutes or min(usual, longest // 60)
    seconds = options.seconds or max(SHORTEST, minutes * 60)
    if not max(SHORTEST, minutes * 60 if waits else 0) <= seconds <= longest:
        raise InvalidValue(_no_session(deployer, options, minutes))
    return JobDuration(minutes=minutes, seconds=seconds, wait=_wait(options, added=added))


def _wait(options: Options, *, added: int) -> int:
    if options.minutes is None:
        return _WAIT
    longest = min(max(options.minutes - _START, 1), _LONGEST_WAIT)
    return min(longest, _WAIT) if added else longest


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
