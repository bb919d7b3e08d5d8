"""The scripts of the actions are typed as strictly as the rest."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from github_server import SCRIPTS


@pytest.mark.slow
def test_the_types_of_the_scripts_hold(tmp_path: Path) -> None:
    """Basedpyright passes over folders whose name starts with a dot, so it is given a copy."""
    shutil.copytree(SCRIPTS, tmp_path / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
    config = {
        "typeCheckingMode": "strict",
        "pythonVersion": "3.11",
        "include": ["scripts"],
        "extraPaths": [str(SCRIPTS.parents[2])],
    }
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(config), "utf-8")
    checker = Path(sys.executable).parent / "basedpyright"
    run = subprocess.run([checker], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.stdout.endswith("0 errors, 0 warnings, 0 notes\n"), run.stdout
