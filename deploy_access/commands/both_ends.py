"""The options of `audit` about workflows, and what is found with them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import click

from deploy_access.audit.estate_audit import audit_estate
from deploy_access.errors import InvalidValue, reject
from deploy_access.github.checkout import repository_of
from deploy_access.github.flags import Wanted, check_issuer, describe_run

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from deploy_access.audit.report_model import Audit
    from deploy_access.terraform.estate import Estate


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowOptions:
    """
    What the command line says of workflows.

    Attributes:
        paths: The files and folders.
        repo: `OWNER/NAME`, or None.
        owner_id: GitHub's number for the owner, or None.
        repo_id: GitHub's number for the repository, or None.
        variables: What variables and secrets are.
    """

    paths: tuple[Path, ...]
    repo: str | None
    owner_id: int | None
    repo_id: int | None
    variables: Mapping[str, str]


def parse_variables(
    _: click.Context, __: click.Parameter, value: tuple[str, ...]
) -> Mapping[str, str]:
    """Parse `NAME=VALUE`."""
    found = [text.partition("=") for text in value]
    wrong = [name for name, equals, text in found if not (name and equals and text)]
    if wrong:
        raise click.BadParameter(f"Say what it is: {wrong[0] or 'NAME'}=VALUE.")
    return {name: text for name, _equals, text in found}


def check_options(options: WorkflowOptions) -> None:
    """Refuse options without the workflows that they are about."""
    given = {
        "--repo": options.repo,
        "--owner-id": options.owner_id,
        "--repo-id": options.repo_id,
        "--var": options.variables or None,
    }
    for flag, value in given.items():
        if value is not None and not options.paths:
            raise click.UsageError(f"`{flag}` is about the workflows of `--workflows`.")


def audit_both(
    estate: Estate, accept: Mapping[str, str], options: WorkflowOptions, today: date | None = None
) -> Audit:
    """Audit the roles, and the workflows with them where there are some."""
    if not options.paths:
        return audit_estate(estate, accept, today=today)
    # YAML takes its time, and only workflows need it.
    from deploy_access.workflow_audit.audit import audit_workflows  # noqa: PLC0415
    from deploy_access.workflow_audit.reader import read_workflows  # noqa: PLC0415

    repo = _repository(options)
    workflows = read_workflows(options.paths, options.variables)
    found = audit_workflows(workflows, estate, repo)
    whole = replace(estate, problems=(*estate.problems, *found.problems))
    audit = audit_estate(whole, accept, also=found.hits, today=today)
    return replace(audit, workflows=workflows.files, sign_ins=found.sign_ins)


def _repository(options: WorkflowOptions) -> Wanted | None:
    name = options.repo or repository_of(options.paths[0])
    if name is None:
        return None
    wanted = Wanted(repo=name, owner_id=options.owner_id, repo_id=options.repo_id)
    try:
        reject(check_issuer(wanted))
        describe_run(replace(wanted, pull_request=True))
    except InvalidValue as error:
        raise click.UsageError(str(error)) from error
    return wanted
