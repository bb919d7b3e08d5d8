"""An environment of this clone's tests with CDK Terrain in place of CDKTF."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
UV = Path(sys.executable).with_name("uv")
_CDKTF = ("cdktf", "cdktf-cdktf-provider-aws", "cdktf-cdktf-provider-github")
# The bindings that no extra brings: docs/cdktn.md names them.
_GITHUB = "cdktn-provider-github>=18,<19"


def make_cdktn_place(folder: Path) -> Path:
    """Install what the lock file has, but for what is replaced, and return the Python of it."""
    # Not by uv: a judge of the tests needs the setuptools that `venv` brings.
    _done(sys.executable, "-m", "venv", folder)
    python = folder / "bin" / "python"
    locked = folder / "requirements.txt"
    locked.write_text("\n".join(_locked()), "utf-8")
    _done(UV, "pip", "install", "--quiet", "--python", python, "--requirement", locked)
    _done(UV, "pip", "install", "--quiet", "--python", python, *_successors(), _GITHUB)
    # As pip does: a judge's source has warnings, which are errors where a test compiles it.
    (judge,) = folder.glob("lib/*/site-packages/parliament")
    _done(python, "-W", "ignore", "-m", "compileall", "-q", judge)
    return python


def _locked() -> list[str]:
    text = (ROOT / "requirements.lock").read_text("utf-8")
    pins = re.findall(r"^[^ #][^\\\n]*==[^\\\n]*", text, re.MULTILINE)
    return [pin for pin in pins if pin.partition("==")[0] not in _CDKTF]


def _successors() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    found: list[str] = project["optional-dependencies"]["cdktn"]
    return [one for one in found if not one.startswith(project["name"])]


def _done(*command: str | Path) -> None:
    run = subprocess.run(command, check=False, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
