"""`deploy-access workflow`: write the GitHub Actions workflows that fit the roles."""

from __future__ import annotations

import re
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, TypedDict, Unpack, cast

import click

from deploy_access.report.workflow_text import render_refusals, render_remarks
from deploy_access.workflow.idle import idle_options
from deploy_access.workflow.option_checks import why_no_platform
from deploy_access.workflow.options import Options
from deploy_access.workflow.output import (
    compare_files,
    find_leftovers,
    print_files,
    render_files,
    write_files,
)
from deploy_access.workflow.plan import plan_workflows
from deploy_access.workflow.proof import prove
from deploy_access.workflow.read import read_deployers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from deploy_access.workflow.job import Workflow
    from deploy_access.workflow.proof import Proof

REFUSED = 10
"""The exit code when AWS would refuse what a job does, and when `--check` finds something."""
_REUSABLE = re.compile(
    r"[\w.-]+/[\w.-]+/\.github/workflows/[\w.-]+\.ya?ml@(refs/(heads|tags)/[\w./-]+|[0-9a-f]{40})"
)
_REPO = re.compile(r"[\w.-]+/[\w.-]+")
# What says where things are, not what the workflows are like.
_NOT_IN_HEAD = {"check", "out", "write"}


class _Flags(TypedDict):
    """The options that are those of `Options`."""

    repo: str | None
    roles: tuple[str, ...]
    environments: tuple[str, ...]
    services: tuple[str, ...]
    branches: tuple[str, ...]
    tags: tuple[str, ...]
    release: bool
    dispatch: bool
    containers: Mapping[str, str]
    definitions: Mapping[str, str]
    migrations: Mapping[str, str]
    appspec: str | None
    container_port: int | None
    context: str | None
    dockerfile: str | None
    platforms: tuple[str, ...]
    cache: bool
    subnets: tuple[str, ...]
    security_groups: tuple[str, ...]
    variables: bool
    composite: bool
    reusable: str | None
    minutes: int | None
    seconds: int | None


def _parse_named(
    _: click.Context, __: click.Parameter, value: tuple[str, ...]
) -> Mapping[str, str]:
    """Read `[NAME=]VALUE`; a name is that of a service or a family, so it holds no space."""
    found: dict[str, str] = {}
    for text in value:
        name, equals, rest = text.partition("=")
        named = bool(equals) and re.fullmatch(r"[\w-]+", name) is not None
        found[name if named else ""] = rest if named else text
    return found


