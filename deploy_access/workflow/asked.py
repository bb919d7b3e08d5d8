"""What is asked for by name is there: roles, environments and services that somebody deploys."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from deploy_access.errors import Problem
from deploy_access.workflow.as_given import as_given
from deploy_access.workflow.stages import is_builder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from deploy_access.workflow.deployer import Deployer
    from deploy_access.workflow.options import Options
    from deploy_access.workflow.stages import Stage

_MOST = 10


def check_asked(
    deployers: Sequence[Deployer], stages: Mapping[str, Sequence[Stage]], options: Options
) -> Iterator[Problem]:
    """
    Find the names that would be left out without a word.

    Args:
        deployers: The roles that trust GitHub.
        stages: Those that were chosen by their repository and role, by repository.
        options: What is asked for.
    """
    roles = {one.name for one in deployers}
    yield from _unknown("--role", "No role that trusts GitHub is called so.", options.roles, roles)
    services = {s.name for d in deployers for target in d.targets for s in target.services}
    yield from _unknown("--service", "No role deploys this service.", options.services, services)
    if any(stages.values()):  # otherwise it is the repository or the role that is wrong
        labels = {
            stage.label
            for found in stages.values()
            for stage in found
            if not is_builder(stage, found)
        }
        what = "No job deploys to this environment."
        yield from _unknown("--environment", what, options.environments, labels)


def _unknown(
    option: str, what: str, wanted: Iterable[str], known: Iterable[str]
) -> Iterator[Problem]:
    names = sorted(known)
    for name in dict.fromkeys(wanted):
        if name not in names:
            near = difflib.get_close_matches(name, names, n=1)
            rest = ", ..." if len(names) > _MOST else ""
            yield Problem(
                what=what,
                given=as_given((option, name)),
                why=f"There are {', '.join(names[:_MOST])}{rest}." if names else "There is none.",
                fix=f"Did you mean `{option} {near[0]}`?"
                if near
                else f"Name one of them with `{option}`.",
            )


def nothing_to_do(deployers: Sequence[Deployer], options: Options) -> Problem:
    """Say that the repository, the roles and the environments that are asked for leave no role."""
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
