"""GitHub's side of a service: from `environments.Y.github` to the stack of its owner."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest
from estate_files import DEV, ECS, HEAD, WEB, load, mistakes, write
from judges.github_provider import faults
from synthesized import synth_file

from deploy_access.errors import InvalidEnvironments
from sandbox.terraform.sandbox_estate import read_sandbox_estate

if TYPE_CHECKING:
    from pathlib import Path

    from synthesized import Synthesized

PROD = "[services.web.environments.prod]\n"
SETTINGS = """
[services.web.environments.prod.github]
reviewers = [11, 12]
teams = [22]
branches = ["main"]
tags = ["v*"]
wait_minutes = 10
variables = { AWS_ROLE_ARN = "role_arn", ECS_SERVICES = "services" }
"""
ENVIRONMENT = "github_repository_environment"
VARIABLE = "github_actions_environment_variable"


def stacks(folder: Path, text: str) -> dict[str, Synthesized]:
    """Write the file, and synthesize it."""
    return synth_file(write(folder, text), folder / "cdktf.out")


def refused(folder: Path, text: str) -> tuple[str, ...]:
    """Synthesize a file that is refused, and return what is said about it."""
    with pytest.raises(InvalidEnvironments) as caught:
        stacks(folder, text)
    return caught.value.problems


def made(stack: Synthesized, kind: str) -> list[dict[str, Any]]:
    """Return the arguments of the resources of a type, without comments."""
    found = stack.resources(kind).values()
    return [{key: value for key, value in one.items() if key != "//"} for one in found]


def environments(found: dict[str, Synthesized], stack: str) -> set[tuple[str, str]]:
    """Return the repository and the name of each environment that a stack makes."""
    return {(one["repository"], one["environment"]) for one in made(found[stack], ENVIRONMENT)}


def test_every_key(tmp_path: Path) -> None:
    """Each setting reaches GitHub's provider, and a variable has the value of its output."""
    found = stacks(tmp_path, HEAD + WEB + ECS + PROD + SETTINGS)
    github = found["github-acme"]

    assert github.content["provider"] == {"github": [{"owner": "acme"}]}
    assert github.terraform["backend"] == {
        "local": {"path": "../../../terraform.github-acme.tfstate"}
    }
    assert github.terraform["required_version"] == ">= 1.11"
    assert "data" not in github.content
    assert made(github, ENVIRONMENT) == [
        {
            "repository": "web",
            "environment": "prod",
            "reviewers": [{"users": [11, 12], "teams": [22]}],
            "wait_timer": 10,
            "deployment_branch_policy": {
                "protected_branches": False,
                "custom_branch_policies": True,
            },
        }
    ]
    assert {one["variable_name"]: one["value"] for one in made(github, VARIABLE)} == {
        "AWS_ROLE_ARN": "arn:aws:iam::444455556666:role/web-prod-deploy",
        "ECS_SERVICES": json.dumps(["web"]),
    }
    policies = made(github, "github_repository_environment_deployment_policy")
    assert {one.get("branch_pattern") or one["tag_pattern"] for one in policies} == {"main", "v*"}
    assert list(faults(github.content)) == []


def test_skipped_by_the_sandbox(tmp_path: Path) -> None:
    """The sandbox knows the stack for GitHub's side, and no stack of AWS comes after it."""
    found = stacks(
        tmp_path, HEAD + WEB + PROD + SETTINGS.replace(', ECS_SERVICES = "services"', "")
    )
    estate = read_sandbox_estate(tmp_path / "cdktf.out")

    assert estate.skipped == ("github-acme",)
    assert set(estate.stacks) == set(found) - {"github-acme"}
    assert not any("github-acme" in stack.dependencies for stack in estate)


def test_a_file_without_the_table(tmp_path: Path) -> None:
    """Nothing is made on GitHub that the file does not ask for."""
    assert load(tmp_path, HEAD + WEB + PROD).github == ()


def test_environments_of_the_subjects(tmp_path: Path) -> None:
    """Each environment that is trusted is made once, in the stack of its repository's owner."""
    subjects = """subjects = [
  { environment = "prod" },
  { environment = "prod", requiring = { ref = "refs/heads/main" } },
  { environment = "PROD" },
  { environment = "a/b" },
  { branch = "main" },
  { environment = "infra", repository = "infra", repo_id = 5 },
  { environment = "prod", repository = "other/web", owner_id = 7, repo_id = 8 },
]
"""
    table = "[services.web.environments.prod.github]\nreviewers = [11]\n"
    found = stacks(tmp_path, HEAD + WEB + PROD + subjects + table)

    assert environments(found, "github-acme") == {
        ("web", "prod"),
        ("web", "a/b"),
        ("infra", "infra"),
    }
    assert environments(found, "github-other") == {("web", "prod")}


def test_enterprise_server(tmp_path: Path) -> None:
    """The provider asks the server whose tokens the roles trust."""
    head = HEAD.replace("owner_id = 1\n", 'issuer = "https://ghe.acme.com/_services/token"\n')
    web = WEB.replace("repo_id = 2\n", "")
    table = "[services.web.environments.prod.github]\nreviewers = [11]\n"

    found = stacks(tmp_path, head + web + PROD + table)

    assert found["github-acme"].content["provider"] == {
        "github": [{"base_url": "https://ghe.acme.com/", "owner": "acme"}]
    }


