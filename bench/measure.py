"""Wall time and peak memory of a command."""

import os
import subprocess
import sys
import time
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
# The kernel counts in kibibytes, that of macOS in bytes: getrusage(2).
RSS_UNIT = 1 if sys.platform == "darwin" else 1024
FOUND = 10
"""The exit code of `deploy-access` where there are findings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """
    The time and the memory of one run.

    Attributes:
        seconds: The wall time.
        megabytes: The peak of the largest process.
        processor: The seconds of a processor, which other programs do not change.
    """

    seconds: float
    megabytes: float
    processor: float


def measure(
    command: Sequence[str],
    variables: Mapping[str, str],
    *,
    answers: Container[int] = (0,),
    printed: Path | None = None,
) -> Measurement:
    """
    Run a command and return its wall time and the peak of its largest process.

    Args:
        command: The command.
        variables: Of its environment, beside ours.
        answers: The exit codes that are no failure.
        printed: Where to put what it prints; thrown away when left out.

    `wait4` counts the processes that the command started and waited for, as Python does for jsii's
    first Node, and that one for the second, which does the work.
    """
    with (printed or Path(os.devnull)).open("wb") as output:
        start = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **variables},
            stdout=output,
            stderr=None if printed is None else subprocess.DEVNULL,
        )
        # Not `process.wait`: only `wait4` tells the peak memory of this one child.
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in answers:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Measurement(
        seconds=seconds,
        megabytes=usage.ru_maxrss * RSS_UNIT / 1e6,
        processor=usage.ru_utime + usage.ru_stime,
    )


def measure_answer(
    words: Sequence[str], *, answers: Container[int] = (0, FOUND), printed: Path | None = None
) -> Measurement:
    """Run `deploy-access` with *words*; the other arguments are those of `measure`."""
    code = "from deploy_access.cli import main; main()"
    return measure([sys.executable, "-c", code, *words], {}, answers=answers, printed=printed)


def median(runs: Sequence[Measurement]) -> Measurement:
    """Return the middle of all times, with the highest peak of all."""
    middle = len(runs) // 2
    return Measurement(
        seconds=sorted(run.seconds for run in runs)[middle],
        megabytes=max(run.megabytes for run in runs),
        processor=sorted(run.processor for run in runs)[middle],
    )
