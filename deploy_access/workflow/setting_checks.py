"""
What is wrong with settings: hints that cannot be read, and options that would change nothing.

Constructs and `environments.toml` are held against the table of settings, as is the command line.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from deploy_access.errors import Problem, did_you_mean
from deploy_access.visible_text import is_visible
from deploy_access.workflow.option_values import why_no_schedule
from deploy_access.workflow.runner import check_runner
from deploy_access.workflow.server import check_version
from deploy_access.workflow.settings import HINTS, OPTIONS, PORTS, SERVICE_HINTS
from deploy_access.workflow.steps import Copy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from deploy_access.workflow.job import Job, Workflow
    from deploy_access.workflow.options import Options
    from deploy_access.workflow.settings import AppliesTo, Kind, Setting

_TEXT = ("a text of one line", '"text"')
_WANTED: Mapping[Kind, tuple[str, str]] = MappingProxyType(
    {
        "choice": ("one of a few texts", '"FARGATE"'),
        "command": _TEXT,
        "cron": ("a schedule of five fields", '"17 3 * * 1-5"'),
        "flag": ("true or false", "True"),
        "number": ("a whole number", "10"),
        "runner": ("a runner", '"ubuntu-24.04"'),
        "version": ("a release", '"3.18"'),
        "port": (f"a port, {PORTS[0]} to {PORTS[1]}", "8080"),
        "table": ("a table", '{"container": "app"}'),
        "text": _TEXT,
        "texts": ("a list of texts", '["one", "two"]'),
    }
)
"""What a hint of each kind takes, in words, and an example of it."""
_NOBODY: Mapping[AppliesTo, str] = MappingProxyType(
    {
        "build": "no job builds an image",
        "infra": "only `--infra` writes jobs that plan and apply stacks",
        "task": "no job runs a task once (`one_off_tasks` of the role's policy)",
        "codedeploy": "no service is deployed with CodeDeploy",
        "definition": "no job deploys to ECS",
        "deploy": "no job deploys a service to ECS",
    }
)


def check_hints(hints: object) -> Iterator[Problem]:
    """Check the hints of a construct: keys of the table, and values that a workflow can hold."""
    if isinstance(hints, Mapping):
        given = cast("Mapping[str, object]", hints)
        for key, value in given.items():
            yield from _check("workflow", HINTS, key, value)
        yield from check_capacity("workflow", given)
    elif hints is not None:
        yield _wrong("workflow", "table", hints)


def check_capacity(where: str, given: Mapping[str, object]) -> Iterator[Problem]:
    """Find a launch type beside a capacity provider: ECS takes one of them."""
    both = {key: given.get(key) for key in ("launch_type", "capacity_provider")}
    if all(both.values()):
        yield Problem(
            what=f"`{where}` has a launch type and a capacity provider.",
            given=both,
            why="ECS refuses a task that has both.",
            fix="Leave one of them out; `FARGATE_SPOT` is a capacity provider.",
        )


def _check(where: str, known: Mapping[str, Setting], key: str, value: object) -> Iterator[Problem]:
    setting = known.get(key)
    if setting is None:
        yield _unknown(where, known, key)
    elif setting.kind == "runner":
        yield from check_runner(f"{where}.{key}", value)
    elif setting.kind == "version":
        yield from check_version(f"{where}.{key}", value)
    elif not _fits(setting, value):
        yield _wrong(f"{where}.{key}", setting.kind, value)
    elif _has_reference(value):
        yield _not_known_now(f"{where}.{key}", value)
    elif setting.kind == "table":
        yield from _check_services(f"{where}.{key}", cast("Mapping[str, object]", value))


def _check_services(where: str, services: Mapping[str, object]) -> Iterator[Problem]:
    for name, table in services.items():
        if not isinstance(table, Mapping):
            yield _wrong(f"{where}.{name}", "table", table)
            continue
        for key, value in cast("Mapping[str, object]", table).items():
            yield from _check(f"{where}.{name}", SERVICE_HINTS, key, value)


def _fits(setting: Setting, value: object) -> bool:
    """Whether *value* is of its kind; what is empty says nothing, and a text takes one line."""
    match setting.kind:
        case "texts":
            found = cast("list[object]", value) if isinstance(value, list | tuple) else []
            return bool(found) and all(map(_is_text, found))
        case "number" | "port":
            least, most = setting.bounds
            return type(value) is int and least <= value <= most
        case "flag":
            return isinstance(value, bool)
        case "choice" | "cron":
            return _is_text(value) and _is_one_of(setting, str(value))
        case "table":
            return isinstance(value, Mapping)
        case _:
            return _is_text(value)


def _is_one_of(setting: Setting, text: str) -> bool:
    return text in setting.choices if setting.choices else why_no_schedule(text) is None


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip()) and is_visible(value)


def _has_reference(value: object) -> bool:
    """Whether Terraform, or cdktf's list of tokens, has a part in a text or a list of texts."""
    found = [value] if isinstance(value, str) else value
    if not isinstance(found, list | tuple):
        return False
    return any("${" in one or one.startswith("#{") for one in cast("list[str]", found))


