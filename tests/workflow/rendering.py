"""Workflows of the stacks of every kind, planned and rendered with options, and judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from judges.workflow_judges import (
    Found,
    check_schema,
    languageservice,
    zizmor,
)
from workflow_estate import CALLED_REF

from deploy_access.errors import InvalidValue
from deploy_access.workflow.options import Options
from deploy_access.workflow.output import render_files
from deploy_access.workflow.plan import plan_workflows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from deploy_access.workflow.deployer_reader import DeployerEstate
    from deploy_access.workflow.job import Workflow

REPOSITORIES = (
    *(
        "alike",
        "apart",
        "cached",
        "called",
        "check",
        "cross",
        "china",
        "audience",
        "usual",
        "deploy",
        "given",
        "migrating",
    ),
    *("migrating-apart", "promote", "push", "reading", "releases", "several", "shifting"),
    *("hinted", "monorepo", "requiring", "shifting-named", "tagging", "uneven"),
    *(
        "clusters",
        "enterprise",
        "mono",
        "once",
        "oneimage",
        "pulls",
        "pulls-too",
        "reads",
        "registries",
    ),
    *("server", "unknown"),
)


def plan(read: DeployerEstate, repository: str, **options: object) -> list[Workflow]:
    """Plan the workflows of a kind; the one that trusts a called workflow calls it."""
    if repository == "called":
        options = {**options, "reusable": CALLED_REF, "composite": False}
    return plan_workflows(read.deployers, Options.of(repo=f"acme/{repository}", **options))


def render_all(read: DeployerEstate, **options: object) -> dict[str, str]:
    """Render every kind, below a folder of its own; a kind that refuses the options is left out."""
    files: dict[str, str] = {}
    for repository in REPOSITORIES:
        try:
            found = render_files(plan(read, repository, **options), "deploy-access workflow")
        except InvalidValue:
            continue
        files |= {f"{repository}/.github/{path}": text for path, text in found.items()}
    return files


def judge(files: Mapping[str, str], folder: Path) -> list[Found]:
    """Let every judge read the files."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    known = {name: text for name, text in files.items() if "appspec" not in name}
    paths = [folder / name for name in known]
    return [*zizmor(*paths), *languageservice(known), *check_schema(*paths)]
