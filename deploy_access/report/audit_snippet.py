"""The line that a finding is about, as it stands in the document, with the evidence marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.report.lines import LONGEST, one_line, quoted

if TYPE_CHECKING:
    from deploy_access.audit.placed import Placed


def snippet(placed: Placed) -> tuple[str, str]:
    """
    Show `key: value`, and carets under the part that is the evidence.

    Where nothing stands that could be shown, it is a sentence that says so, without carets.
    """
    if placed.says:
        return one_line(placed.says), ""
    shown = quoted(placed.finding.evidence)
    value = one_line(placed.holds, LONGEST) if placed.holds else shown
    before = f"{one_line(placed.key)}: " if placed.key else ""
    start, length = _marked(placed, value, shown, len(before))
    return f"{before}{value}", f"{' ' * start}{'^' * length}"


def _marked(placed: Placed, value: str, shown: str, offset: int) -> tuple[int, int]:
    """Find the evidence: the key, a part of the value, or all of it."""
    if placed.holds and placed.key == placed.finding.evidence:
        return 0, offset - len(": ")
    inner = shown[1:-1]
    # The last place, as what is said of an environment or a ref stands at the end of a subject.
    at = value.rfind(inner) if placed.holds and inner else -1
    return (offset, len(value)) if at < 0 else (offset + at, len(inner))
