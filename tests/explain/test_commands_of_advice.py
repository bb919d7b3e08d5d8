"""A command in an advice has values that the command takes."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from explain_cases import HOST, MAIN, explain, run_of, trusting

from deploy_access.cli import main
from deploy_access.errors import InvalidValue
from deploy_access.github.flags import Wanted, describe_run

if TYPE_CHECKING:
    from deploy_access.explain.finding import RoleAnswer

REPOSITORIES = [
    "Acme/web",
    "Acme/*",
    "Acme/we*",
    "acme/Web",
    "AC??/web",
    "ACM*/*",
    "Acme/web'; rm -rf x; '",
    "acme/$(id)",
    "acme/web.git",
]
CONTEXTS = ["ref:refs/heads/main", "pull_request", "environment:Prod", "*", "ref:refs/heads/*"]
TEMPLATES = [
    "repo:acme/web:environment:prod:job_workflow_ref:acme/ci/.github/workflows/d.yml@main",
    "repo:acme/web:environment:prod:ref:refs/heads/main",
    "repo:acme/web:ref:refs/heads/main:actor:octocat:event_name:push",
    "repository_owner:acme",
    "repository_owner_id:1:repository_visibility:private",
    "repository_id:2:workflow:deploy",
    "job_workflow_ref:acme/ci/.github/workflows/d.yml@refs/heads/main",
    "repo_property_team:x",
    "repo_property_a'b;id:x",
]
VALUES = {
    "OWNER/REPO/.github/workflows/FILE@REF": "acme/ci/.github/workflows/d.yml@refs/heads/main",
    "=VALUE": "=x",
    "NAME": "prod",
}


def shown(finding: RoleAnswer) -> list[str]:
    """List the commands in the advice: those in backticks, and those to paste."""
    texts = " ".join(change.text for change in finding.cause.changes)
    forms = [text for one in finding.cause.changes for kind, text in one.forms if kind == "Shell"]
    return [*re.findall(r"`((?:--|gh |aws )[^`]*)`", texts), *forms]


@pytest.mark.parametrize("repository", REPOSITORIES)
@pytest.mark.parametrize("context", CONTEXTS)
@pytest.mark.parametrize("held", [MAIN, "repo:acme/web:environment:prod"])
def test_repositories(repository: str, context: str, held: str) -> None:
    """The repository that is proposed is one, and a shell reads each command as it is meant."""
    wanted = trusting(f"repo:{repository}:{context}", operator="StringLike")
    finding = explain(run_of(held, described=True), wanted)

    for command in shown(finding):
        words = shlex.split(command)
        if words[:1] == ["--repo"]:
            describe_run(Wanted(repo=words[1], branch="main"))
            assert words[1] != "acme/web"
        elif words[:2] == ["gh", "api"]:
            path = next(word for word in words if word.startswith("repos/"))
            assert path in {
                "repos/acme/web/actions/oidc/customization/sub",
                "repos/OWNER/REPO/actions/oidc/customization/sub",
            }
            assert not {"rm", "id"} & set(words)


@pytest.mark.parametrize(
    ("wanted", "proposed"),
    [
        ("Acme/web", "Acme/web"),
        ("Acme/*", "Acme/web"),
        ("Acme/we*", "Acme/web"),
        ("acme/Web", "acme/Web"),
        ("AC??/web", None),
        ("ACM*/*", None),
    ],
)
def test_the_name_that_is_meant(wanted: str, proposed: str | None) -> None:
    """A name that may be mistyped is proposed as far as the policy spells it out."""
    trust = trusting(f"repo:{wanted}:ref:refs/heads/main", operator="StringLike")
    commands = shown(explain(run_of(described=True), trust))

    found = [command for command in commands if command.startswith("--repo")]
    assert found == ([f"--repo {proposed}"] if proposed else [])


@pytest.mark.parametrize("template", TEMPLATES)
def test_templates(template: str) -> None:
    """The flags for a run of a template are taken, and no key runs as a command."""
    found = shown(explain(run_of(described=True), trusting(template)))

    flags = next(command for command in found if command.startswith("--claim-keys"))
    for place, value in VALUES.items():
        flags = flags.replace(place, value)
    options = ["explain", "--repo", "acme/web", "--branch", "main", *shlex.split(flags)]
    result = CliRunner().invoke(main, [*options, "--policy", "missing.json"])
    assert (result.exit_code, "missing.json" in result.stderr) == (1, True)
    shell = next(command for command in found if command.startswith("gh api -X"))
    assert shlex.split(shell)[:3] == ["gh", "api", "-X"]
    assert "id:x" not in shlex.split(shell)


@pytest.mark.parametrize(
    ("flag", "value"),
    [
        ("repo", "Acme/*"),
        ("repo", "*/web"),
        ("repo", "acme/we?"),
        ("branch", "release/*"),
        ("tag", "v*"),
        ("environment", "prod-*"),
        ("workflow_ref", "acme/ci/.github/workflows/*@main"),
    ],
)
def test_a_pattern_is_no_run(flag: str, value: str) -> None:
    """A run that is described by a pattern is refused in four parts."""
    given: dict[str, str] = {"repo": "acme/web"} | {flag: value}
    with pytest.raises(InvalidValue) as refused:
        describe_run(Wanted(**given))  # pyright: ignore[reportArgumentType]

    (problem,) = refused.value.problems
    assert problem.given == value
    assert problem.what.startswith(f"`--{flag.replace('_', '-')}` takes one name")
    assert all((problem.why, problem.fix))
    assert HOST not in str(problem)
