"""`deploy-access adopt`: write the entries that take over what exists on AWS."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from deploy_access.adopt.changes import find_changes
from deploy_access.adopt.commands_text import COMMANDS
from deploy_access.adopt.environments_text import environments_text
from deploy_access.adopt.plan import Wishes, plan_adoption
from deploy_access.adopt.read_files import read_inventory
from deploy_access.commands.collection import no_collection
from deploy_access.commands.fatal import Fatal, InputCommand
from deploy_access.commands.progress_line import progress_line
from deploy_access.commands.terminal import print_report
from deploy_access.commands.written_file import write_file
from deploy_access.input_file import read_given
from deploy_access.report.adopt_changes_json import render_changes_json
from deploy_access.report.adopt_changes_text import render_changes_markdown, render_changes_text
from deploy_access.report.adopt_json import render_adoption_json
from deploy_access.report.adopt_text import render_adoption

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from deploy_access.adopt.changes import Changes
    from deploy_access.adopt.existing import Inventory
    from deploy_access.adopt.model import Adoption

FOUND = 10
"""The exit code when something would be destroyed."""
_OF_CHANGES: Mapping[str, Callable[[Changes], str]] = {
    "text": render_changes_text,
    "markdown": render_changes_markdown,
    "json": render_changes_json,
}
_OWN = "environments.toml"
_BESIDE = "adopted.toml"
_REPOSITORY = re.compile(r"[^/\s]+/[^/\s]+")
_HEAD = re.compile(r"^\S.*", re.MULTILINE)


def _parse_pairs(
    _: click.Context, __: click.Parameter, value: tuple[str, ...]
) -> Mapping[str, str]:
    """Parse `ROLE=NAME`."""
    pairs = [text.partition("=") for text in value]
    wrong = [role + sign + name for role, sign, name in pairs if not (role and name)]
    if wrong:
        raise click.BadParameter(f"{wrong[0]!r} is not of the form ROLE=NAME.")
    return {role: name for role, _sign, name in pairs}


def _parse_repositories(
    context: click.Context, parameter: click.Parameter, value: tuple[str, ...]
) -> Mapping[str, str]:
    pairs = _parse_pairs(context, parameter, value)
    wrong = [name for name in pairs.values() if not _REPOSITORY.fullmatch(name)]
    if wrong:
        raise click.BadParameter(f"{wrong[0]!r} is not of the form OWNER/NAME.")
    return pairs


@click.command(cls=InputCommand)
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE]...")
@click.option("--commands", is_flag=True, help="Print the commands that make the files.")
@click.option(
    "--write",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help=f"Write `{_OWN}` there, or `{_BESIDE}` beside one that is there.",
)
@click.option(
    "--synthesized",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Say what applying the stacks in DIR would change of what is there, by risk.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(list(_OF_CHANGES)),
    default="text",
    show_default=True,
    help="How to print it; `markdown` is for what `--synthesized` finds.",
)
@click.option("--region", default="", help="The region of accounts of which no file says one.")
@click.option(
    "--image",
    "images",
    multiple=True,
    metavar="ROLE=REPOSITORY",
    callback=_parse_pairs,
    help="The repository of images of a role that may push to every one.",
)
@click.option(
    "--repository",
    "repositories",
    multiple=True,
    metavar="ROLE=OWNER/NAME",
    callback=_parse_repositories,
    help="The repository on GitHub of a role that trusts all of an owner.",
)
@click.option(
    "--leave",
    multiple=True,
    metavar="NAME",
    help="A role or a repository of images to leave alone; several times for several.",
)
def command(
    *,
    files: tuple[Path, ...],
    commands: bool,
    write: Path | None,
    synthesized: Path | None,
    format_: str,
    region: str,
    images: Mapping[str, str],
    repositories: Mapping[str, str],
    leave: tuple[str, ...],
) -> None:
    """
    Write the entries of `environments.toml` that take over what FILES say is there.

    FILES are what the AWS CLI prints, folders of such files, and states of Terraform. Without
    any, the commands that make them are printed. No credentials are needed, and nothing is
    changed.
    """
    _check_format(format_, has_files=bool(files) and not commands, is_compared=bool(synthesized))
    if commands or not files:
        click.echo(COMMANDS, nl=False)
        return
    with progress_line():
        inventory = read_inventory(files)
    if synthesized is not None:
        _compare(inventory, synthesized, format_)
        return
    wishes = Wishes(region=region, images=images, repositories=repositories, leave=frozenset(leave))
    found = plan_adoption(inventory, wishes)
    if format_ == "json":
        text = _entries(found, repositories)
        written = _write(write, text) if write and text else None
        click.echo(render_adoption_json(found, text, written), nl=False)
        return
    print_report(render_adoption(found), lambda plain: _HEAD.sub(_bold, plain))
    if write is not None:
        click.echo("\n" + _wrote(write, _entries(found, repositories), files), nl=False)


def _check_format(format_: str, *, has_files: bool, is_compared: bool) -> None:
    """Refuse a format that what is printed does not have."""
    if format_ == "markdown" and not is_compared:
        raise click.UsageError("`--format markdown` is for what `--synthesized` finds.")
    if format_ == "json" and not has_files:
        raise click.UsageError("`--format json` is for what FILES say; the commands are text.")


def _entries(found: Adoption, repositories: Mapping[str, str]) -> str | None:
    """Return the text of the file; None where no role is taken over."""
    return environments_text(found, repositories) if found.roles else None


def _compare(inventory: Inventory, folder: Path, format_: str) -> None:
    """Print what would change; anything that is destroyed fails."""
    with no_collection(), progress_line():
        changes = find_changes(inventory, folder)
        text = _OF_CHANGES[format_](changes)
    if format_ == "text":
        print_report(text, lambda plain: _HEAD.sub(_bold, plain))
    else:
        click.echo(text, nl=False)
    if changes.destroyed:
        click.get_current_context().exit(FOUND)


def _bold(found: re.Match[str]) -> str:
    return click.style(found[0], bold=True)


def _write(folder: Path, text: str) -> tuple[Path, bool]:
    """
    Write the entries; a file that is there is never changed.

    Returns:
        The file that has them, and whether it is new.
    """
    folder.mkdir(parents=True, exist_ok=True)
    own, beside = folder / _OWN, folder / _BESIDE
    path = beside if own.exists() and _differs(own, text) else own
    if not path.exists():
        write_file(path, text)
        return path, True
    if _differs(path, text):
        raise Fatal(f"{path} is there and different. Move it away, and write again.")
    return path, False


def _wrote(folder: Path, text: str | None, files: tuple[Path, ...]) -> str:
    """Write the entries, and say where they are and what comes next."""
    if text is None:
        return "Nothing is written: no role is taken over.\n"
    path, is_new = _write(folder, text)
    lines = [f"Wrote {path}" if is_new else f"Unchanged: {path}"]
    if path.name == _BESIDE:
        lines.append(
            f"  {folder / _OWN} is there and stays as it is: move the tables over by hand."
        )
    lines += [
        "Next, and nothing is applied by it:",
        "  python main.py",
        f"  deploy-access adopt {shlex.join(map(str, files))} --synthesized cdktf.out",
    ]
    return "".join(f"{line}\n" for line in lines)


def _differs(path: Path, text: str) -> bool:
    return read_given(path).decode(errors="replace").replace("\r\n", "\n") != text