TWO_STATES = HEAD.replace("[states.main]", '[states.other]\ntype = "local"\n\n[states.main]')
S3_STATE = '[states.s3]\ntype = "s3"\nbucket = "acme-state"\nregion = "eu-west-1"\n'


def test_state(tmp_path: Path) -> None:
    """`state` of `[github]` says where the state is; its key is named after the stack."""
    head = HEAD.replace("owner_id = 1\n", 'owner_id = 1\nstate = "s3"\n') + S3_STATE
    table = "[services.web.environments.prod.github]\nreviewers = [11]\n"

    backend = stacks(tmp_path, head + WEB + PROD + table)["github-acme"].terraform["backend"]

    assert backend["s3"]["key"] == "deploy-access/github-acme.tfstate"
    assert backend["s3"]["use_lockfile"] is True


@pytest.mark.parametrize(
    ("text", "begins", "says"),
    [
        pytest.param(
            HEAD + WEB + DEV + "github.reviewers = [11]\n",
            "services.web.environments.dev.github: The deployment trusts no environment",
            "environments.dev.subjects",
            id="no environment",
        ),
        pytest.param(
            TWO_STATES + WEB + PROD + "github.reviewers = [11]\n",
            "github: No key says where the stacks of GitHub's side keep their state.",
            '`state = "other"`',
            id="two states",
        ),
        pytest.param(
            HEAD + WEB + PROD + "github.reviewers = [1, 2, 3, 4]\ngithub.teams = [5, 6, 7]\n",
            "services.web.environments.prod.github: An environment has up to 6 reviewers",
            "Name a team",
            id="too many",
        ),
        pytest.param(
            HEAD + WEB + PROD + 'github.reviewers = ["octocat"]\n',
            "services.web.environments.prod.github.reviewers[0]: ",
            "a whole number",
            id="a name",
        ),
        pytest.param(
            HEAD + WEB + PROD + 'github.branch = ["main"]\n',
            "services.web.environments.prod.github.branch: There is no such key.",
            "branches",
            id="unknown key",
        ),
        pytest.param(
            HEAD.replace(
                "owner_id = 1\n", 'owner_id = 1\nissuer = "https://token.actions.a.ghe.com"\n'
            )
            + WEB
            + PROD
            + "github.reviewers = [11]\n",
            "github: GitHub's side is made on github.com and on GitHub Enterprise Server.",
            "a.ghe.com",
            id="data residency",
        ),
        pytest.param(
            HEAD
            + "[environments.acme]\naccount = 'prod'\nsubjects = [{ environment = 'acme' }]\n"
            + "[services.github]\nrepository = 'web'\nrepo_id = 2\n"
            + "[services.github.environments.acme.github]\nreviewers = [11]\n",
            "github: A service's stack has the name of the stack of GitHub's side.",
            "`services.github`",
            id="name of a stack",
        ),
    ],
)
def test_refused(tmp_path: Path, text: str, begins: str, says: str) -> None:
    """What does not fit together is refused at its entry, with the way out."""
    (problem,) = mistakes(tmp_path, text)

    assert problem.startswith(begins)
    assert says in problem


def test_unknown_output(tmp_path: Path) -> None:
    """A variable of an output that the stack does not have is refused, with the nearest name."""
    table = '[services.web.environments.prod.github]\nvariables = { ROLE = "role_arm" }\n'

    (problem,) = refused(tmp_path, HEAD + WEB + PROD + table)

    assert problem.startswith(
        "services.web.environments.prod.github: The stack 'web-prod' has no output of this name."
    )
    assert "role_arn" in problem


def test_one_environment_of_two_services(tmp_path: Path) -> None:
    """Two services of one repository do not both set up its environment: the second is named."""
    table = "github.reviewers = [11]\n"
    api = (WEB + PROD + table).replace("services.web", "services.api")

    (problem,) = mistakes(tmp_path, HEAD + WEB + PROD + table + api)

    assert problem.startswith(
        "services.api.environments.prod.github: `services.web.environments.prod.github` sets"
    )
    assert "acme/web prod" in problem


def test_without_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only a file that asks for GitHub's side needs the extra, and it is told its name."""
    monkeypatch.setitem(sys.modules, "constructs_lib.github", None)

    assert "web-prod" in stacks(tmp_path, HEAD + WEB + PROD)
    (problem,) = refused(tmp_path, HEAD + WEB + PROD + "github.reviewers = [11]\n")

    assert problem.startswith(
        "services.web.environments.prod.github: What is set up on GitHub needs the extra"
    )
    assert 'pip install "deploy-access[github]"' in problem


TEMPLATE = "actions_repository_oidc_subject_claim_customization_template"


def test_templates(tmp_path: Path) -> None:
    """Each repository that asks for it has the template of its trust policies, once."""
    api = WEB.replace("web", "api").replace("= 2", "= 3")
    keys = 'include_claim_keys = ["repo", "context", "job_workflow_ref"]\nsubject_template = true\n'
    text = HEAD + WEB + "subject_template = true\n" + api + keys
    github = stacks(tmp_path, text + WEB.replace(".web", ".two") + "subject_template = true\n")
    found = made(github["github-acme"], f"github_{TEMPLATE}")

    assert {one.pop("repository"): one for one in found} == {
        "web": {"use_default": True},
        "api": {
            "use_default": False,
            "include_claim_keys": ["repo", "context", "job_workflow_ref"],
        },
    }
    assert len(found) == len(("web", "api"))
