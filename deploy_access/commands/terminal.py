"""The output of a command."""

from __future__ import annotations

import sys


def is_terminal() -> bool:
    """Whether the output is a terminal, where colour helps."""
    return sys.stdout.isatty()
