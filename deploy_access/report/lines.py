"""Values of the input on one line: every character visible, and the length bounded."""

from __future__ import annotations

import json

from deploy_access.report.review_phrase import cut, visible

_ENCODER = json.JSONEncoder(ensure_ascii=False)
LONGEST = 200
"""The characters of a text that are shown: an ARN with a long path and name has as many."""


def one_line(text: str, longest: int = LONGEST) -> str:
    """Return *text* on one line, without its middle where it is too long."""
    return visible(text, longest)


def quoted(text: str) -> str:
    """Return a value as it stands in JSON."""
    return whole(_ENCODER.encode(cut(text, LONGEST)))


def whole(text: str) -> str:
    """Return all of *text* on one line."""
    return one_line(text, len(text))


def counted(number: int, what: str) -> str:
    """Return a number with its noun: `1 error`, `2 errors`."""
    return f"{number} {what}{'' if number == 1 else 's'}"
