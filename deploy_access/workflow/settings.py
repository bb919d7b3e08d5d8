"""
Every setting of `deploy-access workflow`: options of the command, hints in the stacks, or both.

This table is the only list of them. The options of the command, the checks of hints and options,
the model of `environments.toml` and what a job reads are made from it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from deploy_access.workflow.option_values import (
    why_no_platform,
    why_no_repository,
    why_no_schedule,
    why_not_reusable,
)
from deploy_access.workflow.runner import why_no_runner

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

Kind = Literal[
    "choice",
    "command",
    "cron",
    "flag",
    "number",
    "port",
    "runner",
    "table",
    "text",
    "texts",
    "version",
]
AppliesTo = Literal["build", "codedeploy", "definition", "deploy", "infra", "task"]

PORTS = (1, 65535)
"""The least and the greatest port."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """
    A setting of workflows.

    Attributes:
        key: Its name: the key of a hint, and the field or key of `Options`.
        option: The option of the command, for example `--container`; None for a hint alone.
        kind: What it takes: `text` is a name or a path, `command` any text of one line, `runner`
            what `runs-on` takes, `version` a release of GitHub Enterprise Server.
        help: What the option is for.
        metavar: What the help calls its value; None for click's own word.
        applies_to: Which jobs have a use for it; None where it is of the workflow itself.
        is_hint: Whether the stacks can say it too.
        by_service: Whether it can be said for one service or family: `[SERVICE=]VALUE`.
        chooses: Whether it chooses what is written, and not how.
        default: What counts when nothing is said, for a text.
        bounds: The least and the greatest number.
        choices: The texts that a `choice` is one of.
        why_not: Says what is wrong with a value of the option, or None.
    """

    key: str
    option: str | None
    kind: Kind
    help: str = ""
    metavar: str | None = None
    applies_to: AppliesTo | None = None
    is_hint: bool = False
    by_service: bool = False
    chooses: bool = False
    default: str = ""
    bounds: tuple[int, int] = (0, 0)
    choices: tuple[str, ...] = ()
    why_not: Callable[[str], str | None] | None = None

    @property
    def is_free_text(self) -> bool:
        """Whether the option takes what stands in the workflow as it is given."""
        free = self.kind in {"command", "text", "texts"} and self.option is not None
        return free and not self.chooses and self.why_not is None


def _of_jobs(applies_to: AppliesTo, *settings: Setting) -> Iterator[Setting]:
    """Return settings that jobs of one kind have a use for; the stacks can say them too."""
    return (replace(one, applies_to=applies_to, is_hint=True) for one in settings)


SETTINGS: Sequence[Setting] = (
    Setting(
        key="repo",
        option="--repo",
        kind="text",
        metavar="OWNER/NAME",
        chooses=True,
        why_not=why_no_repository,
        help="Only this repository.",
    ),
    Setting(
        key="roles",
        option="--role",
        kind="texts",
        metavar="NAME",
        chooses=True,
        help="Only this role; repeatable.",
    ),
    Setting(
        key="environments",
        option="--environment",
        kind="texts",
        metavar="NAME",
        chooses=True,
        help="Only this environment; several in the order in which they are deployed.",
    ),
    Setting(
        key="services",
        option="--service",
        kind="texts",
        metavar="NAME",
        chooses=True,
        help="Only this service, by its own name or by that of an ECS service.",
    ),
    Setting(key="branches", option="--branch", kind="texts", help="Run on a push to this branch."),
    Setting(
        key="paths",
        option="--path",
        kind="texts",
        metavar="PATTERN",
        is_hint=True,
        help="Only where files of this pattern change; repeatable.",
    ),
    Setting(key="tags", option="--tag", kind="texts", help="Run on a push of this tag, e.g. 'v*'."),
    Setting(
        key="release", option="--release", kind="flag", help="Run when a release is published."
    ),
    Setting(
        key="dispatch", option="--dispatch", kind="flag", help="Run when somebody starts it, too."
    ),
    *_of_jobs(
        "definition",
        Setting(
            key="container",
            option="--container",
            kind="text",
            metavar="[SERVICE=]NAME",
            by_service=True,
            help="The container that gets the image.  [default: the service's name]",
        ),
        Setting(
            key="task_definition",
            option="--task-definition",
            kind="text",
            metavar="[SERVICE=]FILE",
            by_service=True,
            help="The file; {environment} and {service} are filled in.  "
            "[default: task-definition.json]",
        ),
    ),
    *_of_jobs(
        "task",
        Setting(
            key="migration",
            option="--migration",
            kind="command",
            metavar="[FAMILY=]COMMAND",
            by_service=True,
            help="What a task that runs once does.  [default: what its definition says]",
        ),
        Setting(
            key="subnets",
            option="--subnet",
            kind="texts",
            help="Where that task runs; repeatable.",
        ),
        Setting(
            key="security_groups",
            option="--security-group",
            kind="texts",
            help="And its groups.",
        ),
        Setting(
            key="launch_type",
            option="--launch-type",
            kind="choice",
            # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
            choices=("FARGATE", "EC2", "EXTERNAL"),
            help="On what it runs.  [default: FARGATE]",
        ),
        Setting(
            key="capacity_provider",
            option="--capacity-provider",
            kind="text",
            metavar="NAME",
            help="Whose capacity it takes, in place of a launch type.",
        ),
        Setting(
            key="public_ip", option="--public-ip", kind="flag", help="Give it a public address."
        ),
        Setting(
            key="schedule",
            option="--schedule",
            kind="cron",
            metavar="CRON",
            why_not=why_no_schedule,
            help="Run it at these times (UTC), where the role deploys no service.",
        ),
    ),
    *_of_jobs(
        "codedeploy",
        Setting(
            key="appspec",
            option="--appspec",
            kind="text",
            metavar="FILE",
            default="appspec.yaml",
            help="CodeDeploy's file.  [default: appspec.yaml]",
        ),
        Setting(
            key="container_port",
            option="--container-port",
            kind="port",
            bounds=PORTS,
            help="Write CodeDeploy's file, for this port.",
        ),
    ),
    *_of_jobs(
        "build",
        Setting(
            key="context",
            option="--context",
            kind="text",
            metavar="FOLDER",
            default=".",
            help="What is built.  [default: .]",
        ),
        Setting(
            key="dockerfile",
            option="--dockerfile",
            kind="text",
            metavar="FILE",
            help="The Dockerfile.  [default: the folder's own]",
        ),
        Setting(
            key="platforms",
            option="--platform",
            kind="texts",
            why_not=why_no_platform,
            help="For example linux/arm64; repeatable.",
        ),
        Setting(
            key="cache",
            option="--cache",
            kind="flag",
            help="Keep layers in the registry, as `buildcache`.",
        ),
        Setting(
            key="promote",
            option="--promote",
            kind="flag",
            help="Copy the image of the environment before, and build once.",
        ),
    ),
    Setting(
        key="runs_on",
        option="--runs-on",
        kind="runner",
        metavar="LABEL|group=NAME",
        is_hint=True,
        why_not=why_no_runner,
        help="The runner of each job; repeatable.  [default: ubuntu-24.04]",
    ),
    Setting(
        key="variables",
        option="--variables",
        kind="flag",
        help="GitHub variables in place of names and ARNs.",
    ),
    Setting(
        key="composite",
        option="--composite",
        kind="flag",
        applies_to="deploy",
        help="Put the steps of a deployment into an action.",
    ),
    Setting(
        key="reusable",
        option="--reusable",
        kind="text",
        metavar="OWNER/REPO/.github/workflows/FILE@REF",
        chooses=True,
        why_not=why_not_reusable,
        help="Have the deployment in a workflow that others call.",
    ),
    Setting(
        key="minutes",
        option="--timeout",
        kind="number",
        # https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idtimeout-minutes
        bounds=(1, 360),
        help="Minutes a job may take.",
    ),
    Setting(
        key="seconds",
        option="--session",
        kind="number",
        # https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
        bounds=(900, 43200),
        help="Its session's seconds.",
    ),
    Setting(
        key="infra",
        option="--infra",
        kind="flag",
        chooses=True,
        help="Those that plan and apply the stacks themselves, and no others.",
    ),
    *_of_jobs(
        "infra",
        Setting(
            key="setup",
            option="--setup",
            kind="command",
            metavar="COMMAND",
            default="python3 -m venv .venv && .venv/bin/python -m pip install --quiet "
            "--require-hashes --requirement requirements.lock",
            help="What installs deploy-access into .venv.  [default: requirements.lock, by its "
            "hashes]",
        ),
        Setting(
            key="synth",
            option="--synth",
            kind="command",
            metavar="COMMAND",
            default="python main.py",
            help="What writes cdktf.out.  [default: python main.py]",
        ),
        Setting(
            key="drift",
            option="--drift",
            kind="cron",
            metavar="CRON",
            default="17 5 * * 1-5",
            why_not=why_no_schedule,
            help="When to look for drift (UTC).  [default: 17 5 * * 1-5]",
        ),
    ),
    Setting(key="environment", option=None, kind="text", is_hint=True),
    Setting(key="server_version", option=None, kind="version", is_hint=True),
    Setting(key="service", option=None, kind="text", is_hint=True),
    Setting(key="services", option=None, kind="table", is_hint=True),
)
"""In the order of the command's help; docs/workflows.md says more of each."""

OPTIONS: Mapping[str, Setting] = MappingProxyType({s.key: s for s in SETTINGS if s.option})
"""The settings that the command takes, by key."""
HINTS: Mapping[str, Setting] = MappingProxyType(
    {s.key: s for s in sorted(SETTINGS, key=lambda one: one.key) if s.is_hint}
)
"""The settings that stacks can say, by key."""
INFRA_HINTS: Mapping[str, Setting] = MappingProxyType(
    {
        key: setting
        for key, setting in HINTS.items()
        if setting.applies_to == "infra" or key in {"runs_on", "server_version"}
    }
)
"""What the stacks can say of the workflows of an infra repository."""
SERVICE_HINTS: Mapping[str, Setting] = MappingProxyType(
    {key: setting for key, setting in HINTS.items() if setting.by_service}
)
"""What the hint `services` has by the name of a service or a family."""
BUILD_HINTS = frozenset(key for key, setting in HINTS.items() if setting.applies_to == "build")
"""The hints that only a job which builds an image has a use for."""