def _check_reusable(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    if value is not None and not _REUSABLE.fullmatch(value):
        raise click.BadParameter(
            "Name it as OWNER/REPO/.github/workflows/FILE.yml@REF, and the ref in full: "
            "refs/heads/BRANCH, refs/tags/TAG or the commit."
        )
    return value


def _check_repo(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    if value is not None and not _REPO.fullmatch(value):
        raise click.BadParameter("Name it as OWNER/NAME.")
    return value


def _check_platforms(
    _: click.Context, __: click.Parameter, value: tuple[str, ...]
) -> tuple[str, ...]:
    wrong = [why for why in map(why_no_platform, value) if why is not None]
    if wrong:
        raise click.BadParameter("\n".join(wrong))
    return value


@click.command()
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("cdktf.out"),
    show_default=True,
    help="Where the synthesized stacks are.",
)
@click.option("--repo", callback=_check_repo, metavar="OWNER/NAME", help="Only this repository.")
@click.option("--role", "roles", multiple=True, metavar="NAME", help="Only this role; repeatable.")
@click.option(
    "--environment",
    "environments",
    multiple=True,
    metavar="NAME",
    help="Only this environment; several in the order in which they are deployed.",
)
@click.option("--service", "services", multiple=True, metavar="NAME", help="Only this ECS service.")
@click.option("--branch", "branches", multiple=True, help="Run on a push to this branch.")
@click.option("--tag", "tags", multiple=True, help="Run on a push of this tag, e.g. 'v*'.")
@click.option("--release", is_flag=True, help="Run when a release is published.")
@click.option("--dispatch", is_flag=True, help="Run when somebody starts it, too.")
@click.option(
    "--container",
    "containers",
    multiple=True,
    callback=_parse_named,
    metavar="[SERVICE=]NAME",
    help="The container that gets the image.  [default: the service's name]",
)
@click.option(
    "--task-definition",
    "definitions",
    multiple=True,
    callback=_parse_named,
    metavar="[SERVICE=]FILE",
    help="The file; {environment} and {service} are filled in.  [default: task-definition.json]",
)
@click.option(
    "--migration",
    "migrations",
    multiple=True,
    callback=_parse_named,
    metavar="[FAMILY=]COMMAND",
    help="What a task that runs once does.  [default: what its definition says]",
)
@click.option("--subnet", "subnets", multiple=True, help="Where that task runs; repeatable.")
@click.option("--security-group", "security_groups", multiple=True, help="And its groups.")
@click.option("--appspec", metavar="FILE", help="CodeDeploy's file.  [default: appspec.yaml]")
@click.option(
    "--container-port",
    type=click.IntRange(1, 65535),
    help="Write CodeDeploy's file, for this port.",
)
@click.option("--context", metavar="FOLDER", help="What is built.  [default: .]")
@click.option("--dockerfile", metavar="FILE", help="The Dockerfile.  [default: the folder's own]")
@click.option(
    "--platform",
    "platforms",
    multiple=True,
    callback=_check_platforms,
    help="For example linux/arm64; repeatable.",
)
@click.option("--cache", is_flag=True, help="Keep layers in the registry, as `buildcache`.")
@click.option("--variables", is_flag=True, help="GitHub variables in place of names and ARNs.")
@click.option("--composite", is_flag=True, help="Put the steps of a deployment into an action.")
@click.option(
    "--reusable",
    callback=_check_reusable,
    metavar="OWNER/REPO/.github/workflows/FILE@REF",
    help="Have the deployment in a workflow that others call.",
)
@click.option("--timeout", "minutes", type=click.IntRange(1, 360), help="Minutes a job may take.")
@click.option(
    "--session", "seconds", type=click.IntRange(900, 43200), help="Its session's seconds."
)
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
    **flags: Unpack[_Flags],
) -> None:
    """
    Write the GitHub Actions workflows that fit the roles.

    What the roles may do says what the workflows do, and whom they trust says when. Prints them;
    `--write .github` writes them, `--check .github` compares. Exits with 10 when a job could not
    assume its role or make a call that it needs, or when `--check` finds a difference or a file
    that is no longer made.
    """
    if write and check:
        raise click.UsageError("`--write` and `--check` exclude each other.")
    if flags["composite"] and flags["reusable"]:
        raise click.UsageError("`--composite` and `--reusable` exclude each other.")
    read, options = read_deployers(out), Options(**flags)
    workflows = plan_workflows(read.deployers, options)
    _refuse_what_does_nothing(workflows, options)
    proofs = [prove(workflow, read.estate) for workflow in workflows]
    _refuse_what_is_denied(ctx, proofs)
    files = render_files(workflows, _made_by(ctx))
    if check is not None:
        _check(ctx, files, check)
    elif write is not None:
        _write(ctx, files, write)
    else:
        click.echo(print_files(files), nl=False)
    if check is None:
        click.echo(render_remarks(proofs, read, out), err=True, nl=False)


def _refuse_what_does_nothing(workflows: Iterable[Workflow], options: Options) -> None:
    idle = idle_options(workflows, options)
    if idle:
        raise click.UsageError("\n".join(idle))


def _refuse_what_is_denied(context: click.Context, proofs: Iterable[Proof]) -> None:
    refusals = render_refusals(proofs)
    for text in refusals:
        click.echo(text, err=True)
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
    left = find_leftovers(files, _made_by(context), folder)
    return "".join(f"{folder / path} is no longer made: delete it.\n" for path in left)


def _made_by(context: click.Context) -> str:
    """Write the command with the options that decide what the files say."""
    words = ["deploy-access", "workflow"]
    for parameter in context.command.params:
        value = context.params.get(parameter.name or "")
        if isinstance(parameter, click.Option) and parameter.name not in _NOT_IN_HEAD and value:
            words += _option(parameter.opts[0], value)
    return " ".join(words)


def _option(name: str, value: object) -> list[str]:
    """Write an option as it was given; a mapping has what stood before and behind the `=`."""
    if value is True:
        return [name]
    if isinstance(value, dict):
        named = cast("dict[str, str]", value).items()
        given = [f"{key}={text}" if key else text for key, text in named]
    else:
        given = [str(one) for one in _values(value)]
    return [word for text in given for word in (name, quote(text))]


def _values(value: object) -> tuple[object, ...]:
    """Return the values of an option that may be given several times, or the one value."""
    return cast("tuple[object, ...]", value) if isinstance(value, tuple) else (value,)
