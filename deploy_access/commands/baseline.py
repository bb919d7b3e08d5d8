"""`--baseline` and `--write-baseline` of `deploy-access audit`: the file of what is known."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import click

from deploy_access.audit.baseline import compare_with, known_findings
from deploy_access.audit.baseline_file import parse_baseline, render_baseline
from deploy_access.commands.written_file import replace_file
from deploy_access.errors import InvalidValue, Problem
from deploy_access.input_file import read_given, shown_name
from deploy_access.report.lines import counted
from deploy_access.visible_text import escaped

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from deploy_access.audit.report_model import Audit, KnownFinding


def against_baseline(audit: Audit, path: Path, *, write: bool) -> Audit:
    """
    Take out of the findings of *audit* what is known.

    Args:
        audit: The audit.
        path: The file of the baseline.
        write: Whether to write what is found now into it before.

    Raises:
        InvalidValue: It is not there and is not to be written, is no baseline, or is damaged.
    """
    is_there = path.exists()
    if not is_there and not write:
        raise InvalidValue(_missing(path))
    before: Mapping[KnownFinding, int] = {}
    if is_there:
        before = parse_baseline(read_given(path), shown_name(path))
    if not write:
        return compare_with(audit, before, shown_name(path))
    now = known_findings(audit)
    replace_file(path, render_baseline(now))
    click.echo(_wrote(path, Counter(before), Counter(now)), err=True)
    return compare_with(audit, now, shown_name(path))


def _wrote(path: Path, before: Mapping[KnownFinding, int], now: Mapping[KnownFinding, int]) -> str:
    new, gone = (sum((Counter(a) - Counter(b)).values()) for a, b in ((now, before), (before, now)))
    found = counted(sum(now.values()), "finding")
    return f"{escaped(shown_name(path))} has {found} now: {new} new, {gone} gone."


def _missing(path: Path) -> Problem:
    return Problem(
        what="There is no baseline.",
        given=shown_name(path),
        why="Without it everything that is found is new.",
        fix="Write it with `--write-baseline` beside `--baseline`, look at it, and commit it.",
    )
