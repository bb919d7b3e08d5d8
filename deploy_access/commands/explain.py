"""`deploy-access explain`: which roles a workflow run may assume, or why not."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from deploy_access.commands.collection import no_collection
from deploy_access.commands.explain_events import (
    check_events,
    explain_events,
    read_since,
)
from deploy_access.commands.fatal import InputCommand
from deploy_access.commands.policy_option import PolicyFile, check_stdin, reads_stdin
from deploy_access.commands.progress_line import progress_line
from deploy_access.commands.terminal import print_report
from deploy_access.errors import InvalidValue, reject
from deploy_access.explain.decide import explain_run
from deploy_access.explain.log_answer import explain_log, has_refused_sign_in
from deploy_access.github.cloudtrail import where_the_event_is
from deploy_access.github.flags import Wanted, check_issuer, describe_run
from deploy_access.github.issuer import GITHUB_HOST
from deploy_access.github.job_log import read_job_log
from deploy_access.github.run import AUDIENCE
from deploy_access.github.token import looks_encoded, read_token
from deploy_access.iam.arns import Arn
from deploy_access.input_file import STDIN, read_given, shown_name
from deploy_access.input_kinds import inputs_help
from deploy_access.report.explain_json import render_json, render_log_json
from deploy_access.report.explain_text import render_text
from deploy_access.report.log_answer_text import render_log_answer
from deploy_access.terraform.reader import read_estate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from deploy_access.github.job_log import JobLog
    from deploy_access.github.run import Run
    from deploy_access.terraform.named_file import NamedFile

DENIED = 10
_COLOURS = {"allowed": "green", "denied": "red", "unknown": "yellow", "FAIL": "red", "^": "red"}
_COLOURED = re.compile(
    r"^(allowed|denied|unknown)(?=[:\[])|(?<=^  )FAIL(?= )|(?<=  )\^$", re.MULTILINE
)


class _Flags(TypedDict):
    """The options that describe a run, by their names in `Wanted`."""

    branch: str | None
    tag: str | None
    environment: str | None
    pull_request: bool
    workflow_ref: str | None
    owner_id: int | None
    repo_id: int | None
    audience: str
    issuer: str
    claim: tuple[str, ...]
    claim_keys: tuple[str, ...]


def _parse_keys(_: click.Context, __: click.Parameter, value: str | None) -> tuple[str, ...]:
    return tuple(key.strip() for key in value.split(",")) if value else ()


@click.command(cls=InputCommand, epilog=inputs_help("explain"))
@click.option(
    "--event",
    metavar="FILE",
    multiple=True,
    help="CloudTrail: an event or many, a `.json.gz` of its bucket, a folder of them, what "
    "`lookup-events` prints, JSON lines; several times for several; `-` reads stdin.",
)
@click.option(
    "--since",
    metavar="TIME",
    callback=read_since,
    help="  no older events: a date, a time in UTC, or `7d`, `24h`.",
)
@click.option("--token", metavar="FILE", help="A token, encoded or as JSON; `-` reads stdin.")
@click.option(
    "--error",
    metavar="TEXT",
    help="The red lines of a run's log: the text, a file, or `-` for stdin. A refused sign-in "
    "needs `--repo` and what follows it too.",
)
@click.option("--repo", metavar="OWNER/NAME", help="A run in this repository, described by:")
@click.option("--branch", help="  the branch that it is on,")
@click.option("--tag", help="  or the tag,")
@click.option("--pull-request", is_flag=True, help="  or that a pull request started it,")
@click.option("--environment", help="  what its job has as `environment:`,")
@click.option("--workflow-ref", metavar="REF", help="  OWNER/REPO/.github/workflows/FILE@REF,")
@click.option("--owner-id", type=click.IntRange(1), help="  GitHub's number for the owner,")
@click.option("--repo-id", type=click.IntRange(1), help="  and for the repository,")
@click.option(
    "--claim", metavar="NAME=VALUE", multiple=True, help="  any other claim of its token,"
)
@click.option(
    "--claim-keys",
    metavar="KEY,...",
    callback=_parse_keys,
    help="  its repository's `include_claim_keys`,",
)
@click.option("--audience", default=AUDIENCE, show_default=True, help="  its `aud`,")
@click.option("--issuer", default=f"https://{GITHUB_HOST}", show_default=True, help="  its `iss`.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Where the synthesized stacks are.  [default: cdktf.out]",
)
@click.option(
    "--policy",
    type=PolicyFile(),
    multiple=True,
    metavar="[OWNER=]FILE",
    help="A folder of `.tf` and `.tf.json` files, one of these, a plan, what `aws iam get-role` "
    "prints, or a trust policy; several times for several; `-` reads stdin. `ARN=FILE` and "
    "`ROLE=FILE` say whose policy it is where AWS's answer does not.",
)
@click.option("--role", metavar="NAME", help="Look at this role only: its name or ARN.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print it.",
)
@click.pass_context
def command(
    context: click.Context,
    *,
    event: tuple[str, ...],
    since: datetime | None,
    token: str | None,
    error: str | None,
    repo: str | None,
    out: Path | None,
    policy: tuple[NamedFile | Path, ...],
    role: str | None,
    form: str,
    **flags: Unpack[_Flags],
) -> None:
    """
    Say which roles a workflow run may assume, or why not.

    The run is a CloudTrail event, a token, the error in a log, or described by `--repo` and what
    follows it. Exits with 0 when a role lets it in, and with 10 when none does or AWS refused it.
    """
    _check_sources(context, event, token, error, repo)
    check_events(event, since)
    _check_stdin((*event, token, error), out, policy)
    if error is not None:
        with no_collection(), progress_line():
            log = read_job_log(_read_error(error))
            run = _run_of_log(context, log, repo, flags) if has_refused_sign_in(log) else None
            answer = explain_log(log, run, read_estate(*_places(out, policy)), role)
        _print(render_log_json(answer) if form == "json" else render_log_answer(answer), form)
        context.exit(DENIED)
    with no_collection(), progress_line():
        if event:
            text, is_refused = explain_events(event, since, _places(out, policy), role, form)
        else:
            run = _run(token, repo, flags)
            found = explain_run(run, read_estate(*_places(out, policy)), role)
            text = render_json([found]) if form == "json" else render_text(found)
            is_refused = found.is_refused
    _print(text, form)
    context.exit(DENIED if is_refused else 0)


def _print(text: str, form: str) -> None:
    if form == "text":
        print_report(text, lambda plain: _COLOURED.sub(_colour, plain))
    else:
        click.echo(text, nl=False)


def _check_sources(
    context: click.Context,
    event: tuple[str, ...],
    token: str | None,
    error: str | None,
    repo: str | None,
) -> None:
    """Refuse several runs at once, and flags without the run that they describe."""
    # A log holds no claims, so `--repo` describes the run that it is of.
    described = repo if error is None else error
    given = [source for source in (event or None, token, described) if source is not None]
    if len(given) != 1:
        raise click.UsageError(
            "Give the run as one of `--event`, `--token`, `--error` and `--repo`."
        )
    if token is not None and looks_encoded(token):
        raise click.UsageError("`--token` takes a file; a token on the command line is seen.")
    if repo is not None or error is not None:
        return
    for name in _Flags.__annotations__:
        # Options with a default are set always, so only those of the command line count.
        if context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE:
            raise click.UsageError(f"`--{name.replace('_', '-')}` describes a run of `--repo`.")


def _check_stdin(
    sources: Sequence[str | None], out: Path | None, policy: tuple[NamedFile | Path, ...]
) -> None:
    check_stdin(_places(out, policy), "--policy -")
    if STDIN in sources and reads_stdin(policy):
        raise click.UsageError("The standard input is read once: `-` is the run or the policy.")


def _read_error(given: str) -> str:
    """Return the text of a log: it is given itself, as a file, or on the standard input."""
    is_file = given == STDIN or ("\n" not in given and Path(given).is_file())
    return read_given(given).decode("utf-8", "replace") if is_file else given


def _run_of_log(context: click.Context, log: JobLog, repo: str | None, flags: _Flags) -> Run:
    """Describe the run that a log is of: the log names its role, the flags say the rest."""
    repository = repo or log.repository
    if repository is None:
        raise click.UsageError(
            "A log does not say what the token held: add `--repo OWNER/NAME`, and `--branch`, "
            "`--tag`, `--pull-request` or `--environment` as the run and its job have them."
        )
    if context.get_parameter_source("audience") is not click.core.ParameterSource.COMMANDLINE:
        flags = {**flags, "audience": log.audience or flags["audience"]}
    run = _run(None, repository, flags)
    asked = log.role if log.role and Arn.parse(log.role) else None
    notes = (*run.notes, where_the_event_is(log.region))
    return replace(run, role_arn=asked, duration=log.duration, error="AccessDenied", notes=notes)


def _run(token: str | None, repo: str | None, flags: _Flags) -> Run:
    if token is not None:
        return read_token(read_given(token), shown_name(token))
    wanted = Wanted(repo=repo or "", **flags)
    try:
        reject(check_issuer(wanted))
        return describe_run(wanted)
    except InvalidValue as error:
        raise click.UsageError(str(error)) from error


def _places(out: Path | None, policy: tuple[NamedFile | Path, ...]) -> list[NamedFile | Path]:
    """List the inputs: the default folder is not read where files are named."""
    if out is None:
        return list(policy) or [Path("cdktf.out")]
    return [out, *policy]


def _colour(found: re.Match[str]) -> str:
    return click.style(found[0], fg=_COLOURS[found[0]])
