"""`deploy-access workflow`: write the GitHub Actions workflows that fit the roles."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from deploy_access.commands.fatal import InputCommand
from deploy_access.commands.progress_line import progress_line
from deploy_access.commands.workflow_options import setting_options, write_command
from deploy_access.report.workflow_json import render_workflow_json
from deploy_access.report.workflow_text import render_refusals, render_remarks
from deploy_access.terraform.stacks import read_stacks
from deploy_access.visible_text import escaped_lines
from deploy_access.workflow.deployer_reader import read_deployers
from deploy_access.workflow.infra_settings import idle_with_infra
from deploy_access.workflow.infra_workflows import plan_infra, without_pairs
from deploy_access.workflow.options import Options
from deploy_access.workflow.output import (
    MadeFile,
    MadeFiles,
    compare_files,
    find_leftovers,
    print_files,
    render_files,
    render_infra_files,
    write_files,
)
from deploy_access.workflow.plan import plan_workflows
from deploy_access.workflow.proof import prove
from deploy_access.workflow.setting_checks import idle_options

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from deploy_access.workflow.deployer_reader import DeployerEstate
    from deploy_access.workflow.job import Workflow

REFUSED = 10
"""The exit code when AWS would refuse what a job does, and when `--check` finds something."""


@click.command(cls=InputCommand)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("cdktf.out"),
    show_default=True,
    help="Where the synthesized stacks are.",
)
@setting_options
@click.option("--write", type=click.Path(path_type=Path), metavar="DIR", help="Write into .github.")
@click.option("--check", type=click.Path(path_type=Path), metavar="DIR", help="Compare with it.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print it: the files as they are, or one object with all that is known of them.",
)
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    out: Path,
    write: Path | None,
    check: Path | None,
    format_: str,
    **values: object,
) -> None:
    """
    Write the GitHub Actions workflows that fit the roles.

    What the roles may do says what the workflows do, and whom they trust says when. Prints them;
    `--write .github` writes them, `--check .github` compares. Exits with 10 when a job could not
    assume its role or make a call that it needs, or when `--check` finds a difference or a file
    that is no longer made. `--infra` writes those of the repository that holds the stacks.
    """
    options = Options.of(**values)
    if write and check:
        raise click.UsageError("`--write` and `--check` exclude each other.")
    if options.composite and options.reusable:
        raise click.UsageError("`--composite` and `--reusable` exclude each other.")
    with progress_line():
        made = _infra(out, options) if options.infra else _of_services(out, options)
        proofs = prove(made.workflows, made.read.estate)
        refusals = render_refusals(proofs)
    files = {} if refusals else made.render(write_command(ctx.params))
    done = MadeFiles() if refusals else _do(files, ctx, write, check)
    if format_ == "json":
        text = render_workflow_json(proofs, done, made.read, made.notes, out)
        click.echo(text, nl=False)
    elif refusals:
        click.echo("\n".join(map(escaped_lines, refusals)), err=True)
    else:
        _print(done, write, check)
        if check is None:
            remarks = [render_remarks(proofs, made.read, out), *(f"{n}\n" for n in made.notes)]
            click.echo("".join(map(escaped_lines, remarks)), err=True, nl=False)
    if refusals or (check is not None and not done.is_up_to_date):
        ctx.exit(REFUSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """Workflows as they are proved, what renders their files, and what a person should know."""

    read: DeployerEstate
    workflows: Sequence[Workflow]
    render: Callable[[str], dict[str, str]]
    notes: Sequence[str] = ()


def _of_services(out: Path, options: Options) -> _Made:
    read = read_deployers(out)
    kept, notes = without_pairs(read, out, options)
    workflows = plan_workflows(kept.deployers, options)
    _refuse_what_does_nothing(workflows, options)
    render = partial(render_files, workflows)
    return _Made(read=kept, workflows=workflows, render=render, notes=notes)


def _infra(out: Path, options: Options) -> _Made:
    if idle := list(idle_with_infra(options)):
        raise click.UsageError("\n".join(idle))
    read = read_deployers(out)
    planned, notes = plan_infra(read, read_stacks(out), options)
    return _Made(
        read=replace(read, deployers=()),
        workflows=[one.proved for one in planned],
        render=partial(render_infra_files, planned),
        notes=notes,
    )


def _refuse_what_does_nothing(workflows: Iterable[Workflow], options: Options) -> None:
    idle = idle_options(workflows, options)
    if idle:
        raise click.UsageError("\n".join(idle))


def _do(
    files: Mapping[str, str], context: click.Context, write: Path | None, check: Path | None
) -> MadeFiles:
    """Write the files or compare them, as it is asked for."""
    folder = write or check
    if folder is None:
        made = (MadeFile(path=path, text=text, state="made") for path, text in files.items())
        return MadeFiles(files=tuple(made))
    done = write_files(files, folder) if write else compare_files(files, folder)
    left = find_leftovers(files, write_command(context.params), folder)
    return MadeFiles(files=done, left=tuple(str(folder / path) for path in left))


def _print(done: MadeFiles, write: Path | None, check: Path | None) -> None:
    left = "".join(f"{path} is no longer made: delete it.\n" for path in done.left)
    if check is not None:
        click.echo("".join(one.difference for one in done.files) + left, nl=False)
    elif write is not None:
        for one in done.files:
            if one.state == "written":
                click.echo(f"Wrote {write / one.path}.", err=True)
        click.echo(left, err=True, nl=False)
    else:
        click.echo(print_files({one.path: one.text for one in done.files}), nl=False)
