"""Text of other people on one line: nothing in it that cannot be seen, and not without end."""

from __future__ import annotations

import json

from deploy_access.report.review_phrase import cut, visible

_ENCODER = json.JSONEncoder(ensure_ascii=False)
LONGEST = 200
"""How much of a text is shown."""


def one_line(text: str, longest: int = LONGEST) -> str:
    """Show *text* on one line, without its middle where it is too long, as `review` does."""
    if text.isascii() and text.isprintable() and len(text) <= longest:
        return text
    return visible(text, longest)


def quoted(text: str) -> str:
    """Show a value as it stands in JSON."""
    return whole(_ENCODER.encode(cut(text, LONGEST)))


def whole(text: str) -> str:
    """Show all of *text* on one line."""
    return one_line(text, len(text))


def counted(number: int, what: str) -> str:
    """Count in words: `1 error`, `2 errors`."""
    return f"{number} {what}{'' if number == 1 else 's'}"
