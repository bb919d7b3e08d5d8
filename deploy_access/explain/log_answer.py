"""What the red lines of a log mean: a refused sign-in, refused calls, and errors of other kinds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue, Problem
from deploy_access.explain.decide import explain_run
from deploy_access.explain.denied_call import explain_denial
from deploy_access.explain.log_causes import find_log_errors
from deploy_access.iam.access_denied import find_denials

if TYPE_CHECKING:
    from deploy_access.explain.denied_call import CallAnswer
    from deploy_access.explain.finding import Explanation
    from deploy_access.explain.log_causes import LogError
    from deploy_access.github.job_log import JobLog
    from deploy_access.github.run import Run
    from deploy_access.terraform.estate import Estate

SIGN_IN_REFUSED = re.compile(r"Not authorized to perform:? sts:AssumeRoleWithWebIdentity")
"""STS's text, which never says which condition failed."""
_SHOWN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class LogAnswer:
    """
    The answers to a log.

    Attributes:
        runs: The sign-in that was refused, held against the roles; none when no line says so.
        calls: The calls that were refused after the sign-in.
        errors: The errors that no policy of a role is the reason of.
    """

    runs: tuple[Explanation, ...] = ()
    calls: tuple[CallAnswer, ...] = ()
    errors: tuple[LogError, ...] = ()


def has_refused_sign_in(log: JobLog) -> bool:
    """Whether a line says that the sign-in was refused, which only the run itself explains."""
    return SIGN_IN_REFUSED.search(log.text) is not None


def explain_log(log: JobLog, run: Run | None, estate: Estate, role: str | None) -> LogAnswer:
    """
    Explain each error of a log.

    Args:
        log: The log.
        run: The run whose sign-in was refused; None when none was.
        estate: What was read.
        role: The name or ARN of the one role to check, or None.

    Raises:
        InvalidValue: The log has no error of AWS.
    """
    runs = (explain_run(run, estate, role),) if run else ()
    calls = tuple(explain_denial(denied, estate) for denied in find_denials(log.text))
    errors = tuple(find_log_errors(log.text))
    if not (runs or calls or errors):
        raise InvalidValue(_no_error(log.text))
    return LogAnswer(runs=runs, calls=calls, errors=errors)


def _no_error(text: str) -> Problem:
    given = " ".join(text[: 2 * _SHOWN].split())
    return Problem(
        what="There is no error of AWS in it.",
        given=given if len(given) <= _SHOWN else f"{given[:_SHOWN]}...",
        why="A refused sign-in has `Not authorized to perform sts:AssumeRoleWithWebIdentity`, a "
        "refused call `is not authorized to perform: ...`.",
        fix="Give all red lines of the failed step, or its whole log: `gh run view --log-failed`.",
    )
