"""The other versions of Python on this machine that the project runs on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

VERSIONS = ("3.11", "3.12", "3.13")
"""Those of the classifiers of pyproject.toml."""


def other_pythons() -> dict[str, str]:
    """Return a program for each version but this one, of the path or of pyenv, that starts."""
    own = f"{sys.version_info.major}.{sys.version_info.minor}"
    found = {version: _program(version) for version in VERSIONS if version != own}
    return {version: program for version, program in found.items() if program}


def _program(version: str) -> str | None:
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    # Not the shims of pyenv: they start only the versions that a folder has chosen.
    known = sorted(root.glob(f"versions/{version}.*/bin/python"))
    on_path = shutil.which(f"python{version}")
    programs = [*map(str, known), *([on_path] if on_path else [])]
    return next((program for program in programs if _starts(program)), None)


def _starts(program: str) -> bool:
    return subprocess.run([program, "-c", ""], check=False, capture_output=True).returncode == 0
