"""`deploy-access guard`: refuse stacks that would run more than AWS's provider in one account."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from deploy_access.commands.collection import no_collection
from deploy_access.commands.fatal import InputCommand
from deploy_access.commands.progress_line import progress_line
from deploy_access.input_file import shown_name
from deploy_access.json_file import read_json_inside
from deploy_access.terraform.carried_files import carry_files, stack_files
from deploy_access.terraform.guard import check_beside, check_contents, check_repeated
from deploy_access.terraform.known_providers import GITHUB, is_github
from deploy_access.terraform.manifest import SYNTHESIZE, read_manifest
from deploy_access.terraform.reader import read_scopes
from deploy_access.terraform.session_override import FILE, session_override
from deploy_access.visible_text import escaped_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deploy_access.errors import Problem
    from deploy_access.json_file import JsonFile
    from deploy_access.terraform.manifest import StackEntry

REFUSED = 10
"""The exit code when a stack is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stack:
    """A stack of the manifest, and its own file alone."""

    entry: StackEntry
    file: JsonFile


@click.command(cls=InputCommand)
@click.argument("out", type=click.Path(path_type=Path), default=Path("cdktf.out"))
@click.option(
    "--copy",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Copy what was checked to this folder, which must not be there yet.",
)
@click.option(
    "--no-assume-role",
    is_flag=True,
    help=f"Write a `{FILE}` beside each copy: no role is assumed, for a session that reads only.",
)
@click.pass_context
def command(ctx: click.Context, /, *, out: Path, copy: Path | None, no_assume_role: bool) -> None:
    """
    Refuse stacks that would run more than AWS's provider in the run's own account.

    `terraform plan` runs what the JSON in OUT says, also when an untrusted change wrote it.
    Provisioners, other providers, `external`, `http`, modules, other addresses and identities are
    refused, and any file beside a stack that Terraform would load: exit code 10, all at once.
    """
    if no_assume_role and copy is None:
        raise click.UsageError("`--no-assume-role` writes beside copies: name a folder, `--copy`.")
    with no_collection(), progress_line():
        stacks = [
            _Stack(entry=entry, file=read_json_inside(out, entry.path))
            for entry in read_manifest(out, SYNTHESIZE)
        ]
        skipped = [one for one in stacks if is_github(one.file.content)]
        checked = [one for one in stacks if one not in skipped]
        refused = list(_refusals(out, checked))
    for problem in refused:
        click.echo(f"refused: {escaped_lines(str(problem))}", err=True)
    if refused:
        ctx.exit(REFUSED)
    if copy is not None:
        _copy(out, copy, checked, no_assume_role=no_assume_role)
    for line in _said(checked, skipped, copy):
        click.echo(line)


def _refusals(out: Path, stacks: Sequence[_Stack]) -> Iterator[Problem]:
    _, scopes = read_scopes((one.file, one.entry.name) for one in stacks)
    for one, scope in zip(stacks, scopes, strict=True):
        yield from check_repeated(one.entry.name, one.file.repeated)
        yield from check_beside(one.entry.name, out, one.entry.path)
        yield from check_contents(one.entry.name, one.file.content, scope)


def _copy(out: Path, target: Path, stacks: Sequence[_Stack], *, no_assume_role: bool) -> None:
    carry_files(out, target, (file for one in stacks for file in stack_files(out, one.entry)))
    for one in stacks:
        override = session_override(one.file.content) if no_assume_role else None
        if override is not None:
            (target / one.entry.directory / FILE).write_text(f"{override}\n", "utf-8")


def _said(checked: Sequence[_Stack], skipped: Sequence[_Stack], copy: Path | None) -> Iterator[str]:
    done = f", and copied to {shown_name(copy)}" if copy is not None else ""
    yield f"Checked: {', '.join(one.entry.name for one in checked) or 'no stack'}{done}."
    if skipped:
        names = ", ".join(one.entry.name for one in skipped)
        yield f"Skipped: {names}, GitHub's side (provider {GITHUB})."
