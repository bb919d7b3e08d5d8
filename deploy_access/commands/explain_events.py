"""What `explain --event` says of logs: one run as it is, many in groups of one cause."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from deploy_access.errors import InvalidValue
from deploy_access.explain.decide import explain_run
from deploy_access.explain.sign_ins import group_runs
from deploy_access.github.trail import read_trail
from deploy_access.github.trail_time import parse_since
from deploy_access.input_file import STDIN
from deploy_access.report.explain_json import render_json, render_sign_ins_json
from deploy_access.report.explain_text import render_text
from deploy_access.report.sign_ins_text import render_sign_ins
from deploy_access.terraform.reader import read_estate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from deploy_access.terraform.named_file import NamedFile


def read_since(_: click.Context, __: click.Parameter, value: str | None) -> datetime | None:
    """Take `--since` from the command line."""
    try:
        return None if value is None else parse_since(value, datetime.now(UTC))
    except InvalidValue as error:
        raise click.BadParameter(str(error)) from error


def check_events(names: Sequence[str], since: datetime | None) -> None:
    """Refuse what goes with no event, or with no second one."""
    if since is not None and not names:
        raise click.UsageError("`--since` goes with `--event`.")
    if names.count(STDIN) > 1:
        raise click.UsageError("The standard input is read once: `--event -` stands once.")


def explain_events(
    names: Sequence[str],
    since: datetime | None,
    places: Sequence[NamedFile | Path],
    role: str | None,
    form: str,
) -> tuple[str, bool]:
    """
    Explain the runs in logs.

    Returns:
        The report, and whether one of the runs is refused.

    Raises:
        InvalidValue: A file or a role is not there, or cannot be read.
    """
    trail = read_trail(names, since)
    estate = read_estate(*places)
    if len(trail.runs) == 1:
        (run,) = trail.runs
        found = explain_run(replace(run, notes=(*run.notes, *trail.notes)), estate, role)
        return (render_json([found]) if form == "json" else render_text(found)), found.is_refused
    many = group_runs(trail.runs, estate, role)
    render = render_sign_ins_json if form == "json" else render_sign_ins
    return render(many, trail.files, trail.notes), many.is_refused
