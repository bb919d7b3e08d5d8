"""The options of the command: which workflows are written, and how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

from deploy_access.workflow.settings import OPTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.workflow.settings import Setting


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """
    The options of the command.

    Attributes:
        repo: The one repository, `owner/name`.
        roles: The only roles, by name.
        environments: The only environments, in their order.
        services: The only services.
        branches: Run on a push to these branches.
        tags: Run on a push of these tags.
        release: Run when a release is published.
        dispatch: Run when it is started by hand.
        variables: Whether names are GitHub's variables even where they are known.
        composite: Whether the steps of a deployment are an action of their own.
        reusable: `OWNER/REPO/.github/workflows/FILE@REF` for the job that deploys.
        infra: Whether to write those that plan and apply the stacks, and no others.
        minutes: How long a job may take.
        seconds: How long a session lasts.
        of_jobs: What hints may say too, by key. A setting of services has a mapping: from the name
            of a service or a family, or `""` for all of them, to its value.
    """

    repo: str | None = None
    roles: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    release: bool = False
    dispatch: bool = False
    variables: bool = False
    composite: bool = False
    reusable: str | None = None
    infra: bool = False
    minutes: int | None = None
    seconds: int | None = None
    of_jobs: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def of(cls, **values: object) -> Options:
        """
        Take the values of options by the keys of the table of settings.

        Raises:
            KeyError: The table has no such option.
        """
        unknown = values.keys() - OPTIONS.keys()
        if unknown:
            raise KeyError(*sorted(unknown))
        own = {one.name for one in fields(cls)}
        chosen: dict[str, Any] = {key: value for key, value in values.items() if key in own}
        return cls(**chosen, of_jobs={k: v for k, v in values.items() if k not in own})

    @property
    def has_triggers(self) -> bool:
        """Whether it says what the workflow runs on, beside being started by hand."""
        return bool(self.branches or self.tags or self.release)

    def value(self, setting: Setting) -> object:
        """Return what was given for a setting; None or an empty value where nothing was."""
        return self.of_jobs.get(setting.key) if setting.is_hint else getattr(self, setting.key)

    def by_name(self, setting: Setting) -> Mapping[str, str]:
        """Return what was given for a setting of services, by the name of the service."""
        value = self.value(setting)
        return cast("Mapping[str, str]", value) if isinstance(value, Mapping) else {}

    def texts(self, setting: Setting) -> Iterator[str]:
        """Return each text that was given for a setting."""
        value = self.value(setting)
        if isinstance(value, str):
            yield value
        elif isinstance(value, Mapping):
            yield from cast("Mapping[str, str]", value).values()
        elif isinstance(value, tuple):
            yield from cast("tuple[str, ...]", value)
