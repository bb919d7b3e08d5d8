"""An environment on GitHub: what is written, and what is refused before GitHub would."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from judges.github_provider import faults
from synth import WEB, synth

from constructs_lib import GithubRepo
from constructs_lib.github import GithubEnvironment, GithubProvider
from deploy_access.errors import DuplicateResource, InvalidValue, TargetUnknown

if TYPE_CHECKING:
    from cdktf import TerraformStack

ENVIRONMENT = "${github_repository_environment.Prod_7A5F3219.environment}"
UNPROTECTED = (
    "The environment 'dev' of acme/web asks for no reviewer and takes every ref: each branch that "
    'names it in a workflow deploys with its role. Give it `reviewers`, or `branches=["main"]`.'
)
REPOSITORY = "${github_repository_environment.Prod_7A5F3219.repository}"


@pytest.fixture
def github(stack: TerraformStack) -> TerraformStack:
    """Make a stack with GitHub's provider for the owner of the repository."""
    GithubProvider(stack, "GithubProvider", owner="acme")
    return stack


def test_all_settings(github: TerraformStack) -> None:
    """Reviewers, refs, waiting time and variables, as the provider wants them."""
    GithubEnvironment(
        github,
        "Prod",
        repo=WEB,
        name="prod",
        reviewers=[11, 12],
        teams=[22],
        branches=["main", "release/*"],
        tags=["v*"],
        wait_minutes=10,
        variables={"AWS_ROLE_ARN": "arn:aws:iam::111122223333:role/web-prod-deploy"},
    )

    found = synth(github)
    assert {path: block.arguments for path, block in found.blocks.items()} == {
        "Prod/Resource": {
            "repository": "web",
            "environment": "prod",
            "reviewers": [{"users": [11, 12], "teams": [22]}],
            "wait_timer": 10,
            "deployment_branch_policy": {
                "protected_branches": False,
                "custom_branch_policies": True,
            },
        },
        "Prod/Branch-main": {
            "repository": REPOSITORY,
            "environment": ENVIRONMENT,
            "branch_pattern": "main",
        },
        "Prod/Branch-release%2F%2A": {
            "repository": REPOSITORY,
            "environment": ENVIRONMENT,
            "branch_pattern": "release/*",
        },
        "Prod/Tag-v%2A": {
            "repository": REPOSITORY,
            "environment": ENVIRONMENT,
            "tag_pattern": "v*",
        },
        "Prod/Variable-AWS_ROLE_ARN": {
            "repository": "web",
            "environment": ENVIRONMENT,
            "variable_name": "AWS_ROLE_ARN",
            "value": "arn:aws:iam::111122223333:role/web-prod-deploy",
        },
    }
    assert faults(found.config) == []
    assert found.warnings == []


def test_without_protection(github: TerraformStack) -> None:
    """Without reviewers and refs it is made, with a warning that says who deploys then."""
    GithubEnvironment(github, "Dev", repo=WEB, name="dev")

    found = synth(github)
    assert found["Dev/Resource"].arguments == {"repository": "web", "environment": "dev"}
    assert faults(found.config) == []
    assert found.warnings == [
        (
            "web/Dev",
            UNPROTECTED,
        )
    ]


def test_two_patterns_alike(github: TerraformStack) -> None:
    """Patterns that differ in a `/` alone are two resources."""
    GithubEnvironment(github, "Prod", repo=WEB, name="prod", branches=["a/b", "a--b"])

    assert synth(github).paths("github_repository_environment_deployment_policy") == [
        "Prod/Branch-a%2Fb",
        "Prod/Branch-a--b",
    ]


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ({"name": "prod*"}, "`environment` takes one exact name."),
        ({"name": "x" * 256}, "The name of an environment has at most 255 characters."),
        ({"reviewers": [True]}, "`reviewers` takes a list of whole numbers."),
        ({"reviewers": ["octocat"]}, "`reviewers` takes a list of whole numbers."),
        ({"reviewers": [0]}, "`reviewers` lists GitHub's numbers, each once."),
        ({"teams": [0]}, "`teams` lists GitHub's numbers, each once."),
        ({"teams": [5, 5]}, "`teams` lists GitHub's numbers, each once."),
        (
            {"reviewers": [1, 2, 3, 4], "teams": [5, 6, 7]},
            "An environment has up to 6 reviewers, people and teams together.",
        ),
        ({"branches": "main"}, "`branches` is a list of texts."),
        ({"branches": ["refs/heads/main"]}, "`branches` takes short names of git"),
        ({"tags": ["v 1"]}, "`tags` takes short names of git"),
        ({"tags": [""]}, "`tags` takes short names of git"),
        ({"wait_minutes": -1}, "`wait_minutes` is 0 to 43200 minutes."),
        ({"wait_minutes": 43_201}, "`wait_minutes` is 0 to 43200 minutes."),
        ({"wait_minutes": True}, "`wait_minutes` takes a whole number."),
        ({"variables": {"GITHUB_X": "1"}}, "A variable is named by letters, digits and `_`"),
        ({"variables": {"1A": "1"}}, "A variable is named by letters, digits and `_`"),
        ({"variables": {"A": "1", "a": "2"}}, "Two variables have names that differ by case"),
        ({"variables": {"A": ""}}, "The value of a variable is text of 1 to 49152 bytes."),
        ({"variables": {"A": "ü" * 24_577}}, "The value of a variable is text of 1 to"),
        (
            {"variables": {f"A{n}": "1" for n in range(101)}},
            "An environment has room for 100 variables.",
        ),
    ],
)
def test_refused(github: TerraformStack, wrong: dict[str, Any], what: str) -> None:
    """What GitHub would refuse at apply is refused in the constructor."""
    settings: dict[str, Any] = {"name": "prod", **wrong}
    with pytest.raises(InvalidValue) as refused:
        GithubEnvironment(github, "Prod", repo=WEB, **settings)

    assert [problem.what[: len(what)] for problem in refused.value.problems] == [what]


def test_twice(github: TerraformStack) -> None:
    """GitHub takes two spellings of a name for one environment."""
    GithubEnvironment(github, "Prod", repo=WEB, name="prod", branches=["main"])

    with pytest.raises(DuplicateResource):
        GithubEnvironment(github, "Other", repo=GithubRepo("Acme/web"), name="Prod")


def test_no_provider(stack: TerraformStack) -> None:
    """Without a provider Terraform would not know whose repository it is."""
    with pytest.raises(TargetUnknown) as refused:
        GithubEnvironment(stack, "Prod", repo=WEB, name="prod")

    assert str(refused.value).startswith("The stack has no GitHub provider. Got 'web'.")


def test_provider_of_another_owner(github: TerraformStack) -> None:
    """A resource names the repository only, so the provider's owner decides whose it is."""
    other = GithubProvider(github, "Other", owner="octo", alias="octo")

    with pytest.raises(InvalidValue) as refused:
        GithubEnvironment(github, "Prod", repo=GithubRepo("octo/api"), name="prod")
    GithubEnvironment(
        github, "Api", repo=GithubRepo("octo/api"), name="prod", branches=["main"], provider=other
    )

    assert refused.value.problems[0].given == ("acme", "octo/api")
    assert synth(github)["Api/Resource"].arguments["provider"] == "github.octo"
