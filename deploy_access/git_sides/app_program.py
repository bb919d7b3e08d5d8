"""The program that synthesizes a project: the `app` of its `cdktf.json`, or one that is named."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue, Problem
from deploy_access.git_sides.child_program import run_program
from deploy_access.git_sides.repository import GIT_VARIABLES
from deploy_access.json_file import read_json
from deploy_access.json_shape import as_text
from deploy_access.terraform.manifest import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from deploy_access.git_sides.child_program import Ended

CONFIG = "cdktf.json"
# A program that only writes files needs no identity: not that of AWS, nor a token of GitHub, nor
# what a job of GitHub Actions asks for one with.
_IDENTITIES = ("AWS_", "TF_", "ACTIONS_")
_TOKENS = {"GH_ENTERPRISE_TOKEN", "GH_TOKEN", "GITHUB_ENTERPRISE_TOKEN", "GITHUB_TOKEN"}
_SHOWN = 3
"""The lines of a program that a failure shows: the end of a traceback."""


def app_of(project: Path) -> str:
    """
    Return the program that a project's `cdktf.json` names.

    Raises:
        InvalidValue: It names none, or is no JSON.
    """
    named = as_text(read_json(project / CONFIG).content.get("app"))
    if not named:
        raise InvalidValue(
            Problem(
                what=f"The `{CONFIG}` names no program.",
                given=str(project / CONFIG),
                why="Its `app` is what synthesizes the stacks.",
                fix="Name the program: `--synth 'python main.py'`.",
            )
        )
    return named


@dataclass(frozen=True, slots=True, kw_only=True)
class Synthesis:
    """
    The synthesis of one side.

    Attributes:
        side: What the side is called.
        command: The program, as a shell reads it: so does `cdktf synth`.
        project: Where it runs.
        out: The folder that `CDKTF_OUTDIR` names, where it writes its stacks.
        modules: Where Python looks for modules before all other places.
        is_checkout: Whether the project is in a worktree that has only what git has.
    """

    side: str
    command: str
    project: Path
    out: Path
    modules: tuple[Path, ...] = ()
    is_checkout: bool = False


def synthesize(wanted: Synthesis) -> None:
    """
    Run the program of one side.

    Raises:
        InvalidValue: It fails, or writes no stacks where it is told to.
    """
    environment = _environment(wanted.out, wanted.modules)
    ended = run_program(("/bin/sh", "-c", wanted.command), wanted.project, environment)
    if ended.code:
        raise InvalidValue(_failed(wanted, ended))
    if not (wanted.out / MANIFEST).is_file():
        raise InvalidValue(_no_stacks(wanted))


def _environment(out: Path, paths: Iterable[Path]) -> Mapping[str, str]:
    passed = {k: v for k, v in os.environ.items() if not _is_withheld(k)}
    # This Python first, so that `python main.py` works where its environment is not activated.
    programs = [str(Path(sys.executable).parent), passed.get("PATH", os.defpath)]
    modules = [*map(str, paths), *filter(None, [passed.get("PYTHONPATH")])]
    passed |= {"CDKTF_OUTDIR": str(out), "PATH": os.pathsep.join(programs)}
    return {**passed, "PYTHONPATH": os.pathsep.join(modules)} if modules else passed


def _is_withheld(name: str) -> bool:
    return name.startswith(_IDENTITIES) or name in _TOKENS | GIT_VARIABLES


def _failed(wanted: Synthesis, ended: Ended) -> Problem:
    lines = [line.strip() for line in (ended.errors or ended.output).splitlines()]
    said = " | ".join([line for line in lines if line][-_SHOWN:])
    return Problem(
        what=f"The synthesis of {wanted.side} has failed with exit code {ended.code}.",
        given=wanted.command,
        why=f"It says: `{said}`." if said else "It says nothing.",
        fix="A worktree has only what git has. What it needs besides, such as `.gen`, `--synth "
        "COMMAND` has to make."
        if wanted.is_checkout
        else "Run it by itself in this folder until it succeeds.",
    )


def _no_stacks(wanted: Synthesis) -> Problem:
    return Problem(
        what=f"The synthesis of {wanted.side} has written no stacks.",
        given=wanted.command,
        why=f"There is no {MANIFEST} in the folder that CDKTF_OUTDIR names: `App()` writes "
        "there, and `App(outdir=...)` does not.",
        fix="Leave `outdir` out, or take it from CDKTF_OUTDIR.",
    )
