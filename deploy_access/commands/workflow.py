"""`deploy-access workflow`: write the GitHub Actions workflows that fit the roles."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from deploy_access.commands.fatal import InputCommand
from deploy_access.commands.workflow_options import setting_options, write_command
from deploy_access.report.workflow_text import render_refusals, render_remarks
from deploy_access.terraform.stacks import read_stacks
from deploy_access.visible_text import escaped_lines
from deploy_access.workflow.deployer_reader import read_deployers
from deploy_access.workflow.infra_settings import idle_with_infra
from deploy_access.workflow.infra_workflows import plan_infra, without_pairs
from deploy_access.workflow.options import Options
from deploy_access.workflow.output import (
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
    from deploy_access.workflow.proof import WorkflowProof

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
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    out: Path,
    write: Path | None,
    check: Path | None,
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
    made = _infra(out, options) if options.infra else _of_services(out, options)
    proofs = prove(made.workflows, made.read.estate)
    _refuse_what_is_denied(ctx, proofs)
    files = made.render(write_command(ctx.params))
    if check is not None:
        _check(ctx, files, check)
    elif write is not None:
        _write(ctx, files, write)
    else:
        click.echo(print_files(files), nl=False)
    if check is None:
        click.echo(render_remarks(proofs, made.read, out), err=True, nl=False)
        for note in made.notes:
            click.echo(escaped_lines(note), err=True)


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


def _refuse_what_is_denied(context: click.Context, proofs: Iterable[WorkflowProof]) -> None:
    refusals = render_refusals(proofs)
    for text in refusals:
        click.echo(escaped_lines(text), err=True)
    if refusals:
        context.exit(REFUSED)


def _check(context: click.Context, files: Mapping[str, str], folder: Path) -> None:
    difference = compare_files(files, folder) + _left(context, files, folder)
    click.echo(difference, nl=False)
    if difference:
        context.exit(REFUSED)


def _write(context: click.Context, files: Mapping[str, str], folder: Path) -> None:
    for path in write_files(files, folder):
        click.echo(f"Wrote {folder / path}.", err=True)
    click.echo(_left(context, files, folder), err=True, nl=False)


def _left(context: click.Context, files: Mapping[str, str], folder: Path) -> str:
    """List the files of an earlier run that are no longer made; it deletes none of them."""
    left = find_leftovers(files, write_command(context.params), folder)
    return "".join(f"{folder / path} is no longer made: delete it.\n" for path in left)
