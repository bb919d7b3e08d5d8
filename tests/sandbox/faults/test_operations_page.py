"""
What docs/operations.md shows is what is printed.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from sandbox import FolderInUse
from sandbox.terraform.recovery import import_advice
from sandbox.terraform.stack_run import killed_text
from sandbox.terraform.state_lock import held_lock

PAGE = (Path(__file__).parents[3] / "docs" / "operations.md").read_text("utf-8")

LOCK = """\
Error: Error acquiring the state lock
  ID:        5b2a8a0e-6a0e-4b8e-9d0e-0e6a0e4b8e9d
  Operation: OperationTypeApply
  Who:       ann@laptop
  Created:   2026-11-29 03:04:05.012345678 +0000 UTC
"""


@pytest.mark.parametrize(
    "said",
    [
        killed_text(-9),
        import_advice("web-prod", {"aws_iam_role.Deploy": "web-prod-deploy"}),
        held_lock("web-prod", LOCK, datetime(2026, 11, 29, 3, 46, 50, tzinfo=UTC)),
        str(FolderInUse(".sandbox", 4711, "2 minutes")),
    ],
    ids=["killed", "what to import", "locked", "in use"],
)
def test_what_is_printed(said: str) -> None:
    """
    Each message stands on the page word for word.
    """
    assert f"{said}\n" in PAGE
