"""One side of a review: every stack as it is written, and the roles and policies in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from deploy_access.terraform.open_expressions import definitions_of
from deploy_access.terraform.plan import STATE
from deploy_access.terraform.reader import read_scopes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from deploy_access.terraform.blocks import Module
    from deploy_access.terraform.estate import Estate
    from deploy_access.terraform.scope import Scope
    from deploy_access.terraform.sources import StackFile

PLANNED = "planned_values"
_TERRAFORM = {"resource", "data", "provider", "terraform"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopedStack:
    """
    A stack of one side.

    Attributes:
        name: Its name, or the file's where no stack is named.
        source: The file.
        scope: Its blocks, and the values of their names.
        modules: The same of each module that a plan calls.
    """

    name: str
    source: StackFile
    scope: Scope
    modules: tuple[Scope, ...] = ()

    @property
    def content(self) -> Mapping[str, object]:
        """The file as it is written."""
        return self.source.file.content

    @property
    def is_plan(self) -> bool:
        """Whether it is what `terraform show -json` prints of a plan or a state."""
        return _is_shown(self.content)

    @property
    def has_changes(self) -> bool:
        """Whether it is a plan, which says what Terraform does."""
        return is_plan(self.content)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """
    One side.

    Attributes:
        stacks: By name; the output of the AWS CLI belongs to none.
        estate: The roles, and what they may do.
    """

    stacks: Mapping[str, ScopedStack]
    estate: Estate


def read_snapshot(
    sources: Iterable[StackFile], fill: Callable[[Module], Module] | None = None
) -> Snapshot:
    """
    Read one side from its files.

    Args:
        sources: The files.
        fill: Adds to a stack what its file does not hold.

    Raises:
        InvalidValue: One of them is of no kind that is read.
    """
    sources = tuple(sources)
    files = ((source.file, _as_stack(source)) for source in sources)
    problems = (problem for source in sources for problem in source.problems)
    estate, scopes = read_scopes(files, fill, problems)
    found: dict[str, list[Scope]] = {}
    for scope in scopes:
        found.setdefault(scope.module.file, []).append(scope)
    stacks = [
        ScopedStack(
            name=_name(source, alone=len(sources) == 1),
            source=source,
            scope=found[source.file.name][0],  # the root module comes before those it calls
            modules=tuple(found[source.file.name][1:]),
        )
        for source in sources
        if source.file.name in found
    ]
    estate = replace(estate, definitions=definitions_of(estate, scopes))
    return Snapshot(stacks={stack.name: stack for stack in stacks}, estate=estate)


def is_plan(content: Mapping[str, object]) -> bool:
    """Whether it is what `terraform show -json` prints of a plan."""
    return PLANNED in content


def _is_shown(content: Mapping[str, object]) -> bool:
    return is_plan(content) or (STATE in content and not _TERRAFORM & content.keys())


def _as_stack(source: StackFile) -> str | None:
    """Return the stack of a file that holds one; None for a plan and for the AWS CLI's output."""
    is_stack = source.directory or _TERRAFORM & source.file.content.keys()
    return source.stack if is_stack and not _is_shown(source.file.content) else None


def _name(source: StackFile, *, alone: bool) -> str:
    """Return the stack's name, or the file's where there are several files."""
    if source.stack is not None:
        return source.stack
    return "" if alone else PurePath(source.file.name).name
