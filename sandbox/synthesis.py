"""
Synthesis: the app that writes `cdktf.out` is run as `cdktf synth` runs it.
"""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import SandboxError
from .server.child_environment import app_environment

if TYPE_CHECKING:
    from .server.child_process import Processes

DEFAULT_APP = "python main.py"


def run_app(project: Path, processes: Processes, *, out: Path | None = None) -> str:
    """
    Run the command that `cdktf.json` names and return what the app printed.
    """
    command = app_command(project)
    env = app_environment(programs=Path(sys.executable).parent, out=out)
    result = processes.run(shlex.split(command), env=env, cwd=project)
    said = f"{result.output}{result.errors}".strip()
    if result.code:
        raise SandboxError(
            f"The app `{command}` ended with exit code {result.code}, so there is nothing to "
            f"deploy. It said:\n{said}"
        )
    return said


def app_command(project: Path) -> str:
    """
    Return the command of the app; without a `cdktf.json` it is `python main.py`.
    """
    try:
        config = json.loads((project / "cdktf.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return DEFAULT_APP
    return config.get("app") or DEFAULT_APP
