"""
A job of a committed workflow, run as GitHub runs it: its scripts in their order.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from workflow_files import parse

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from machine import Machine

_MATRIX = re.compile(r"\$\{\{ matrix\.(\w+) \}\}")

NOTHING: Mapping[str, str] = {}


def read_jobs(workflow: Path) -> dict[str, Any]:
    """
    Return the jobs of a workflow.
    """
    return parse(workflow.read_text("utf-8"))["jobs"]


def run_job(
    machine: Machine,
    job: Mapping[str, Any],
    *,
    enter: Callable[[str], Mapping[str, str]],
    matrix: Mapping[str, str] = NOTHING,
    done_before: str = "",
) -> subprocess.CompletedProcess[str]:
    """
    Run the scripts of *job* up to one that fails, and return what the last one said.

    Of the actions it does the sign-in alone: *enter* gives the keys of a role. Checkouts and
    artifacts are the caller's. Steps with a condition are left out, and the one that was
    *done_before*.
    """

    def filled(text: object) -> str:
        return _MATRIX.sub(lambda found: matrix[found[1]], str(text))

    session: Mapping[str, str] = {}
    done = machine.run("true")
    for step in job["steps"]:
        if role := step.get("with", {}).get("role-to-assume"):
            session = enter(filled(role))
        if "run" not in step or "if" in step or step["name"] == done_before:
            continue
        given = {name: filled(value) for name, value in step.get("env", {}).items()}
        done = machine.run(step["run"], **session, **given)
        if done.returncode:
            break
    return done
