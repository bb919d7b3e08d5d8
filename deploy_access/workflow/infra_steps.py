"""The steps of the jobs of an infra repository."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from deploy_access.workflow.audience import asked_audience
from deploy_access.workflow.infra_calls import applying, planning
from deploy_access.workflow.infra_scripts import GUARD, SETUP, SYNTHESIZE
from deploy_access.workflow.step_value import Value, expression, safe, slug
from deploy_access.workflow.steps import AssumeRole, CheckOut, RunScript, UseAction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deploy_access.workflow.infra_pair import InfraPair
    from deploy_access.workflow.infra_settings import InfraSettings
    from deploy_access.workflow.stages import Stage
    from deploy_access.workflow.steps import Step

MINUTES = 60
"""How long a job may take that plans or applies: its session, which ends after an hour."""
_SECONDS = MINUTES * 60
TERRAFORM = "1.11.4"
"""The version that runs; the first minor one that locks a state in S3 by itself is 1.11."""
QUIET = (("TF_CLI_ARGS", "-no-color"), ("TF_IN_AUTOMATION", "true"), ("TF_INPUT", "false"))
"""The environment in which Terraform asks nothing and prints no colours."""
# A session's name has at most 64 characters, and a run with its attempt takes 26 of them.
_ROOM = 36


def set_up(settings: InfraSettings) -> RunScript:
    """Install the command from the files that are checked out."""
    return RunScript(name="Install deploy-access", script=SETUP, env=(("SETUP", settings.setup),))


def synthesize(settings: InfraSettings) -> RunScript:
    """Synthesize each side that is checked out."""
    env = (("SETUP", settings.setup), ("SYNTH", settings.synth))
    return RunScript(name="Synthesize", script=SYNTHESIZE, env=env)


def upload(name: str, path: str, *, hidden: bool = False) -> UseAction:
    """Hand over a folder; the lock files of Terraform in it are hidden files."""
    kept: list[tuple[str, str | bool | int]] = [("name", name), ("path", path)]
    if hidden:
        kept.append(("include-hidden-files", True))
    kept += [("if-no-files-found", "error"), ("retention-days", 5)]
    return UseAction(name=f"Hand over {path}", action="actions/upload-artifact", inputs=tuple(kept))


def download(path: str, *, name: str = "", pattern: str = "") -> UseAction:
    """Take over a folder: one artifact, or several into one folder, or each into its own."""
    given: list[tuple[str, str | bool | int]] = [("path", path)]
    if name:
        given.insert(0, ("name", name))
    if pattern:
        given = [("pattern", pattern), *given, ("merge-multiple", True)]
    return UseAction(
        name=f"Take over {path}", action="actions/download-artifact", inputs=tuple(given)
    )


def guard(*, reads_only: bool) -> RunScript:
    """Refuse what would run more than AWS's provider, and copy the rest."""
    options = "--no-assume-role" if reads_only else ""
    return RunScript(
        name="Check what would be run", script=GUARD, env=(("GUARD", options),) if options else ()
    )


def terraform() -> UseAction:
    """Install Terraform, without the wrapper that prints into its output."""
    version = ("terraform_version", TERRAFORM)
    return UseAction(
        name="Set up Terraform",
        action="hashicorp/setup-terraform",
        inputs=(version, ("terraform_wrapper", False)),
    )


def prepare(settings: InfraSettings, ref: str, *handed: UseAction) -> tuple[Step, ...]:
    """Check out the code that is trusted, install the command, and take over what is run."""
    return (CheckOut(ref=ref), set_up(settings), *handed)


def session(pair: InfraPair, stage: Stage, *, of_matrix: str = "") -> AssumeRole:
    """
    Get a session of a role.

    Args:
        pair: The roles of its account.
        stage: The role.
        of_matrix: Which key of the matrix has the role, where the job is repeated for stacks of any
            account; nothing where it is for one account.
    """
    name = slug(pair.repository.partition("/")[2], longest=_ROOM)
    run = f"{expression('github.run_id')}-{expression('github.run_attempt')}"
    region = f"matrix.region || '{pair.region}'"
    templates = [f"matrix.{of_matrix}", region, "matrix.account"] if of_matrix else []
    role, region, account = map(expression, templates) if templates else ("", "", "")
    return AssumeRole(
        role=Value(text=_arn(stage, pair.account), template=role),
        region=Value(text=pair.region, template=region),
        account=Value(text=pair.account, template=account),
        session=f"{name}-{run}",
        seconds=_SECONDS,
        audience=asked_audience(stage.trusted, pair.region),
    )


def roles_of(pairs: Sequence[InfraPair]) -> str:
    """Write what a job for a stack of each account needs to know, as JSON by account."""
    found = {
        one.account: {
            "environment": safe(one.environment),
            "plan_role": _arn(one.plan, one.account),
            "apply_role": _arn(one.apply, one.account),
        }
        for one in pairs
    }
    return json.dumps(found, separators=(",", ":"))


def _arn(stage: Stage, account: str) -> str:
    role = stage.deployer.role
    return role.arn or f"arn:aws:iam::{account}:role/{role.name}"


def planned(pair: InfraPair) -> RunScript:
    """Stand for the script that plans the stacks of an account, with its calls to AWS."""
    return RunScript(name="Plan", script="", calls=planning(pair.stacks))


def applied(pair: InfraPair) -> RunScript:
    """Stand for the script that applies them, with its calls to AWS."""
    return RunScript(name="Apply", script="", calls=applying(pair.stacks))
