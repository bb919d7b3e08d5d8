"""
A report as JSON; `schemas/COMMAND.schema.json` describes that of each command.

A key may be added without a new `format`; one that goes or gets another meaning makes it the next.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMAT = 1
"""The format of every report, until one of them needs a number of its own."""


def render_document(content: Mapping[str, object]) -> str:
    """Render a report for programs: whole, in ASCII, so that no character of it is hidden."""
    return json.dumps({"format": FORMAT, **content}, indent=2) + "\n"
