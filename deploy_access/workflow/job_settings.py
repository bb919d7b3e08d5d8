"""
The settings of one job: an option says them, or a hint in the metadata, or a default.

Hints are the key `workflow` of the metadata at a role or a policy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.json_shape import as_object, texts
from deploy_access.workflow.runner import Runner, read_runner
from deploy_access.workflow.settings import HINTS
from deploy_access.workflow.step_value import is_known, safe, slug

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy_access.workflow.options import Options

_FILE = "task-definition"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSettings:
    """
    The settings of one job, each by its key in the table.

    Attributes:
        options: The options of the command.
        hints: What the metadata says.
        environment: What the job's environment is called.
        alone: Whether its service has no other environment.
        service: Which service of the repository it is for; nothing where there is one.
    """

    options: Options
    hints: Mapping[str, object]
    environment: str
    alone: bool
    service: str = ""

    def is_option(self, key: str) -> bool:
        """Whether the command line says it."""
        return bool(self.options.value(HINTS[key]))

    def text(self, key: str) -> str:
        """Return the value of a text, or its default."""
        return self.given(key) or HINTS[key].default

    def given(self, key: str) -> str:
        """Return what is said of a text, with the environment filled in; nothing for a default."""
        given = next(self.options.texts(HINTS[key]), "")
        hint = self.hints.get(key)
        return self._filled(given or (hint if isinstance(hint, str) else ""), "")

    def texts(self, key: str) -> tuple[str, ...]:
        """Return the values of a list of texts."""
        return tuple(self.options.texts(HINTS[key])) or tuple(map(safe, texts(self.hints.get(key))))

    def flag(self, key: str) -> bool:
        """Return the value of a flag."""
        return self.is_option(key) or self.hints.get(key) is True

    def number(self, key: str) -> int | None:
        """Return the value of a number, or None where nothing says it."""
        found = self.options.value(HINTS[key]) or self.hints.get(key)
        return found if type(found) is int else None

    def instead(self, key: str, *, of: str) -> str:
        """Return what is said of a text, unless an option says the other one that excludes it."""
        return "" if self.is_option(of) and not self.is_option(key) else self.given(key)

    @property
    def runner(self) -> Runner | None:
        """Return what says what the job runs on."""
        said = read_runner(self.options.value(HINTS["runs_on"]) or self.hints.get("runs_on"))
        if said is None:
            return None
        labels = tuple(self._filled(label, "") for label in said.labels)
        return Runner(labels=labels, group=self._filled(said.group, ""))

    def of_service(self, key: str, name: str, *, only: bool = False) -> str | None:
        """
        Return the value for a service or a family, or else for all of them.

        Args:
            key: The setting.
            name: The name of the service or the family.
            only: Whether what is said for all of them does not count.
        """
        given = self.options.by_name(HINTS[key])
        hints = [as_object(as_object(self.hints.get("services")).get(name)).get(key)]
        options = [given.get(name)]
        if not only:
            options.append(given.get(""))
            hints.append(self.hints.get(key))
        found = next((one for one in (*options, *hints) if isinstance(one, str) and one), None)
        return None if found is None else self._filled(found, name)

    def container(self, service: str, family: str = "") -> str:
        """Name the container that gets the image, in the definition of a *family* of its own."""
        own = self.of_service("container", family, only=True) if family else None
        given = own or self.of_service("container", service)
        return given or (service if is_known(service) else "app")

    def definition(self, name: str, *, named: bool, extra: bool = False) -> str:
        """
        Name the file of a task definition.

        Args:
            name: The service or the family.
            named: Whether the file's name says which one it is, as there are others.
            extra: Whether it is one beside those of the services.
        """
        given = self.of_service("task_definition", name, only=extra)
        parts = [_FILE, self.service, name if named else "", "" if self.alone else self.environment]
        words = dict.fromkeys(slug(part) for part in parts if part)
        return given or safe(f"{'-'.join(words)}.json")

    def asks_for_file(self, name: str, *, extra: bool = False) -> bool:
        """Whether a file is named, where the definition could be read from AWS."""
        return self.of_service("task_definition", name, only=extra) is not None

    def _filled(self, text: str, name: str) -> str:
        return safe(text.replace("{environment}", self.environment).replace("{service}", name))
