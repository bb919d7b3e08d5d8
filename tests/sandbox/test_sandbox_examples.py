"""The help of the sandbox ends with two examples, and each of them runs as it stands there."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from sandbox_estates import role, stack, write_out

from deploy_access.commands.examples import EXAMPLES, PROGRAM
from sandbox.cli import main

PROJECT = Path(__file__).parents[2]
# An app that needs no Node: it copies what was synthesized before.
APP = "import shutil; shutil.copytree('synthesized', 'cdktf.out', dirs_exist_ok=True)"


def test_the_help_ends_with_them() -> None:
    """Each is a line that can be copied, and what it does is below it."""
    printed = CliRunner().invoke(main, ["--help"]).stdout

    rows = "".join(f"  {PROGRAM} {one.line}\n    {one.does}\n" for one in EXAMPLES["sandbox"])
    assert printed.endswith(f"\nExamples:\n{rows}")


@pytest.mark.terraform
def test_they_run(tmp_path: Path) -> None:
    """One after the other they synthesize and deploy a project of one stack."""
    write_out(tmp_path / "synthesized", {"web": stack("web", resource=role("web"))})
    (tmp_path / "cdktf.json").write_text(json.dumps({"app": "python app.py"}), "utf-8")
    (tmp_path / "app.py").write_text(APP, "utf-8")
    path = os.pathsep.join(filter(None, [str(PROJECT), os.environ.get("PYTHONPATH")]))
    for one in EXAMPLES["sandbox"]:
        run = subprocess.run(
            [Path(sys.executable).with_name(PROGRAM), *shlex.split(one.line)],
            check=False,
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": path},
        )

        assert run.returncode == 0, (one.line, run.stdout, run.stderr)
