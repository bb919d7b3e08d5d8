"""
Every error that this project raises on purpose.

::

    DeployAccessError
    ├── InvalidValue         a value that AWS, GitHub or Terraform would refuse, or that never works
    ├── AccessRefused        access that is too wide or never works, not accepted by name; it
    │                        stands in `audit/refused.py`, beside the findings that it carries
    ├── TargetUnknown        the account or the region is needed as a literal and is not known
    ├── DuplicateResource    two constructs make the same thing in one account and region
    ├── InvalidEnvironments  mistakes in environments.toml, all of them at once
    └── MissingExtra         a part of the project needs packages that are not installed

Each says four things: what is wrong, what was given, why it matters, what to do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class DeployAccessError(Exception):
    """The root: catch this to catch everything that is raised on purpose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong with a value, in the four parts of every message."""

    what: str
    given: object
    why: str
    fix: str

    def __str__(self) -> str:
        return f"{self.what} Got {self.given!r}. {self.why} {self.fix}"


class InvalidValue(DeployAccessError, ValueError):
    """
    A value that cannot work.

    Attributes:
        problems: Everything that is wrong, so that one run shows all of it.
    """

    def __init__(self, *problems: Problem) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class TargetUnknown(DeployAccessError):
    """The account or region that an ARN needs is not known where it has to be."""


class DuplicateResource(DeployAccessError):
    """
    Two constructs ask for the same resource.

    Attributes:
        kind: What it is, for example a role.
        paths: Both constructs, as paths in the tree.
    """

    def __init__(self, kind: str, name: str, where: str, paths: tuple[str, str]) -> None:
        super().__init__(
            f"{kind} {name!r} is made twice in {where}: by {paths[0]!r} and by {paths[1]!r}. "
            "AWS has room for one, so the second apply fails or takes the first one over. "
            "Make it once and refer to it elsewhere with `.from_name` or `.from_account`."
        )
        self.kind = kind
        self.paths = paths


class InvalidEnvironments(DeployAccessError):
    """
    Mistakes in `environments.toml`.

    Attributes:
        problems: One line for each mistake, with the entry it is about.
    """

    def __init__(self, file: str, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join([f"{file} cannot be used:", *(f"  {p}" for p in self.problems)]))


class MissingExtra(DeployAccessError, ModuleNotFoundError):
    """
    An extra of this project is not installed.

    Attributes:
        extra: Its name, as in `pip install "deploy-access[extra]"`.
        name: The first module of it that is missing.
    """

    def __init__(self, extra: str, module: str) -> None:
        problem = Problem(
            what=f"The extra `{extra}` of deploy-access is not installed.",
            given=f"no module {module}",
            why="`deploy-access` alone is the command that reads and writes files.",
            fix=f'Install it: pip install "deploy-access[{extra}]"',
        )
        super().__init__(str(problem), name=module)
        self.extra = extra


def reject(problems: Iterable[Problem]) -> None:
    """Raise one `InvalidValue` for all of *problems*, or nothing when there are none."""
    found = tuple(problems)
    if found:
        raise InvalidValue(*found)


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the *known* name that *name* was probably meant to be, or None when none is near."""
    import difflib  # noqa: PLC0415 - only for a misspelt name

    # Case is no difference: a name in other letters is the nearest one there can be. Of two names
    # that differ in case alone, the one that sorts first is returned.
    by_lower_case = {each.lower(): each for each in sorted(known, reverse=True)}
    near = difflib.get_close_matches(name.lower(), by_lower_case, n=1)
    return by_lower_case[near[0]] if near else None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return the sentence that suggests the nearest *known* name, or no text when none is near."""
    near = nearest(name, known)
    return "" if near is None else f"Did you mean {near!r}?"


def suggest_name(name: str, known: Iterable[str]) -> str:
    """Return the sentence that suggests the nearest *known* name, or else names all of them."""
    names = sorted(known)
    listed = f"Known here: {', '.join(names)}." if names else "There is none yet: add it."
    return did_you_mean(name, names) or listed