def plain_hints(hints: Mapping[str, object] | None) -> dict[str, object]:
    """Write hints as JSON has them: lists for tuples, dictionaries for any mapping."""
    return {key: _plain(value) for key, value in (hints or {}).items()}


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return plain_hints(cast("Mapping[str, object]", value))
    return list(cast("tuple[object, ...]", value)) if isinstance(value, list | tuple) else value


def _unknown(where: str, known: Mapping[str, Setting], key: str) -> Problem:
    return Problem(
        what=f"`{where}` has no such key.",
        given=key,
        why="What nobody reads would look as if it worked.",
        fix=did_you_mean(key, known) or f"Keys: {', '.join(sorted(known))}.",
    )


def _wrong(where: str, kind: Kind, value: object) -> Problem:
    wanted, example = _WANTED[kind]
    key = where.rpartition(".")[2]
    if key == "services":
        example = f'{{"worker": {example}}}'
    return Problem(
        what=f"`{where}` is {wanted}.",
        given=value,
        why="A workflow that is made from anything else would be a guess.",
        fix=f"For example {key}={example}.",
    )


def _not_known_now(where: str, value: object) -> Problem:
    return Problem(
        what=f"`{where}` takes plain text.",
        given=value,
        why="The workflow is written before Terraform knows anything.",
        fix="Write the value itself, or leave it out and set the GitHub variable that the workflow "
        "then reads.",
    )


def idle_options(workflows: Iterable[Workflow], options: Options) -> list[str]:
    """
    List the options that no job has a use for, each with the reason.

    Args:
        workflows: What was planned with the options.
        options: The options.
    """
    every = list(workflows)
    jobs = [job for workflow in every for job in workflow.jobs]
    names = _names(jobs, options)
    found = [
        f"`{setting.option}` does nothing here: {why}."
        for kind, why in _NOBODY.items()
        for setting in OPTIONS.values()
        if setting.applies_to == kind and not names[kind] and options.value(setting)
    ]
    if options.value(OPTIONS["promote"]) and not any(_copies(job) for job in jobs):
        found.append(
            "`--promote` does nothing here: no two jobs push to repositories of their own."
        )
    if options.value(OPTIONS["schedule"]) and not any(w.triggers.schedule for w in every):
        found.append("`--schedule` does nothing here: no role only runs tasks once.")
    if options.value(OPTIONS["paths"]) and not any(w.triggers.takes_paths for w in every):
        found.append("`--path` does nothing here: no workflow runs on a branch or a pull request.")
    if options.dispatch and not any(workflow.triggers.dispatch for workflow in every):
        found.append("`--dispatch` does nothing here: the roles trust pull requests alone.")
    return found or [*_written_twice(options), *_of_nobody(options, names)]


def _copies(job: Job) -> bool:
    return any(isinstance(step, Copy) for step in job.steps)


def _names(jobs: Sequence[Job], options: Options) -> Mapping[AppliesTo, set[str]]:
    """Name what the jobs build, run once, shift and deploy."""
    every = [job.deployer for job in jobs]
    wanted = {*options.services}
    whole = [job.deployer for job in jobs if not wanted or job.stage.service in wanted]
    targets = [target for one in every for target in one.targets]
    tasks = {family for target in targets for family in target.one_off}
    services = [
        s
        for one in every
        for t in one.targets
        for s in t.services
        if one in whole or s.name in wanted
    ]
    return {
        "build": {images.name for one in every for images in one.images},
        "task": tasks,
        "codedeploy": {service.name for service in services if service.codedeploy},
        "definition": {service.name for service in services} | tasks,
        "deploy": {service.name for service in services},
        "infra": set(),
    }


def _written_twice(options: Options) -> Iterator[str]:
    """Find a port for a file that is there: only one below `.github` is written."""
    file = next(options.texts(OPTIONS["appspec"]), None)
    port = options.value(OPTIONS["container_port"])
    if port and file is not None and not file.startswith(".github/"):
        yield (
            f"`--container-port` does nothing here: {file} is in the repository already. Leave "
            "`--appspec` out to have the file written."
        )


def _of_nobody(options: Options, names: Mapping[AppliesTo, set[str]]) -> Iterator[str]:
    """Find the `NAME=` of an option that no service and no task has."""
    for setting in OPTIONS.values():
        known = names["task"] if setting.applies_to == "task" else names["deploy"] | names["task"]
        for name in options.by_name(setting):
            if name and name not in known:
                yield (
                    f"`{setting.option} {name}=...` does nothing here: there are "
                    f"{', '.join(sorted(known))}."
                )
