"""
The log of a job, as far as it says how the job signs in.

It is what the page of a run shows, its raw log, or what `gh run view --log` prints. A step begins
with a line `Run ACTION`, and its inputs follow as `name: value`:
https://docs.github.com/en/actions/how-tos/monitor-workflows/use-workflow-run-logs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# `gh run view --log` puts the job and the step before each line, the raw log the time.
_PREFIX = re.compile(
    r"^(?:[^\t\n]*\t[^\t\n]*\t)?\ufeff?(?:\d{4}-\d\d-\d\dT[\d:.]+Z )?", re.MULTILINE
)
_ESCAPE = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_MARK = re.compile(r"^##\[[a-z]+\]", re.MULTILINE)
_INPUT = re.compile(
    r"^ *(role-to-assume|aws-region|audience|role-duration-seconds): *(\S+) *$", re.MULTILINE
)
_CHECKED_OUT = re.compile(r"^Syncing repository: ([\w.-]+/[\w.-]+)$", re.MULTILINE)
# An input that is a secret is shown so.
_MASKED = "***"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobLog:
    """
    What a log says.

    Attributes:
        text: Its lines without times, colours and marks.
        role: The role that the last sign-in asked for, as it was written; None when no line says.
        region: The region whose STS it asked, or None.
        audience: The `aud` that it asked for, or None.
        duration: The seconds of the session that it asked for, or None.
        repository: The repository that was checked out, `owner/name`, or None.
    """

    text: str
    role: str | None = None
    region: str | None = None
    audience: str | None = None
    duration: int | None = None
    repository: str | None = None


def read_job_log(text: str) -> JobLog:
    """Read a log, or the red lines of one."""
    plain = _MARK.sub("", _PREFIX.sub("", _ESCAPE.sub("", text.replace("\r\n", "\n"))))
    inputs = dict(_inputs(plain))
    repository = _CHECKED_OUT.search(plain)
    duration = inputs.get("role-duration-seconds", "")
    return JobLog(
        text=plain,
        role=inputs.get("role-to-assume"),
        region=inputs.get("aws-region"),
        audience=inputs.get("audience"),
        duration=int(duration) if duration.isdecimal() else None,
        repository=repository[1] if repository else None,
    )


def _inputs(text: str) -> Iterator[tuple[str, str]]:
    for name, value in _INPUT.findall(text):
        if _MASKED not in value:
            yield name, value
