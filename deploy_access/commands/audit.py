"""`deploy-access audit`: find what is wrong with who may assume roles, and what they may do."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack, cast

import click

from deploy_access.acceptance import day_of
from deploy_access.audit.catalogue import CATALOGUE
from deploy_access.audit.estate_audit import RANKS
from deploy_access.commands.baseline import against_baseline
from deploy_access.commands.both_ends import (
    WorkflowOptions,
    audit_both,
    check_options,
    parse_variables,
)
from deploy_access.commands.collection import no_collection
from deploy_access.commands.fatal import InputCommand
from deploy_access.commands.policy_option import PolicyFile, check_stdin
from deploy_access.commands.progress_line import progress_line
from deploy_access.commands.terminal import print_report
from deploy_access.errors import InvalidValue, did_you_mean
from deploy_access.input_kinds import inputs_help
from deploy_access.report.audit_json import render_audit_json
from deploy_access.report.audit_markdown import render_audit_markdown
from deploy_access.report.audit_sarif import render_audit_sarif
from deploy_access.report.audit_text import render_audit_text
from deploy_access.terraform.estate import Estate
from deploy_access.terraform.file_lines import line_of
from deploy_access.terraform.reader import read_estate

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from deploy_access.audit.catalogue import Severity
    from deploy_access.audit.report_model import Audit
    from deploy_access.terraform.named_file import NamedFile

FINDINGS = 10
"""The exit code when there are findings."""
_DEFAULT = Path("cdktf.out")


def _render_sarif(audit: Audit) -> str:
    return render_audit_sarif(audit, line_of)


_RENDERERS: Mapping[str, Callable[[Audit], str]] = {
    "text": render_audit_text,
    "markdown": render_audit_markdown,
    "json": render_audit_json,
    "sarif": _render_sarif,
}
_COLOURS = {"error": "red", "warning": "yellow", "note": "cyan", "accepted": "green"}
_HEAD = re.compile(rf"^({'|'.join(_COLOURS)})\[[a-z-]+\]", re.MULTILINE)


class _OfWorkflows(TypedDict):
    """The options about workflows, by their names in `WorkflowOptions`."""

    repo: str | None
    owner_id: int | None
    repo_id: int | None
    variables: Mapping[str, str]


def _parse_accept(
    _: click.Context, __: click.Parameter, value: tuple[str, ...]
) -> Mapping[str, str]:
    """Parse `RULE=REASON`; an unknown rule or an empty reason is wrong usage."""
    accept: dict[str, str] = {}
    for text in value:
        rule, _equals, reason = text.partition("=")
        if rule not in CATALOGUE:
            hint = did_you_mean(rule, CATALOGUE)
            raise click.BadParameter(f"There is no rule {rule!r}. {hint}".rstrip())
        if not reason.strip():
            raise click.BadParameter(f"Say why: --accept '{rule}=<reason>'.")
        accept[rule] = reason.strip()
    return accept


def _parse_day(_: click.Context, __: click.Parameter, value: str | None) -> date | None:
    """Parse a date; anything else is wrong usage."""
    try:
        return None if value is None else day_of(value)
    except InvalidValue:
        raise click.BadParameter(f"{value!r} is no day such as 2027-01-31.") from None


@click.command(cls=InputCommand, epilog=inputs_help("audit"))
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--policy",
    "policies",
    multiple=True,
    type=PolicyFile(),
    metavar="[OWNER=]FILE",
    help="A `.tf` or `.tf.json`, a plan, what `aws iam get-...` prints, or a policy; `-`: stdin. "
    "`ARN=FILE` and `ROLE=FILE` say whose policy it is where AWS's answer does not.",
)
@click.option(
    "--workflows",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="GitHub's workflows: a file, or a folder such as `.github/workflows`. With them:",
)
@click.option("--repo", metavar="OWNER/NAME", help="  their repository; else git's `origin`,")
@click.option("--owner-id", type=click.IntRange(1), help="  GitHub's number for the owner,")
@click.option("--repo-id", type=click.IntRange(1), help="  and for the repository,")
@click.option(
    "--var",
    "variables",
    multiple=True,
    metavar="NAME=VALUE",
    callback=parse_variables,
    help="  what a variable, a secret or an input is that they name.",
)
@click.option(
    "--accept",
    multiple=True,
    metavar="RULE=REASON",
    callback=_parse_accept,
    help="Accept what a rule finds, and say why; several times for several rules.",
)
@click.option(
    "--baseline",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Fail on findings alone that are not in this file.",
)
@click.option("--write-baseline", is_flag=True, help="Write what is found into that file first.")
@click.option(
    "--today",
    metavar="DATE",
    callback=_parse_day,
    help="The day on which acceptances count or are over.  [default: the current one, in UTC]",
)
@click.option(
    "--fail-on",
    type=click.Choice(list(RANKS)),
    default="warning",
    show_default=True,
    help="The mildest finding for which the exit code is 10.",
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
    policies: tuple[NamedFile | Path, ...],
    workflows: tuple[Path, ...],
    accept: Mapping[str, str],
    baseline: Path | None,
    write_baseline: bool,
    today: date | None,
    fail_on: str,
    format_: str,
    **of_workflows: Unpack[_OfWorkflows],
) -> None:
    """
    Find what is wrong with the roles in PATHS, by default `cdktf.out`.

    A path is a folder of synthesized stacks, a folder of `.tf` and `.tf.json` files, one of
    these, a plan, what `aws iam get-role` prints, or a policy by itself; `-` is the standard
    input. With `--workflows`, also what is wrong with the jobs that ask for the roles.
    """
    if write_baseline and baseline is None:
        raise click.UsageError("`--write-baseline` writes the file that `--baseline FILE` names.")
    options = WorkflowOptions(paths=workflows, **of_workflows)
    check_options(options)
    with no_collection():
        with progress_line():
            estate = _read((*paths, *policies), has_workflows=bool(workflows))
            audit = audit_both(estate, accept, options, today)
        if baseline is not None:
            audit = against_baseline(audit, baseline, write=write_baseline)
        text = _RENDERERS[format_](audit)
    if format_ == "text":
        print_report(text, lambda plain: _HEAD.sub(_colour, plain))
    else:
        click.echo(text, nl=False)
    # Accepted and known findings are not among these, so they never fail.
    worst = min((RANKS[placed.finding.severity] for placed in audit.findings), default=len(RANKS))
    if worst <= RANKS[cast("Severity", fail_on)]:
        click.get_current_context().exit(FINDINGS)


def _read(places: tuple[NamedFile | Path, ...], *, has_workflows: bool) -> Estate:
    if not places and has_workflows and not _DEFAULT.exists():
        return Estate()  # much is wrong with workflows whatever the roles are
    check_stdin(places, "-")
    return read_estate(*(places or (_DEFAULT,)))


def _colour(found: re.Match[str]) -> str:
    return click.style(found[0], fg=_COLOURS[found[1]], bold=True)
