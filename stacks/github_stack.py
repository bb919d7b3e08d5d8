"""The stack `github-<owner>`, which needs the extra `github`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote

# First, so that the Node process behind `cdktf` starts with the provider's shortcut.
from .state_backend import keep_state  # isort: skip
from cdktf import TerraformStack

from deploy_access.errors import InvalidValue, Problem, suggest_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from constructs import Construct

    from .base_stack import BaseStack
    from .error_collector import ErrorCollector
    from .estate_plan import GithubEnvironmentPlan, GithubPlan


def build_github_stack(
    app: Construct, plan: GithubPlan, made: Mapping[str, BaseStack], errors: ErrorCollector
) -> None:
    """
    Make the stack of *plan*; its variables have values of the stacks that are *made* by now.

    They are text that is known before an apply, so the stack depends on none of them: an
    environment can be protected before the role that trusts it is there.
    """
    try:
        # Here, as the extra is needed by files with such a stack alone.
        from constructs_lib.github import (  # noqa: PLC0415
            GithubEnvironment,
            GithubProvider,
            GithubSubjectTemplate,
        )
    except ModuleNotFoundError as error:
        first, *_ = (*plan.environments, *plan.templates)
        errors.add(first.entry, _no_extra(plan.stack, error))
        return
    stack = TerraformStack(app, plan.stack)
    GithubProvider(stack, "Github", owner=plan.owner, base_url=plan.base_url)
    keep_state(stack, plan.stack, plan.state)
    for template in plan.templates:
        with errors.about(template.entry):
            repository = template.repository
            GithubSubjectTemplate(stack, quote(repository.name, safe=""), repo=repository)
    for one in plan.environments:
        with errors.about(one.entry):
            GithubEnvironment(
                stack,
                quote(f"{one.repository.name}/{one.name}", safe=""),
                repo=one.repository,
                name=one.name,
                reviewers=one.reviewers,
                teams=one.teams,
                branches=one.branches,
                tags=one.tags,
                wait_minutes=one.wait_minutes,
                variables=dict(_values(one, made[one.service_stack].outputs)),
            )


def _values(
    plan: GithubEnvironmentPlan, outputs: Mapping[str, str | list[str]]
) -> Iterator[tuple[str, str]]:
    for variable, name in plan.variables.items():
        if name not in outputs:
            raise InvalidValue(_no_output(plan.service_stack, name, outputs))
        value = outputs[name]
        yield variable, value if isinstance(value, str) else json.dumps(value)


def _no_output(stack: str, name: str, outputs: Mapping[str, object]) -> Problem:
    return Problem(
        what=f"The stack {stack!r} has no output of this name.",
        given=name,
        why="A variable has the value of one.",
        fix=suggest_name(name, outputs),
    )


def _no_extra(stack: str, error: ModuleNotFoundError) -> Problem:
    return Problem(
        what="What is set up on GitHub needs the extra `github`, which is not installed.",
        given=f"no module {error.name}",
        why=f"The stack {stack!r} is made of the resources of GitHub's provider.",
        fix='Install it: pip install "deploy-access[github]". Or remove the key, and set it up on '
        "GitHub.",
    )
