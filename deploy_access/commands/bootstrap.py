"""`deploy-access bootstrap`: write the stack that an account needs before all others."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from deploy_access.bootstrap.plan import (
    BootstrapOptions,
    check_boundary,
    check_principal,
    plan_bootstrap,
)
from deploy_access.bootstrap.stack import FILE, render_stack
from deploy_access.commands.fatal import Fatal, InputCommand
from deploy_access.commands.progress_line import progress_line
from deploy_access.input_file import read_given
from deploy_access.terraform.reader import read_estate
from deploy_access.terraform.stacks import read_stacks
from deploy_access.visible_text import escaped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from deploy_access.bootstrap.plan import Bootstrap
    from deploy_access.bootstrap.roles import BootstrapRole
    from deploy_access.errors import Problem


def _check_trusted(
    _: click.Context, __: click.Parameter, value: tuple[str, ...]
) -> tuple[str, ...]:

    _refuse(problem for arn in value for problem in check_principal(arn))
    return value


def _check_boundary(_: click.Context, __: click.Parameter, value: str | None) -> str | None:

    _refuse(check_boundary(value) if value is not None else ())
    return value


def _refuse(problems: Iterable[Problem]) -> None:
    """Report problems of an option's value as wrong usage."""
    found = "\n".join(str(problem) for problem in problems)
    if found:
        raise click.BadParameter(found)


@click.command(cls=InputCommand)
@click.argument("account")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("cdktf.out"),
    show_default=True,
    help="Where the synthesized stacks are.",
)
@click.option(
    "--write",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where to write the stack.  [default: bootstrap/ACCOUNT]",
)
@click.option("--force", is_flag=True, help="Overwrite a file that is different.")
@click.option(
    "--trusted",
    multiple=True,
    metavar="ARN",
    callback=_check_trusted,
    help="Who may assume the role, beside the role that applies; several times for several.  "
    "[default: the account, where no role applies]",
)
@click.option(
    "--permissions-boundary",
    metavar="ARN",
    callback=_check_boundary,
    help="Let the role write only to roles that have this boundary.",
)
@click.option(
    "--bucket/--no-bucket",
    default=None,
    help="Whether the state bucket belongs to this account.  [default: read off the stacks]",
)
def command(
    account: str,
    *,
    out: Path,
    write: Path | None,
    force: bool,
    trusted: tuple[str, ...],
    permissions_boundary: str | None,
    bucket: bool | None,
) -> None:
    """
    Write the stack that ACCOUNT needs before all others.

    It makes the bucket that holds the states and the role that Terraform assumes. Apply it once,
    as an administrator of the account.
    """
    wishes = BootstrapOptions(trusted=trusted, boundary=permissions_boundary, bucket=bucket)
    with progress_line():
        plan = plan_bootstrap(account, read_stacks(out), wishes, read_estate(out))
    folder = write or Path("bootstrap", account)
    if plan.bucket or plan.roles:
        done = _write(folder / FILE, render_stack(plan), force=force)
        click.echo(f"{done} {folder / FILE}, for account {plan.account}:")
    else:
        click.echo(f"There is nothing to bootstrap in account {plan.account}.")
    _print_plan(plan, folder)


def _write(path: Path, text: str, *, force: bool) -> str:
    """Write *text* unless another text is there; return the word for what was done."""
    if path.exists():
        if read_given(path).decode(errors="replace").replace("\r\n", "\n") == text:
            return "Unchanged:"
        if not force:
            raise Fatal(f"{path} is there and different. Compare them, then say `--force`.")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return "Wrote"


def _print_plan(plan: Bootstrap, folder: Path) -> None:
    for line in _plan_lines(plan, folder):
        click.echo(escaped(line))


def _plan_lines(plan: Bootstrap, folder: Path) -> Iterator[str]:
    if plan.bucket:
        yield f"  the state bucket {plan.bucket.name} in {plan.region}"
    for role in plan.roles:
        later = [f"{one.arn}, once it is there" for one in role.applied_by]
        callers = " and by ".join([*filter(None, [", ".join(role.trusted)]), *later])
        yield f"  the role {role.arn}, which may be assumed by {callers}"
    for note in plan.notes:
        yield f"Note: {note}"
    if plan.bucket or plan.roles:
        yield f"Next, as an administrator of account {plan.account}:"
        yield f"  terraform -chdir={folder} init"
        yield f"  terraform -chdir={folder} apply"
    for role in plan.roles[:1]:
        yield from _first_deploy(role)


def _first_deploy(role: BootstrapRole) -> Iterator[str]:
    """Say who makes the first deploy, where the role that applies is made by it."""
    stacks = sorted({one.stack for one in role.applied_by if one.stack})
    if not stacks:
        return
    applies = ", ".join(one.arn for one in role.applied_by)
    person = " or ".join(role.trusted) or "the person that `--trusted` names"
    yield f"Then once, as {person}:"
    yield f"  npx cdktf deploy {' '.join(stacks)}"
    yield f"From then on {applies} applies."
