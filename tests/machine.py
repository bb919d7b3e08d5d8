"""A machine of GitHub's, or a desk: a folder, programs, an environment, and bash."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, kw_only=True)
class Machine:
    """
    A working folder, and what the steps of one job find in their environment.

    Attributes:
        folder: The working folder.
        env: What stands in the environment beside what GitHub puts there.
    """

    folder: Path
    env: Mapping[str, str] = field(default_factory=dict[str, str])

    def program(self, name: str, *lines: str) -> None:
        """Put a program on the path."""
        path = self.folder / "bin" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join(["#!/bin/bash", *lines]) + "\n", "utf-8")
        path.chmod(0o755)

    def run(self, script: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Run a step, as GitHub does where no shell is named."""
        (self.folder / "temp").mkdir(exist_ok=True)
        own = Path(sys.executable).parent
        path = f"{self.folder / 'bin'}:{own}:{os.environ['PATH']}"
        github = {
            "GITHUB_OUTPUT": str(self.folder / "outputs"),
            "GITHUB_PATH": str(self.folder / "paths"),
            "GITHUB_STEP_SUMMARY": str(self.folder / "summary.md"),
            "RUNNER_TEMP": str(self.folder / "temp"),
        }
        base = {"HOME": str(self.folder), "PYTHONPATH": os.environ.get("PYTHONPATH", "")}
        return subprocess.run(
            ["bash", "-e", "-c", script],
            cwd=self.folder,
            env={**base, **self.env, "PATH": path, **github, **env},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    def text(self, name: str) -> str:
        """Read a file of the working folder; nothing where it is not there."""
        path = self.folder / name
        return path.read_text("utf-8") if path.exists() else ""
