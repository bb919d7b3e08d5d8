"""The wheel, and clean environments that it is installed into: by uv, with one cache for all."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
UV = Path(sys.executable).with_name("uv")
# What would let the source of this clone, or its environment, into one that is to be clean; and
# what `make` tells a `make` that it runs.
_OURS = ("PYTEST_", "PYTHONPATH", "VIRTUAL_ENV", "MAKE", "MFLAGS")


def outside_environment(*folders: Path) -> dict[str, str]:
    """Return the variables of this process but those of the clone, with *folders* on the path."""
    passed = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    return {**passed, "PATH": os.pathsep.join([*map(str, folders), passed["PATH"]])}


def done(*command: str | Path, cwd: Path) -> str:
    """Run a program that has to succeed, and return what it printed."""
    run = subprocess.run(
        command, check=False, capture_output=True, text=True, cwd=cwd, env=outside_environment()
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


def build_wheel(folder: Path) -> Path:
    """Build the wheel as an installer does, from a clean environment, into *folder*."""
    done(UV, "build", "--wheel", "--quiet", "--out-dir", folder, ROOT, cwd=folder)
    (wheel,) = folder.glob("*.whl")
    return wheel


@dataclass(frozen=True, slots=True)
class CleanPlace:
    """
    An environment of Python, in which nothing is but what was asked for.

    Attributes:
        folder: Where it is.
    """

    folder: Path

    @property
    def programs(self) -> Path:
        """The folder of its programs."""
        return self.folder / "bin"

    def run(
        self, *command: str, cwd: Path, program: str = "python", **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """Run one of its programs in a folder, as a shell does in which it is activated."""
        return subprocess.run(
            [self.programs / program, *command],
            check=False,
            capture_output=True,
            text=True,
            cwd=cwd,
            env={**outside_environment(self.programs), **variables},
        )

    def say(self, *command: str, cwd: Path, program: str = "python", **variables: str) -> str:
        """Run one of its programs, which has to succeed, and return what it printed."""
        run = self.run(*command, cwd=cwd, program=program, **variables)
        assert run.returncode == 0, run.stdout + run.stderr
        return run.stdout


def make_place(folder: Path, *requirements: str, python: str = sys.executable) -> CleanPlace:
    """Make an environment with *requirements* for a Python of this machine."""
    done(UV, "venv", "--quiet", "--python", python, folder, cwd=folder.parent)
    place = CleanPlace(folder)
    interpreter = place.programs / "python"
    done(UV, "pip", "install", "--quiet", "--python", interpreter, *requirements, cwd=folder)
    return place


def requirement(wheel: Path, *extras: str) -> str:
    """Write the wheel as a requirement, with extras."""
    chosen = f"[{','.join(extras)}]" if extras else ""
    return f"deploy-access{chosen} @ {wheel.as_uri()}"
