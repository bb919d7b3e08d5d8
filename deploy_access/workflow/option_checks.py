"""Options that match nothing, and texts that a workflow cannot hold."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING

from deploy_access.errors import Problem, nearest
from deploy_access.visible_text import is_visible
from deploy_access.workflow.settings import OPTIONS
from deploy_access.workflow.stages import is_builder
from deploy_access.workflow.step_value import LONGEST, is_safe
from deploy_access.workflow.trusted import why_open

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from deploy_access.workflow.deployer import Deployer
    from deploy_access.workflow.options import Options
    from deploy_access.workflow.stages import Stage


# Enough to choose from, on two lines of a terminal.
_MOST = 10
_SHOWN = 100
_FIXES: Mapping[str, str] = {
    "--migration": "Write the command without an expression, in one line: what it needs to know is "
    "in the environment of its task, or in a script of the image that it calls.",
}


def check_asked(
    deployers: Sequence[Deployer], stages: Mapping[str, Sequence[Stage]], options: Options
) -> Iterator[Problem]:
    """
    Find the roles, services and environments of the options that no role deploys.

    Args:
        deployers: The roles that trust GitHub.
        stages: Those of the repository that is asked for, or of all, by repository.
        options: What is asked for.
    """
    chosen = (one for one in deployers if one.name in (options.roles or {one.name}))
    yield from filter(None, map(why_open, chosen))
    roles = {one.name for one in deployers}
    yield from _unknown("--role", "No role that trusts GitHub is called so.", options.roles, roles)
    services = {name for one in deployers for name in one.service_names}
    services |= {stage.service for found in stages.values() for stage in found if stage.service}
    yield from _unknown("--service", "No role deploys this service.", options.services, services)
    of_roles = [_of_roles(found, options) for found in stages.values()]
    if any(of_roles):  # otherwise it is the repository or the role that is wrong
        labels = {one.label for found in of_roles for one in found if not is_builder(one, found)}
        what = "No job deploys to this environment."
        yield from _unknown("--environment", what, options.environments, labels)


def _of_roles(stages: Sequence[Stage], options: Options) -> list[Stage]:
    return [one for one in stages if one.deployer.name in (options.roles or {one.deployer.name})]


def _unknown(
    option: str, what: str, wanted: Iterable[str], known: Iterable[str]
) -> Iterator[Problem]:
    names = sorted(known)
    for name in dict.fromkeys(wanted):
        if name not in names:
            near = nearest(name, names)
            rest = ", ..." if len(names) > _MOST else ""
            yield Problem(
                what=what,
                given=as_given((option, name)),
                why=f"There are {', '.join(names[:_MOST])}{rest}." if names else "There is none.",
                fix=f"Did you mean `{option} {near}`?"
                if near
                else f"Name one of them with `{option}`.",
            )


def nothing_to_do(deployers: Sequence[Deployer], options: Options) -> Problem:
    """Return the problem that the options leave no role to write a workflow for."""
    names = ", ".join(repr(one.name) for one in deployers[:_MOST])
    return Problem(
        what="No role is left to write a workflow for.",
        given=as_given(
            ("--repo", options.repo),
            *(("--role", name) for name in options.roles),
            *(("--environment", name) for name in options.environments),
        ),
        why=f"The roles that trust GitHub are {names or 'none'}; one that trusts every repository "
        "of an owner needs `--repo`.",
        fix="Name a repository, a role or an environment of those.",
    )


class AsGiven(str):
    """A text that an error shows without quotes around it, as it is a part of a command."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def as_given(*options: tuple[str, object]) -> AsGiven:
    """Write options with their values, quoted for a shell; one that is None was not given."""
    words = [f"{name} {quote(str(value))}" for name, value in options if value is not None]
    return AsGiven(" ".join(words) or "no option")


def check_texts(options: Options) -> Iterator[Problem]:
    """Find texts that GitHub would evaluate, or that no line can hold, by their option."""
    for name, text in _texts(options):
        if not is_safe(text):
            yield Problem(
                what=f"What `{name}` says cannot stand in a workflow.",
                given=as_given((name, text[:_SHOWN])) if is_visible(text) else text[:_SHOWN],
                why="GitHub evaluates `${{`, wherever it stands, and a workflow takes one line of "
                f"at most {LONGEST} characters for it.",
                fix=_FIXES.get(name, "Write it without an expression, in one line."),
            )


def _texts(options: Options) -> Iterator[tuple[str, str]]:
    for setting in OPTIONS.values():
        if setting.is_free_text:
            yield from ((setting.option or "", text) for text in options.texts(setting))
