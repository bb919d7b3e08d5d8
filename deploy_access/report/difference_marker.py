"""Two values on one line each, with a mark under their first difference."""

from __future__ import annotations

from deploy_access.visible_text import escaped

# A line of a wide terminal. Of longer values the part around the difference is shown, from half a
# line before it.
_LONGEST = 120
_BEFORE = 60


def show_short(text: str) -> str:
    """Return *text* on one line, cut where it is long."""
    return escaped(_cut(text, 0))


def show_two(one: str, other: str) -> tuple[str, str, str]:
    """Return two values, and a line that marks the place where they begin to differ."""
    place = _first_difference(one, other)
    start = max(place - _BEFORE, 0) if max(len(one), len(other)) > _LONGEST else 0
    before = escaped(f"{'...' if start else ''}{one[start:place]}")
    return (
        f"'{escaped(_cut(one, start))}'",
        f"'{escaped(_cut(other, start))}'",
        " " * (len(before) + 1) + "^",
    )


def _first_difference(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    shorter = min(len(one), len(other))
    return next((index for index, (left, right) in pairs if left != right), shorter)


def _cut(text: str, start: int) -> str:
    end = start + _LONGEST
    return f"{'...' if start else ''}{text[start:end]}{'...' if len(text) > end else ''}"
