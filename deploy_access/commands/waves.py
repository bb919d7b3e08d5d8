"""`deploy-access waves`: the stacks that a change touches, for the matrices of a workflow."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from deploy_access.commands.collection import no_collection
from deploy_access.commands.fatal import InputCommand
from deploy_access.commands.progress_line import progress_line
from deploy_access.errors import InvalidValue, Problem
from deploy_access.input_file import STDIN
from deploy_access.report.waves_json import matrix_object, render_waves_json
from deploy_access.review.waves import plan_waves
from deploy_access.terraform.sources import Reading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deploy_access.review.waves import MatrixEntry, Platform


@click.command(cls=InputCommand)
@click.argument("base")
@click.argument("head")
@click.option(
    "--waves",
    "most",
    type=click.IntRange(1, 100),
    help="How many jobs with a matrix the workflow has: that many waves are written, the last "
    "ones empty. Fails when there are more.",
)
@click.option(
    "--platform",
    type=click.Choice(["aws", "github"]),
    help="List the stacks of AWS alone, or those of GitHub's side, which are in no account.",
)
@click.option(
    "--account",
    "accounts",
    multiple=True,
    metavar="ID",
    help="Only stacks of this account; several times for several.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["json", "github", "lines"]),
    default="json",
    show_default=True,
    help="One JSON object, lines for $GITHUB_OUTPUT, or a line for each stack: its action, its "
    "name and its directory.",
)
def command(
    *,
    base: str,
    head: str,
    most: int | None,
    platform: Platform | None,
    accounts: tuple[str, ...],
    format_: str,
) -> None:
    """
    List the stacks that changed from BASE to HEAD, in the order to deploy them.

    BASE and HEAD are folders of synthesized stacks; `none` is a base without any. Each wave needs
    the one before, and holds at most 256 stacks. What is gone from HEAD is destroyed last.

    \b
    As lines for $GITHUB_OUTPUT, for --waves 2:
      count=1
      has_wave_1=true
      wave_1={"include":[{"stack":"web-prod","action":"deploy","platform":"aws",
              "account":"444455556666","region":"eu-central-1","environment":"prod",
              "directory":"stacks/web-prod"}]}
      has_wave_2=false
      wave_2={"include":[]}

    A job of a wave has `if: needs.plan.outputs.has_wave_1 == 'true'`, as GitHub fails on a matrix
    without entries, and `matrix: ${{ fromJSON(needs.plan.outputs.wave_1) }}`. A stack of GitHub's
    side has `"platform":"github"`, no account and no region; its `environment` is its own name.
    """  # noqa: D301 - click reads the escape
    if base == head == STDIN:
        raise click.UsageError("The standard input is read once: only one side is `-`.")
    with no_collection(), progress_line():
        reading = Reading()
        found = plan_waves(reading.sources(base), reading.sources(head), platform)
        waves = _of(accounts, found)
    if most is not None and len(waves) > most:
        raise InvalidValue(_too_many(waves, most))
    padded = [*waves, *[()] * ((most or 0) - len(waves))]
    click.echo(_RENDERERS[format_](len(waves), padded), nl=False)


def _github(count: int, waves: Sequence[Sequence[MatrixEntry]]) -> str:
    lines = [f"count={count}"]
    for number, wave in enumerate(waves, 1):
        lines.append(f"has_wave_{number}={'true' if wave else 'false'}")
        lines.append(f"wave_{number}={json.dumps(matrix_object(wave), separators=(',', ':'))}")
    return "".join(f"{line}\n" for line in lines)


def _lines(_: int, waves: Sequence[Sequence[MatrixEntry]]) -> str:
    entries = (entry for wave in waves for entry in wave)
    return "".join(f"{one.action} {one.stack} {one.directory}\n" for one in entries)


_RENDERERS = {"json": render_waves_json, "github": _github, "lines": _lines}


def _of(
    accounts: Sequence[str], waves: Sequence[Sequence[MatrixEntry]]
) -> Sequence[Sequence[MatrixEntry]]:
    """Keep the stacks of some accounts; a wave that has none of them is no wave."""
    if not accounts:
        return waves
    kept = [[entry for entry in wave if entry.account in accounts] for wave in waves]
    return [wave for wave in kept if wave]


def _too_many(waves: Sequence[Sequence[MatrixEntry]], most: int) -> Problem:
    first, last = waves[0][0].stack, waves[-1][0].stack
    return Problem(
        what=f"The change needs {len(waves)} waves, from {first!r} to {last!r}.",
        given=f"--waves {most}",
        why="A workflow has a fixed number of jobs, so the last stacks would not be deployed.",
        fix=f"Give the workflow {len(waves)} jobs with a matrix and write --waves {len(waves)}, "
        "or split the change.",
    )
