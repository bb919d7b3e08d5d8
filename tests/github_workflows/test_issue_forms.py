"""The issue forms of this repository have the shape that GitHub's schemas ask for."""

from __future__ import annotations

import subprocess
import sys

import pytest
from workflow_files import ROOT

FORMS = ROOT / ".github/ISSUE_TEMPLATE"
SCHEMAS = {
    "vendor.github-issue-forms": sorted(FORMS.glob("*-*.yml")),
    "vendor.github-issue-config": [FORMS / "config.yml"],
}


@pytest.mark.slow
@pytest.mark.parametrize("schema", SCHEMAS)
def test_forms(schema: str) -> None:
    """GitHub shows a form that its schema takes, and leaves out any other."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema]
    files = [str(form) for form in SCHEMAS[schema]]
    done = subprocess.run([*command, *files], capture_output=True, text=True, check=False)

    assert files
    assert done.returncode == 0, done.stdout
