"""`deploy-access init`: write a new project, from its `environments.toml` to its workflows."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from deploy_access.commands.fatal import Fatal, InputCommand
from deploy_access.commands.written_file import write_file
from deploy_access.errors import InvalidValue, Problem
from deploy_access.extras import require_extra
from deploy_access.new_project.facts import CHECKS, EXAMPLE, ProjectFacts
from deploy_access.new_project.files import project_files
from deploy_access.new_project.git_remote import repository_of_folder
from deploy_access.new_project.next_steps import how_found, next_steps
from deploy_access.terraform.stacks import read_stacks
from deploy_access.workflow.deployer_reader import read_deployers
from deploy_access.workflow.infra_workflows import plan_infra
from deploy_access.workflow.options import Options
from deploy_access.workflow.output import render_infra_files

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

_MEANINGS = {
    "repository": "The repository of the project on GitHub, OWNER/NAME.",
    "owner_id": "GitHub's number of its owner.",
    "repo_id": "GitHub's number of the repository.",
    "account": "The AWS account, twelve digits.",
    "region": "The region of its stacks.",
    "environment": "What the account and the first environment are called.",
    "service": "The repository of the first service, of the same owner.",
    "service_id": "GitHub's number of that repository.",
}
# Who knows no more than these five can begin; the others are names that one chooses.
_ASKED = ("repository", "owner_id", "repo_id", "account", "region")
_IGNORED = ".gitignore"
_MADE_BY = "deploy-access workflow --infra"


class _Fact(click.ParamType[str]):
    """A fact that is checked where it is given: on the command line, or as an answer."""

    name = "text"

    def __init__(self, fact: str) -> None:
        self._fact = fact

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Refuse what GitHub or AWS cannot have."""
        problems = [str(problem) for problem in CHECKS[self._fact](value)]
        if problems:
            self.fail("\n".join(problems), param, ctx)
        return str(value)


def _fact_options(command: Callable[..., None]) -> Callable[..., None]:
    for name, meaning in reversed(_MEANINGS.items()):
        flag = f"--{name.replace('_', '-')}"
        command = click.option(flag, type=_Fact(name), metavar="TEXT", help=meaning)(command)
    return command


@click.command(cls=InputCommand)
@click.argument(
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="[DIR]",
    default=Path(),
)
@_fact_options
@click.option("--yes", is_flag=True, help="Ask nothing: what is not given is an example's.")
def command(*, folder: Path, yes: bool, **given: str | None) -> None:
    """
    Write a new project into DIR: `environments.toml`, its program, a test and its workflows.

    In a terminal it asks for what is not given; owner and name are taken from `git remote`. An
    example's value stands in for what is not said, and is marked with `# REPLACE`. No file is
    changed: when one is there, nothing is written.
    """
    require_extra("constructs")
    known = {name: value for name, value in given.items() if value}
    known = {"repository": repository_of_folder(folder), **known}
    if not yes and sys.stdin.isatty():
        _ask(known)
    facts = ProjectFacts(**known)
    files = project_files(facts)
    ignored = files.pop(_IGNORED) if (folder / _IGNORED).exists() else ""
    files |= _workflows(files)
    _refuse_existing(folder, files)
    _write(folder, files)
    click.echo(next_steps(facts, folder, files, ignored=ignored.split()), nl=False)


def _ask(known: dict[str, str]) -> None:
    """Ask for what is not known; who presses Enter takes the example's value."""
    for name in _ASKED:
        if not known.get(name):
            how = how_found(name, ProjectFacts(**known))
            question = _MEANINGS[name].rstrip(".") + (f" ({how})" if how else "")
            answer: str = click.prompt(question, EXAMPLE[name], type=_Fact(name), err=True)
            known[name] = "" if answer == EXAMPLE[name] else answer


def _refuse_existing(folder: Path, files: Mapping[str, str]) -> None:
    there = [name for name in files if os.path.lexists(folder / name)]
    if there:
        raise InvalidValue(
            Problem(
                what="Files of a new project are there already.",
                given=", ".join(sorted(there)),
                why="No file is changed here, so nothing was written.",
                fix="Name another folder, or move them away.",
            )
        )


def _workflows(files: Mapping[str, str]) -> dict[str, str]:
    """Return the workflows that fit what the project synthesizes, which it does here once."""
    with TemporaryDirectory() as name:
        draft = Path(name)
        _write(draft, files)
        environment = {k: v for k, v in os.environ.items() if k != "CDKTF_OUTDIR"}
        done = subprocess.run(
            [sys.executable, "main.py"],
            check=False,
            capture_output=True,
            text=True,
            cwd=draft,
            env=environment,
        )
        if done.returncode:
            raise Fatal(f"The project would not synthesize.\n{done.stderr.strip()}")
        out = draft / "cdktf.out"
        planned, _ = plan_infra(read_deployers(out), read_stacks(out), Options.of())
    made = render_infra_files(planned, _MADE_BY)
    return {f".github/{path}": text for path, text in made.items()}


def _write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write_file(folder / name, text)
