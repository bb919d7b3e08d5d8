"""`deploy-access review`: say what a change would do to access and to what holds data."""

from __future__ import annotations

import re
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from deploy_access.commands.collection import no_collection
from deploy_access.commands.fatal import InputCommand
from deploy_access.commands.progress_line import progress_line
from deploy_access.commands.terminal import print_report
from deploy_access.commands.written_file import write_file
from deploy_access.errors import Problem, reject
from deploy_access.input_file import STDIN
from deploy_access.input_kinds import inputs_help
from deploy_access.report.access_analyzer_script import render_access_analyzer_script
from deploy_access.report.review_json import render_review_json
from deploy_access.report.review_markdown import render_review_markdown
from deploy_access.report.review_text import render_review_text
from deploy_access.review.compare import review
from deploy_access.review.new_access_check import new_access_checks
from deploy_access.terraform.sources import NONE
from deploy_access.visible_text import escaped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from deploy_access.git_sides.sides import GitSides
    from deploy_access.review.model import Review

FOUND = 10
"""The exit code when a condition of `--fail-on` holds."""
_RENDERERS: Mapping[str, Callable[[Review], str]] = {
    "text": render_review_text,
    "markdown": render_review_markdown,
    "json": render_review_json,
    "access-analyzer": lambda found: render_access_analyzer_script(
        new_access_checks(*found.sides) if found.sides else ()
    ),
}
_BY_SUFFIX = {".txt": "text", ".md": "markdown", ".json": "json"}
_CONDITIONS: Mapping[str, Callable[[Review], bool]] = {
    "widened": lambda found: bool(found.widened),
    "destroyed": lambda found: bool(found.destroyed),
    "data": lambda found: any(change.holds_data for change in found.destroyed),
    "findings": lambda found: any(p.finding.severity != "note" for p in found.new_findings),
    "notices": lambda found: bool(found.notices),
    "unread": lambda found: bool(found.new_problems),
}
# What git takes as a revision and few files are called: `main`, `origin/main`, `HEAD~1`.
_REVISION = re.compile(r"[\w@{}^~-]+(?:/[\w@{}^~-]+)*")
_LOOKS = {"+": "yellow", "-": "red", "~": "cyan"}
_LINE = re.compile(r"^(\S.*|    ([+~-]) .*)$", re.MULTILINE)


def _check_outputs(
    _: click.Context, __: click.Parameter, value: tuple[Path, ...]
) -> tuple[Path, ...]:
    """Refuse a file whose suffix names no format."""
    for path in value:
        if path.suffix not in _BY_SUFFIX:
            known = ", ".join(f"`{suffix}` ({name})" for suffix, name in _BY_SUFFIX.items())
            raise click.BadParameter(f"{str(path)!r} has none of the endings {known}.")
    return value


@click.command(cls=InputCommand, epilog=inputs_help("review"))
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[BASE HEAD]")
@click.option(
    "--git",
    metavar="REVISION",
    help="Synthesize both sides: this revision, and the working tree as it is. `main...` is where "
    "the branch left `main`. It runs the programs of both.",
)
@click.option(
    "--synth",
    metavar="COMMAND",
    help="  the program that synthesizes; without it the `app` of `cdktf.json`.",
)
@click.option(
    "--plan",
    "plans",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="What `terraform show -json` prints of a plan; several times for several stacks.",
)
@click.option(
    "--fail-on",
    multiple=True,
    type=click.Choice(list(_CONDITIONS)),
    help="Exit with 10 if it holds; several times for several. Without it nothing fails.",
)
@click.option(
    "--output",
    "outputs",
    multiple=True,
    type=click.Path(path_type=Path),
    callback=_check_outputs,
    metavar="FILE",
    help="Write it to a `.md`, `.json` or `.txt` too; several times for several.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(list(_RENDERERS)),
    default="text",
    show_default=True,
    help="How to print it.",
)
def command(
    *,
    paths: tuple[Path, ...],
    git: str | None,
    synth: str | None,
    plans: tuple[Path, ...],
    fail_on: tuple[str, ...],
    outputs: tuple[Path, ...],
    format_: str,
) -> None:
    """
    Say what the change from BASE to HEAD would do: who can do more, what would be destroyed.

    Both are what `deploy-access audit` reads too: folders of synthesized stacks, folders of
    `.tf` and `.tf.json` files, single ones of these, or plans. With `--git` alone, they are the
    stacks of a revision and of the working tree. With `--plan` alone, they are what the plans
    say is there before and after.
    """
    _check_sides(paths, git, synth, plans)
    # All outputs are written before the first condition decides about the exit code.
    with no_collection(), progress_line(), _sides(paths, git, synth) as sides:
        found = review(sides.base, sides.head, plans)
        for path in outputs:
            write_file(path, _RENDERERS[_BY_SUFFIX[path.suffix]](found))
        text = _RENDERERS[format_](found)
    for note in sides.notes:
        click.echo(f"note: {escaped(note)}", err=True)
    if format_ == "text":
        print_report(text, lambda plain: _LINE.sub(_colour, plain))
    else:
        click.echo(text, nl=False)
    if any(_CONDITIONS[name](found) for name in fail_on):
        click.get_current_context().exit(FOUND)


def _check_sides(
    paths: Sequence[Path], git: str | None, synth: str | None, plans: Sequence[Path]
) -> None:
    if synth is not None and git is None:
        raise click.UsageError("`--synth` says how `--git REVISION` synthesizes.")
    if git is not None and paths:
        raise click.UsageError("`--git` makes both sides: name no BASE and HEAD beside it.")
    if len(paths) not in {0, 2} or not (paths or plans or git is not None):
        raise click.UsageError("Name a base and a head, `--git REVISION`, or `--plan FILE` alone.")
    if [*map(str, (*paths, *plans))].count(STDIN) > 1:
        raise click.UsageError("The standard input is read once: only one file is `-`.")
    reject(problem for path in paths for problem in _check_side(str(path)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    """The two sides as the command line names them; None where plans say both."""

    base: Path | None
    head: Path | None
    notes: tuple[str, ...] = ()


def _sides(
    paths: Sequence[Path], git: str | None, synth: str | None
) -> AbstractContextManager[GitSides | _Named]:
    if git is not None:
        # Only this way needs the room that runs programs.
        from deploy_access.git_sides.sides import git_sides  # noqa: PLC0415

        return git_sides(Path.cwd(), git, synth)
    base, head = paths or (None, None)
    return nullcontext(_Named(base=base, head=head))


def _check_side(side: str) -> Iterator[Problem]:
    """Refuse what is no file but may be a revision of git, which people name here first."""
    if not Path(side).exists() and _REVISION.fullmatch(side) and side not in {STDIN, NONE}:
        yield Problem(
            what="BASE and HEAD are folders of synthesized stacks, or files.",
            given=side,
            why="No file has this name, and a revision of git is no folder.",
            fix=f"`--git {side}` synthesizes that revision, and compares the working tree with it.",
        )


def _colour(found: re.Match[str]) -> str:
    return click.style(found[0], fg=_LOOKS.get(found[2]), bold=not found[2] or None)
