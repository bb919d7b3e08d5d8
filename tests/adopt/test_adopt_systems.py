"""The five systems that people have made by hand, as entries that take them over."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

import pytest
import systems
from answers_of_aws import ACCOUNT, GITHUB
from click.testing import CliRunner
from synthesized import synth_file

from deploy_access.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PROVIDER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{GITHUB}"
POLICY = f"arn:aws:iam::{ACCOUNT}:policy"
ORGANIZATION = ("--region", "us-east-1", "--repository", "ExampleGithubRole=hogehoge/web")


def adopt(place: Path, folder: Path, *options: str) -> tuple[str, dict[str, Any]]:
    """Run the command, and return what it prints and writes."""
    result = CliRunner().invoke(main, ["adopt", str(place), "--write", str(folder), *options])
    assert result.exit_code == 0, result.output
    return result.stdout, tomllib.loads((folder / "environments.toml").read_text("utf-8"))


def only(table: dict[str, Any]) -> dict[str, Any]:
    """Return the one deployment of a file."""
    (service,) = table["services"].values()
    (deployment,) = service["environments"].values()
    found: dict[str, Any] = deployment
    return found


@pytest.mark.parametrize(
    ("make", "options", "imported"),
    [
        pytest.param(
            systems.console,
            (),
            {
                PROVIDER,
                "Githubactions-to-ECR-role",
                "Githubactions-to-ECR-role:ecr-push",
                "techblue-dev",
            },
            id="000",
        ),
        pytest.param(
            systems.shared,
            (),
            {
                PROVIDER,
                "github-actions-deploy",
                f"github-actions-deploy/{POLICY}/common",
                f"github-actions-deploy/{POLICY}/shop-deploy",
                "shop",
            },
            id="001",
        ),
        pytest.param(
            systems.environments,
            (),
            {
                PROVIDER,
                "dev-github-actions",
                f"dev-github-actions/{POLICY}/dev-github-actions-policy",
                f"dev-github-actions/{systems.FULL}",
                "my-ecr-repo",
            },
            id="002",
        ),
        pytest.param(
            systems.command_line,
            (),
            {
                PROVIDER,
                "deploy-to-ecs-github-actions",
                f"deploy-to-ecs-github-actions/{systems.POWER_USER}",
                "api",
            },
            id="003",
        ),
        pytest.param(systems.retired, ORGANIZATION, {"ExampleGithubRole"}, id="004"),
    ],
)
def test_a_system_is_taken_over(
    tmp_path: Path, make: Callable[[Path], Path], options: tuple[str, ...], imported: set[str]
) -> None:
    """What is written is a sound file, and its stacks import all that is ours and no more."""
    adopt(make(tmp_path), tmp_path, *options)
    made = synth_file(tmp_path / "environments.toml", tmp_path / "cdktf.out")
    blocks = [block for stack in made.values() for block in stack.content.get("import", [])]

    assert {block["id"] for block in blocks} == imported


@pytest.mark.parametrize(
    ("make", "options", "said"),
    [
        pytest.param(
            systems.console,
            (),
            "so it is written as `repo:Test-User/techblue-dev:ref:refs/heads/main`",
            id="000: a ref that no token carries",
        ),
        pytest.param(
            systems.shared,
            (),
            ":service/shop` lacks its cluster, so no call matches it.",
            id="001: a service without its cluster",
        ),
        pytest.param(systems.environments, (), f"kept: {systems.FULL}", id="002: full access"),
        pytest.param(
            systems.command_line,
            (),
            "never: It may call nothing of ECS",
            id="003: no permission on ECS",
        ),
        pytest.param(
            systems.retired,
            ORGANIZATION,
            "left alone: arn:aws:iam::111122223333:oidc-provider/vstoken.",
            id="004: the retired issuer",
        ),
    ],
)
def test_its_trap_is_told(
    tmp_path: Path, make: Callable[[Path], Path], options: tuple[str, ...], said: str
) -> None:
    """What a system could never do, and what is wide, is in the report."""
    printed, _ = adopt(make(tmp_path), tmp_path, *options)

    assert said in printed


def test_a_role_without_images_lacks_nothing(tmp_path: Path) -> None:
    """It has nothing to deploy, so it is not said that it may not."""
    printed, _ = adopt(systems.retired(tmp_path), tmp_path, *ORGANIZATION)

    assert "never" not in printed


def test_names_and_settings_stay(tmp_path: Path) -> None:
    """The role, its policy and the repository are described as they are."""
    _, found = adopt(systems.console(tmp_path), tmp_path)

    assert only(found) == {
        "role_name": "Githubactions-to-ECR-role",
        "import_existing": ["role", "push_policy", "repository"],
        "subjects": [{"branch": "main"}],
        "ecr": {
            "name": "techblue-dev",
            "push_policy_name": "ecr-push",
            "tag_mutability": "mutable",
            "scan_on_push": False,
            "lifecycle": [],
        },
    }


def test_an_organization_is_not_narrowed_unasked(tmp_path: Path) -> None:
    """The subject of all repositories stays, and is accepted with a reason."""
    _, found = adopt(systems.retired(tmp_path), tmp_path, *ORGANIZATION)
    entry = only(found)

    assert entry["subjects"] == [{"any_repository": True}]
    assert entry["accept"].keys() == {"org-wide"}
    assert "import_existing" not in found["accounts"]["main"]


def test_a_role_of_a_whole_organization_needs_a_repository(tmp_path: Path) -> None:
    """Without one there is no table to put it in, so it is named with the option."""
    result = CliRunner().invoke(main, ["adopt", str(systems.retired(tmp_path))])

    assert result.exit_code == 0
    assert "`--repository ExampleGithubRole=hogehoge/NAME`" in result.stdout
