"""`deploy-access changes`: what a plan changes, and whether it is what was approved."""

from __future__ import annotations

import json
from pathlib import Path

import click

from deploy_access.commands.fatal import InputCommand
from deploy_access.commands.written_file import write_file
from deploy_access.json_file import read_json
from deploy_access.json_shape import as_object
from deploy_access.report.changes_text import render_changes, render_differences
from deploy_access.resource_diff.plan_record import compare_records, read_record, record_of
from deploy_access.resource_diff.planned_changes import read_changes
from deploy_access.review.plans import read_plans

DIFFERS = 10
"""The exit code when the plan is not what was approved."""


@click.command(cls=InputCommand)
@click.argument("plan", type=click.Path(path_type=Path))
@click.option(
    "--record",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write what it changes to this file, without sensitive values.",
)
@click.option(
    "--approved",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Compare with such a file: exit code 10 when the plan says anything else.",
)
@click.pass_context
def command(
    ctx: click.Context, /, *, plan: Path, record: Path | None, approved: Path | None
) -> None:
    """
    Say what PLAN changes, and whether that is what was approved.

    PLAN is what `terraform show -json` prints of a plan.
    """
    (file,) = read_plans([plan])
    found = record_of(file.content)
    earlier = read_record(read_json(approved)) if approved is not None else found
    if record is not None:
        write_file(record, json.dumps(found, indent=2, sort_keys=True) + "\n")
    differences = compare_records(earlier, found)
    if differences:
        click.echo(render_differences(differences), nl=False)
        ctx.exit(DIFFERS)
    outputs = [
        name.removeprefix("output.")
        for name in as_object(found["changes"])
        if name.startswith("output.")
    ]
    click.echo(render_changes(read_changes("", file.content, {}, {}), outputs), nl=False)
