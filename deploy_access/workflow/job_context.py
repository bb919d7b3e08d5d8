"""The input of the steps of one job."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.workflow.runner import default_runner
from deploy_access.workflow.value_source import Inputs

if TYPE_CHECKING:
    from deploy_access.workflow.deployer import Deployer, ImageRepository
    from deploy_access.workflow.job_settings import JobSettings
    from deploy_access.workflow.runner import Runner
    from deploy_access.workflow.step_value import Value
    from deploy_access.workflow.value_source import ValueSource

_ON_INTEL = {"linux/386", "linux/amd64"}
_ON_ARM = {"linux/arm64", "linux/arm64/v8"}


@dataclass(frozen=True, slots=True, kw_only=True)
class JobContext:
    """
    The role, the settings and the durations that the steps of one job are made from.

    Attributes:
        deployer: The role.
        settings: The settings of the job.
        source: Where values come from.
        repository: The repository that the workflow is in, `owner/name`.
        wait: For how many minutes each deployment is waited for.
        seconds: How long the job's session lasts.
        audience: What its token is for; None for the action's default.
        apart: What tells its images from those that other jobs push to the same repository, or
            nothing.
        promoted: The image that is copied, by its digest, and its repository; None to build one.
        services: The only ECS services that are deployed; none for all of the role.
        on_server: Whether it runs on a GitHub Enterprise Server.
        root: What `uses:` has before a path of the same repository.
        shares_place: Whether another role of the service deploys other ECS services there.
    """

    deployer: Deployer
    settings: JobSettings
    source: ValueSource
    repository: str
    wait: int
    seconds: int
    audience: str | None
    apart: str
    promoted: tuple[Value, ImageRepository] | None
    services: tuple[str, ...]
    on_server: bool
    root: str
    shares_place: bool

    @property
    def is_called(self) -> bool:
        """Whether the job is one that others call, from any repository."""
        return isinstance(self.source, Inputs)

    @property
    def platforms(self) -> tuple[str, ...]:
        """The platforms of the images that are built; none for that of the runner."""
        found = self.settings.texts("platforms")
        return found if self.deployer.images and self.promoted is None else ()

    @property
    def runner(self) -> Runner:
        """What the job runs on: what is said, or a machine of the one platform."""
        said = self.settings.runner
        only_arm = self.platforms and set(self.platforms) <= _ON_ARM
        return said or default_runner("arm" if only_arm else "intel", on_server=self.on_server)

    @property
    def emulated(self) -> tuple[str, ...]:
        """The platforms whose programs the runner cannot run by itself."""
        native = _ON_ARM if self.runner.architecture == "arm" else _ON_INTEL
        return tuple(one for one in self.platforms if one not in native)
