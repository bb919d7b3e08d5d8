"""What a person wants of a workflow, where the stacks do not say it."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def _nothing() -> Mapping[str, str]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """
    The options of the command.

    A mapping has a service or a family as key, or `""` for all of them. Its values may have
    `{environment}` and `{service}` in them.

    Attributes:
        repo: The one repository, `owner/name`.
        roles: The only roles, by name.
        environments: The only environments, in their order.
        services: The only services.
        branches: Run on a push to these branches.
        tags: Run on a push of these tags.
        release: Run when a release is published.
        dispatch: Run when somebody starts it.
        containers: The container that gets the image.
        definitions: The file of the task definition.
        migrations: The command of a task that runs once.
        appspec: The file of CodeDeploy.
        container_port: The port of the container, for a file of CodeDeploy that is written.
        context: The folder that is built.
        dockerfile: The Dockerfile.
        platforms: For example `linux/arm64`.
        cache: Whether layers are kept in the registry.
        subnets: The subnets of a task that runs once.
        security_groups: Its security groups.
        variables: Whether names are GitHub's variables even where they are known.
        composite: Whether the steps of a deployment are an action of their own.
        reusable: `OWNER/REPO/.github/workflows/FILE@REF` for the job that deploys.
        minutes: How long a job may take.
        seconds: How long a session lasts.
    """

    repo: str | None = None
    roles: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    release: bool = False
    dispatch: bool = False
    containers: Mapping[str, str] = field(default_factory=_nothing)
    definitions: Mapping[str, str] = field(default_factory=_nothing)
    migrations: Mapping[str, str] = field(default_factory=_nothing)
    appspec: str | None = None
    container_port: int | None = None
    context: str | None = None
    dockerfile: str | None = None
    platforms: tuple[str, ...] = ()
    cache: bool = False
    subnets: tuple[str, ...] = ()
    security_groups: tuple[str, ...] = ()
    variables: bool = False
    composite: bool = False
    reusable: str | None = None
    minutes: int | None = None
    seconds: int | None = None

    @property
    def has_triggers(self) -> bool:
        """Whether it says what the workflow runs on, beside being started by somebody."""
        return bool(self.branches or self.tags or self.release)
