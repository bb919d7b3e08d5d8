"""The page of `review` shows what its pull requests come to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from review_page import PAGE, applied, reviewed, shown

if TYPE_CHECKING:
    from pathlib import Path


def test_blocks(tmp_path: Path) -> None:
    """Each comment is the one that the command writes for the diff above it."""
    page = PAGE.read_text("utf-8")

    found = reviewed(page, tmp_path)

    assert len(found) == 6
    assert shown(page) == found


def test_a_diff_that_does_not_fit() -> None:
    """A diff of lines that are no longer there is no diff of this estate."""
    with pytest.raises(AssertionError, match="gone"):
        applied("here\n", "@@\n gone\n+new\n")
