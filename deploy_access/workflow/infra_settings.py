"""What the command, or the stacks, say of the workflows of an infra repository."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue, Problem, reject
from deploy_access.workflow.option_checks import as_given, check_texts
from deploy_access.workflow.runner import default_runner, read_runner
from deploy_access.workflow.settings import HINTS, INFRA_HINTS, OPTIONS
from deploy_access.workflow.step_value import safe

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from deploy_access.workflow.infra_pair import InfraPair
    from deploy_access.workflow.options import Options
    from deploy_access.workflow.runner import Runner

# What counts beside the hints: which workflows, and the branch where the stacks cannot say it.
_TAKEN = {"branches", "infra", "repo"}


@dataclass(frozen=True, slots=True, kw_only=True)
class InfraSettings:
    """
    The settings.

    Attributes:
        branch: The default branch, which is deployed.
        runner: The machine of each job.
        setup: What installs the command into `.venv`.
        synth: What writes the stacks.
        drift: When drift is looked for, in five fields.
    """

    branch: str
    runner: Runner
    setup: str
    synth: str
    drift: str


def read_settings(pairs: Sequence[InfraPair], options: Options) -> InfraSettings:
    """
    Read the settings: an option says them, or a hint at a role that plans, or a default.

    Raises:
        InvalidValue: The branch is not known, or a text cannot stand in a workflow.
    """
    reject(check_texts(options))
    hints = {k: v for one in reversed(pairs) for k, v in one.plan.deployer.hints.items()}
    runs_on = options.value(HINTS["runs_on"]) or hints.get("runs_on")
    return InfraSettings(
        branch=_branch(pairs, options),
        runner=read_runner(runs_on) or default_runner("intel", on_server=False),
        setup=_text("setup", options, hints),
        synth=_text("synth", options, hints),
        drift=_text("drift", options, hints),
    )


def idle_with_infra(options: Options) -> Iterator[str]:
    """List the options that have no use beside `--infra`."""
    for key, setting in OPTIONS.items():
        if key not in {*_TAKEN, *INFRA_HINTS} and options.value(setting):
            yield f"`{setting.option}` does nothing with `--infra`."


def _text(key: str, options: Options, hints: Mapping[str, object]) -> str:
    given = options.value(HINTS[key]) or hints.get(key)
    return safe(str(given)) if given else HINTS[key].default


def _branch(pairs: Sequence[InfraPair], options: Options) -> str:
    """Name the branch that every role that plans trusts; it is the default branch."""
    trusted = [
        {t.value for t in one.plan.trusted if t.kind == "branch" and not t.is_pattern}
        for one in pairs
    ]
    common = set[str].intersection(*trusted)
    asked = options.branches
    if len(asked) == 1 and asked[0] in common:
        return safe(asked[0])
    if not asked and len(common) == 1:
        return safe(next(iter(common)))
    names = ", ".join(one.plan.deployer.name for one in pairs)
    raise InvalidValue(
        Problem(
            what="The default branch is not known.",
            given=as_given(*(("--branch", one) for one in asked)),
            why=f"The roles {names} all trust {', '.join(sorted(common)) or 'no branch'}. What is "
            "merged is planned by them before it is applied, and looked after for drift.",
            fix=f"Name one: `--branch {min(common)}`."
            if common
            else 'Trust it: `plan = [{ pull_request = true }, { branch = "main" }]`.',
        )
    )
