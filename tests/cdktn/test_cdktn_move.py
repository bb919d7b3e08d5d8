"""An estate that CDKTF has deployed, synthesized by CDK Terrain: Terraform changes nothing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from clean_places import ROOT

from sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

pytestmark = pytest.mark.terraform

STACKS = ("account-prod", "web-images", "web-prod")
VERSION = ("//", "metadata", "version")
SOURCE = ("terraform", "required_providers", "aws", "source")


def at(document: Mapping[str, Any], path: tuple[str, ...]) -> object:
    """Return what stands at a path."""
    found: Any = document
    for step in path:
        found = found[step]
    return found


def synthesize(python: str | Path, out: Path) -> Path:
    """Synthesize the example estate with a Python that has the one framework or the other."""
    done = subprocess.run(
        [python, ROOT / "main.py"],
        cwd=out.parent,
        env={**os.environ, "CDKTF_OUTDIR": str(out), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return out


def test_nothing_changes(cdktn_python: Path, tmp_path: Path) -> None:
    """Only what docs/cdktn.md lists is written otherwise, and the plan of each stack is empty."""
    old = synthesize(sys.executable, tmp_path / "old")
    new = synthesize(cdktn_python, tmp_path / "new")

    with Sandbox(old) as sandbox:
        sandbox.apply(*STACKS)
        for name in STACKS:
            file = sandbox.estate.stacks[name].path
            before = json.loads(file.read_text("utf-8"))
            shutil.copyfile(new / file.relative_to(old), file)
            after = json.loads(file.read_text("utf-8"))
            assert [at(before, path) for path in (VERSION, SOURCE)] == ["0.21.0", "aws"]
            assert [at(after, path) for path in (VERSION, SOURCE)] == ["0.24.0", "hashicorp/aws"]
            after["//"]["metadata"]["version"] = "0.21.0"
            after["terraform"]["required_providers"]["aws"]["source"] = "aws"
            assert after == before
        assert {name: sandbox.changes(name) for name in STACKS} == dict.fromkeys(STACKS)
