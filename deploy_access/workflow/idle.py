"""Options that would change nothing: no job does what they are about."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from deploy_access.workflow.deployer import EcsService
    from deploy_access.workflow.job import Workflow
    from deploy_access.workflow.options import Options

_BUILDS = "no job builds an image"
_RUNS = "no job runs a task once (`one_off_tasks` of the role's policy)"
_SHIFTS = "no service is deployed with CodeDeploy"
_DEPLOYS = "no job deploys to ECS"


def idle_options(workflows: Iterable[Workflow], options: Options) -> list[str]:
    """
    List the options that no job has a use for, each with the reason.

    Args:
        workflows: What was planned with the options.
        options: The options.
    """
    deployers = [job.deployer for workflow in workflows for job in workflow.jobs]
    targets = [target for one in deployers for target in one.targets]
    wanted = options.services
    services = [s for t in targets for s in t.services if not wanted or s.name in wanted]
    tasks = {family for target in targets for family in target.one_off}
    found = [
        *([] if any(one.images for one in deployers) else _of(_building(options), _BUILDS)),
        *([] if tasks else _of(_running(options), _RUNS)),
        *([] if any(s.codedeploy for s in services) else _of(_shifting(options), _SHIFTS)),
        *([] if services else _of(_deploying(options), _DEPLOYS)),
    ]
    return found or [*_written_twice(options), *_of_nobody(options, services, tasks)]


def _of(given: Mapping[str, object], why: str) -> list[str]:
    return [f"`{name}` does nothing here: {why}." for name, value in given.items() if value]


def _building(options: Options) -> Mapping[str, object]:
    return {
        "--context": options.context,
        "--dockerfile": options.dockerfile,
        "--platform": options.platforms,
        "--cache": options.cache,
    }


def _running(options: Options) -> Mapping[str, object]:
    return {
        "--migration": options.migrations,
        "--subnet": options.subnets,
        "--security-group": options.security_groups,
    }


def _shifting(options: Options) -> Mapping[str, object]:
    return {"--appspec": options.appspec, "--container-port": options.container_port}


def _deploying(options: Options) -> Mapping[str, object]:
    return {
        "--container": options.containers,
        "--task-definition": options.definitions,
        "--composite": options.composite,
    }


def _written_twice(options: Options) -> Iterator[str]:
    """Find a port for a file that is there: only one below `.github` is written."""
    file = options.appspec
    if options.container_port and file is not None and not file.startswith(".github/"):
        yield (
            f"`--container-port` does nothing here: {file} is in the repository already. Leave "
            "`--appspec` out to have the file written."
        )


def _of_nobody(options: Options, services: Iterable[EcsService], tasks: set[str]) -> Iterator[str]:
    """Find the `NAME=` of an option that no service and no task has."""
    named = {service.name for service in services} | tasks
    for option, values, known in (
        ("--container", options.containers, named),
        ("--task-definition", options.definitions, named),
        ("--migration", options.migrations, tasks),
    ):
        for name in values:
            if name and name not in known:
                yield (
                    f"`{option} {name}=...` does nothing here: there are "
                    f"{', '.join(sorted(known))}."
                )
