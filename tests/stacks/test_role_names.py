"""What roles are called, and the names that two entries cannot both have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from estate_files import DEV, ECS, HEAD, SHARED, WEB, environment, load, mistakes

if TYPE_CHECKING:
    from pathlib import Path

PROD = "[services.web.environments.prod]\n"
API = WEB.replace("web", "api").replace("= 2", "= 4")
API_DEV = DEV.replace("web", "api")
STG = environment("stg")
IN_STG = "[services.web.environments.stg]\n"
WHY = (
    "An account has one role of a name, whatever its path or letter case, so the second could not "
    "be made. Give it another `role_name`, for example '{service}-{environment}-deploy'."
)


def role_names(folder: Path, text: str) -> list[str]:
    """Load a file that begins with the common head, and return what its roles are called."""
    estate = load(folder, HEAD + text)
    return [plan.role.name for plan in (*estate.images, *estate.services)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(WEB + DEV + PROD, ["web-dev-deploy", "web-prod-deploy"], id="left out"),
        pytest.param(
            WEB + 'role_name = "ci.{environment}.{service}"\n' + DEV + PROD,
            ["ci.dev.web", "ci.prod.web"],
            id="service",
        ),
        pytest.param(
            WEB + 'role_name = "ci"\n' + DEV + PROD, ["ci", "ci"], id="one name, two accounts"
        ),
        pytest.param(
            WEB + 'role_name = "{service}-ci"\n' + DEV + PROD + 'role_name = "{environment}-x"',
            ["web-ci", "prod-x"],
            id="environment",
        ),
        pytest.param(
            WEB + SHARED + 'role_name = "ci"\n' + DEV,
            ["web-images-push", "ci"],
            id="not of the role that pushes",
        ),
    ],
)
def test_role_name(tmp_path: Path, text: str, expected: list[str]) -> None:
    """The nearest table that has a name decides, and placeholders are filled."""
    assert role_names(tmp_path, text) == expected


def taken(entry: str, first: str, name: str) -> str:
    """Write what is said about a name that another entry has."""
    return (
        f"{entry}: The role of this entry has the same name as that of `{first}`. "
        f"Got {name!r}. {WHY}"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            STG + WEB + 'role_name = "ci"\n' + DEV + IN_STG,
            taken("services.web.environments.stg", "services.web.environments.dev", "ci"),
            id="two environments of one account",
        ),
        pytest.param(
            WEB + DEV + 'role_name = "ci"\n' + API + API_DEV + 'role_name = "CI"\n',
            taken("services.api.environments.dev", "services.web.environments.dev", "CI"),
            id="letter case",
        ),
        pytest.param(
            WEB + DEV + API + API_DEV + 'role_name = "web-dev-deploy"\n',
            taken(
                "services.api.environments.dev", "services.web.environments.dev", "web-dev-deploy"
            ),
            id="the default of another",
        ),
        pytest.param(
            WEB + SHARED + PROD + 'role_name = "web-images-push"\n',
            taken("services.web.environments.prod", "services.web.ecr", "web-images-push"),
            id="the role that pushes",
        ),
        pytest.param(
            '[accounts.same]\nid = "111122223333"\nregion = "eu-west-1"\nstate = "main"\n'
            + STG.replace("nonprod", "same")
            + WEB
            + 'role_name = "ci"\n'
            + DEV
            + IN_STG,
            taken("services.web.environments.stg", "services.web.environments.dev", "ci"),
            id="one account in two tables",
        ),
        pytest.param(
            STG + 'assume_role = "ops/terraform"\n' + WEB + DEV + 'role_name = "terraform"\n',
            taken("services.web.environments.dev", "environments.stg.assume_role", "terraform"),
            id="the role of Terraform",
        ),
        pytest.param(
            WEB + ECS + DEV + 'role_name = "web-dev-task"\n',
            taken(
                "services.web.environments.dev", "services.web.environments.dev.ecs", "web-dev-task"
            ),
            id="the role of a task",
        ),
        pytest.param(
            WEB + DEV + 'role_name = "a b"\n',
            "services.web.environments.dev.role_name: The name of a role has 1 to 64 letters",
            id="no name of IAM",
        ),
        pytest.param(
            WEB + 'role_name = "{env}-ci"\n' + DEV,
            "services.web.role_name: A name holds `{service}` and `{environment}` in braces",
            id="no placeholder",
        ),
    ],
)
def test_refused(tmp_path: Path, text: str, expected: str) -> None:
    """A name that is held already, or that IAM does not take, is refused before a plan."""
    found, *_ = mistakes(tmp_path, HEAD + text)  # two tables of one account say more

    assert found.startswith(expected)
