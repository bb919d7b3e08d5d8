"""The names of policies, and of the role that pushes, in `environments.toml`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from estate_files import DEV, ECS, HEAD, SHARED, WEB, environment, mistakes, write
from synthesized import synth_file

from deploy_access.errors import InvalidEnvironments

if TYPE_CHECKING:
    from pathlib import Path

NAMED = 'ecr.push_role_name = "{service}-ci"\necr.push_policy_name = "push-{service}"\n'


def test_names_of_an_environment(tmp_path: Path) -> None:
    """Placeholders are filled, and the environment's own name counts."""
    text = (
        HEAD
        + WEB
        + 'ecr.push_policy_name = "push-{environment}"\n'
        + ECS
        + 'policy_name = "x"\n'
        + DEV
        + 'ecs.policy_name = "deploy-{service}-{environment}"\n'
    )
    made = synth_file(write(tmp_path, text), tmp_path / "cdktf.out")["web-dev"]

    assert made.at("Deploy/Push-web-dev")["name"] == "push-dev"
    assert made.at("Ecs")["name"] == "deploy-web-dev"


def test_names_of_a_shared_repository(tmp_path: Path) -> None:
    """The role that pushes and its policy have names of their own."""
    text = HEAD + WEB + SHARED + NAMED + DEV
    made = synth_file(write(tmp_path, text), tmp_path / "cdktf.out")["web-images"]

    assert made.at("Deploy")["name"] == "web-ci"
    assert made.at("Deploy/Push-web")["name"] == "push-web"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            'ecr.push_role_name = "ci"\n' + DEV,
            "services.web.ecr: `ecr.push_role_name` is about a shared repository.",
            id="no shared repository",
        ),
        pytest.param(
            SHARED + 'ecr.push_role_name = "{environment}"\n' + DEV,
            "services.web.ecr: The role name of a shared repository holds `{environment}`.",
            id="role of an environment",
        ),
        pytest.param(
            SHARED + 'ecr.push_policy_name = "{environment}"\n' + DEV,
            "services.web.ecr: The policy name of a shared repository holds `{environment}`.",
            id="policy of an environment",
        ),
    ],
)
def test_refused(tmp_path: Path, text: str, expected: str) -> None:
    """What nobody could fill or read is refused."""
    found = mistakes(tmp_path, HEAD + WEB + text)

    assert any(one.startswith(expected) for one in found)


STG = "[services.web.environments.stg]\n"
BEFORE = environment("stg") + WEB + "workflow.promote = true\n"
TWICE = {
    "services.web.ecs.policy_name": (
        environment("stg") + WEB + ECS + 'policy_name = "deploy"\n' + DEV + STG
    ),
    "services.web.environments.stg.ecs.policy_name": (
        environment("stg") + WEB + ECS + DEV + STG + 'ecs.policy_name = "WEB-dev-deploy-ecs-dev"\n'
    ),
    "services.web.environments.stg.ecr.push_policy_name": (
        BEFORE + DEV + STG + 'ecr.push_policy_name = "ecr-pull-web-dev"\n'
    ),
}


@pytest.mark.parametrize("place", TWICE)
def test_two_policies_of_one_name(tmp_path: Path, place: str) -> None:
    """Policies of one name in an account, or on one role, are refused at the key of the second."""
    with pytest.raises(InvalidEnvironments) as caught:
        synth_file(write(tmp_path, HEAD + TWICE[place]), tmp_path / "cdktf.out")
    (line,) = caught.value.problems

    assert line.partition(": ")[0] == place


def test_one_name_in_two_accounts(tmp_path: Path) -> None:
    """In two accounts two policies may have one name."""
    prod = "[services.web.environments.prod]\n"
    text = HEAD + WEB + ECS + 'policy_name = "deploy"\n' + DEV + prod

    assert synth_file(write(tmp_path, text), tmp_path / "cdktf.out")
