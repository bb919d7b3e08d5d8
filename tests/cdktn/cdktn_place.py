"""An environment of this clone's tests with CDK Terrain in place of CDKTF."""

from __future__ import annotations

import re
import sys
import tomllib
from typing import TYPE_CHECKING

from clean_places import ROOT, UV, done

if TYPE_CHECKING:
    from pathlib import Path

_CDKTF = ("cdktf", "cdktf-cdktf-provider-aws", "cdktf-cdktf-provider-github")
# The bindings that no extra brings: docs/cdktn.md names them.
_GITHUB = "cdktn-provider-github>=18,<19"


def make_cdktn_place(folder: Path) -> Path:
    """Install what the lock file has, but for what is replaced, and return the Python of it."""
    # Not by uv: a judge of the tests needs the setuptools that `venv` brings.
    done(sys.executable, "-m", "venv", folder, cwd=folder)
    python = folder / "bin" / "python"
    locked = folder / "requirements.txt"
    locked.write_text("\n".join(_locked()), "utf-8")
    done(UV, "pip", "install", "--quiet", "--python", python, "--requirement", locked, cwd=folder)
    done(UV, "pip", "install", "--quiet", "--python", python, *_successors(), _GITHUB, cwd=folder)
    # As pip does: a judge's source has warnings, which are errors where a test compiles it.
    (judge,) = folder.glob("lib/*/site-packages/parliament")
    done(python, "-W", "ignore", "-m", "compileall", "-q", judge, cwd=folder)
    return python


def _locked() -> list[str]:
    text = (ROOT / "requirements.lock").read_text("utf-8")
    pins = re.findall(r"^[^ #][^\\\n]*==[^\\\n]*", text, re.MULTILINE)
    return [pin for pin in pins if pin.partition("==")[0] not in _CDKTF]


def _successors() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    found: list[str] = project["optional-dependencies"]["cdktn"]
    return [one for one in found if not one.startswith(project["name"])]
