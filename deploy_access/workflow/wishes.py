"""
What synthesis cannot know of one job: an option says it, or a hint in the metadata, or a default.

Hints are the key `workflow` of the metadata at a role or a policy; `hints.py` has their keys.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.json_shape import as_object, texts
from deploy_access.workflow.values import is_known, safe, slug

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy_access.workflow.options import Options

_FILE = "task-definition"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """
    What is wanted of one job.

    Attributes:
        options: The options of the command.
        hints: What the metadata says.
        environment: What the job's environment is called.
        alone: Whether the workflow has no other environment.
    """

    options: Options
    hints: Mapping[str, object]
    environment: str
    alone: bool

    def container(self, service: str, family: str = "") -> str:
        """Name the container that gets the image, in the definition of a *family* of its own."""
        containers = self.options.containers
        own = self._of(family, containers, "container", alone=True) if family else None
        given = own or self._of(service, containers, "container")
        return given or (service if is_known(service) else "app")

    def definition(self, name: str, *, named: bool, extra: bool = False) -> str:
        """
        Name the file of a task definition.

        Args:
            name: The service or the family.
            named: Whether the file's name says which one it is, as there are others.
            extra: Whether it is one beside those of the services.
        """
        given = self._of(name, self.options.definitions, "task_definition", alone=extra)
        parts = [_FILE, name if named else "", "" if self.alone else self.environment]
        return given or safe(f"{'-'.join(slug(part) for part in parts if part)}.json")

    def asks_for_file(self, name: str, *, extra: bool = False) -> bool:
        """Whether somebody has named a file, where the definition could be read from AWS."""
        given = self._of(name, self.options.definitions, "task_definition", alone=extra)
        return given is not None

    def migration(self, family: str) -> str | None:
        """Say which command a task runs instead of its own."""
        return self._of(family, self.options.migrations, "migration")

    def text(self, name: str, given: str | None, default: str) -> str:
        """Say what somebody wants, or the *default*."""
        hint = self.hints.get(name)
        return self._filled(given or (hint if isinstance(hint, str) else default), "")

    def texts(self, name: str, given: tuple[str, ...]) -> tuple[str, ...]:
        """List what somebody wants."""
        hint = self.hints.get(name)
        return given or tuple(map(safe, texts(hint)))

    @property
    def port(self) -> int | None:
        """The port of the container that takes the traffic."""
        hint = self.hints.get("container_port")
        return self.options.container_port or (hint if type(hint) is int else None)

    @property
    def cache(self) -> bool:
        """Whether layers are kept in the registry."""
        return self.options.cache or self.hints.get("cache") is True

    def _of(
        self, name: str, given: Mapping[str, str], hint: str, *, alone: bool = False
    ) -> str | None:
        hints = [as_object(as_object(self.hints.get("services")).get(name)).get(hint)]
        options = [given.get(name)]
        if not alone:
            options.append(given.get(""))
            hints.append(self.hints.get(hint))
        found = next((one for one in (*options, *hints) if isinstance(one, str) and one), None)
        return None if found is None else self._filled(found, name)

    def _filled(self, text: str, name: str) -> str:
        return safe(text.replace("{environment}", self.environment).replace("{service}", name))
