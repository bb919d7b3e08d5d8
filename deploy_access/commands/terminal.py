"""Where a command prints to."""

from __future__ import annotations

import sys


def is_terminal() -> bool:
    """Whether somebody looks at what is printed, so that colour helps."""
    return sys.stdout.isatty()
