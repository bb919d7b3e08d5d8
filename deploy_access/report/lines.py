"""Text of other people on one line: no line breaks, no control characters, not without end."""

from __future__ import annotations

import json
import re

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_ENCODER = json.JSONEncoder(ensure_ascii=False)
LONGEST = 200
"""How much of a text is shown."""


def one_line(text: str, longest: int = LONGEST) -> str:
    """Show *text* on one line, cut off where it is too long."""
    shown = text[: longest + 1]
    if not shown.isprintable():
        shown = _CONTROL.sub(" ", shown)
    return shown if len(shown) <= longest else f"{shown[:longest]}..."


def quoted(text: str) -> str:
    """Show a value as it stands in JSON."""
    return _CONTROL.sub("?", _ENCODER.encode(one_line(text)))


def counted(number: int, what: str) -> str:
    """Count in words: `1 error`, `2 errors`."""
    return f"{number} {what}{'' if number == 1 else 's'}"
