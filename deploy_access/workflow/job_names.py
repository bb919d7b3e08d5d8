"""The names of a workflow, its jobs, their groups and variables: each is told from all others."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from deploy_access.workflow.stages import is_builder, kind_of
from deploy_access.workflow.step_value import slug

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deploy_access.workflow.options import Options
    from deploy_access.workflow.stages import Stage


@dataclass(frozen=True, kw_only=True)
class JobNames:
    """
    The names in one workflow.

    What one repository has together (groups, variables, files) is told apart by all stages of it,
    so that a call for some of them names it as a call for all does.

    Attributes:
        repository: Where the workflow belongs, `owner/name`.
        every: All stages of the repository, in any workflow.
        stages: Those of this workflow.
    """

    repository: str
    every: Sequence[Stage]
    stages: Sequence[Stage]

    # Every name asks for these two: found anew for each stage, they would take the cube of time.
    @cached_property
    def builders(self) -> list[Stage]:
        """The stages that build for others."""
        return [stage for stage in self.stages if is_builder(stage, self.stages)]

    @cached_property
    def others(self) -> list[Stage]:
        """The stages that do not."""
        return [stage for stage in self.stages if stage not in self.builders]

    def of_workflow(self, *more: str) -> list[str]:
        """Return the words of the workflow's name: what it does, where, and what for."""
        does = {kind_of(stage) for stage in self.stages}
        alone = [kind for kind in ("check", "push", "run") if does == {kind}]
        verb = "Run" if does == {"push", "run"} else alone[0].capitalize() if alone else "Deploy"
        return [verb, self._short, *dict.fromkeys(filter(None, more))]

    def of_job(self, stage: Stage) -> tuple[str, str]:
        """Return the id of a job, and its name for the run's page."""
        if stage in self.builders:
            name = "build" if len(self.builders) == 1 else f"build-{slug(stage.deployer.name)}"
            return name, "Build and push"
        does = kind_of(stage)
        if len(self.others) == 1:
            return does, does.capitalize()
        service = stage.service if len({one.service for one in self.others}) > 1 else ""
        words, number = self._place(stage)
        id_ = "-".join(filter(None, [does, service and slug(service), slug(words)]))
        of_service = f" {service}" if service else ""
        where = "in" if does == "run" else "to"
        return f"{id_}{number}", f"{does.capitalize()}{of_service} {where} {words}"

    def of_group(self, stage: Stage) -> str:
        """Name what no two runs do at once: one service in one environment, or its building."""
        service = slug(stage.service or self._short)
        if stage.builds:
            alike = [one for one in self.every if one.builds and one.service == stage.service]
            more = "" if len(alike) == 1 else f"-{slug(stage.deployer.name)}"
            return f"build-{service}{more}"
        if stage.environment is None and self.is_alone(stage):
            return f"{kind_of(stage)}-{service}"
        words, number = self._place(stage)
        return f"{kind_of(stage)}-{service}-{slug(words)}{number}"

    def suffix(self, stage: Stage) -> str:
        """Tell apart the variables of jobs in one environment of GitHub, or in none."""
        alike = [one for one in self.every if one.environment == stage.environment]
        mine = self._own_words(stage)
        if len(alike) == 1:
            return ""
        if [self._own_words(one) for one in alike].count(mine) > 1:
            mine = stage.deployer.name
        return f"_{slug(mine).replace('-', '_').upper()}"

    def is_alone(self, stage: Stage) -> bool:
        """Whether its service has no other environment."""
        return len(self._of_service(stage)) == 1

    def shares_place(self, stage: Stage) -> bool:
        """Whether others of its service deploy other ECS services to an environment of its name."""
        own = stage.deployer.service_names
        return any(one.deployer.service_names != own for one in self._alike(stage))

    @property
    def _short(self) -> str:
        return self.repository.partition("/")[2]

    def _own_words(self, stage: Stage) -> str:
        if stage.builds:
            return " ".join(filter(None, ["build", stage.service]))
        label = "" if stage.environment else stage.label
        return " ".join(filter(None, [stage.service, label])) or stage.deployer.name

    def _of_service(self, stage: Stage) -> list[Stage]:
        return [one for one in self.every if one.service == stage.service and not one.builds]

    def _alike(self, stage: Stage) -> list[Stage]:
        found = self._of_service(stage)
        return [one for one in found if slug(one.label) == slug(stage.label)] or [stage]

    def _place(self, stage: Stage) -> tuple[str, str]:
        """Name the environment, with the role or a number where others of the service are alike."""
        alike = self._alike(stage)
        if len(alike) == 1:
            return stage.label, ""
        roles = {one.deployer.name for one in alike}
        number = "" if len(roles) == len(alike) else f"-{alike.index(stage) + 1}"
        return f"{stage.label} as {stage.deployer.name}", number


def of_choice(options: Options, every: Sequence[Stage], stages: Sequence[Stage]) -> Iterator[str]:
    """
    Return the words of what was chosen, so that two choices write two files.

    Environments are said in their order as well: all of them are no choice. A role that is called
    after its repository, whose name comes first, is said without that.
    """
    for repository in {one.repository for one in stages}:
        short = repository.partition("/")[2]
        yield from (role.removeprefix(f"{short}-") for role in options.roles)
    yield from options.services
    if {one.label for one in every if not is_builder(one, every)} - {s.label for s in stages}:
        yield from options.environments
