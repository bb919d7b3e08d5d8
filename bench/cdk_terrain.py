"""An environment in which CDK Terrain takes the place of CDKTF, for the same program."""

import subprocess
import sys
from pathlib import Path

from bench.measure import ROOT

# Not below a folder whose source the tools read.
PLACE = ROOT / ".cdktn"
PYTHON = PLACE / "bin" / "python"


def install_cdk_terrain() -> None:
    """Install this project with its extra `cdktn`, once; the program runs from the clone."""
    if PYTHON.exists():
        return
    uv = Path(sys.executable).with_name("uv")
    _run(uv, "venv", "--quiet", "--python", sys.executable, PLACE)
    _run(uv, "pip", "install", "--quiet", "--python", PYTHON, f"{ROOT}[cdktn]")


def _run(*command: str | Path) -> None:
    if subprocess.run(command, check=False).returncode:
        raise SystemExit(f"The environment of CDK Terrain cannot be made: {PLACE}.")
