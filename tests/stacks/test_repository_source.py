"""A stack makes its repository of images, pushes to one that another makes, or has none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from estate_files import DEV, HEAD, SHARED, WEB, mistakes, write
from synthesized import synth_file

if TYPE_CHECKING:
    from pathlib import Path

ECR = "services.web.ecr"


def resources(tmp_path: Path, text: str) -> dict[str, dict[str, dict[str, object]]]:
    """Synthesize the one service."""
    made = synth_file(write(tmp_path, HEAD + WEB + DEV + text), tmp_path / "cdktf.out")
    return made["web-dev"].content["resource"]


def test_another_makes_it(tmp_path: Path) -> None:
    """The role may push to it, and nothing of it is made."""
    found = resources(tmp_path, 'ecr = { repository = "existing", name = "web" }\n')
    (push,) = found["aws_iam_role_policy"].values()

    assert "aws_ecr_repository" not in found
    assert push["name"] == "ecr-push-web"
    assert "arn:aws:ecr:eu-central-1:111122223333:repository/web" in str(push["policy"])


def test_there_is_none(tmp_path: Path) -> None:
    """The role pushes nothing."""
    found = resources(tmp_path, 'ecr = { repository = "none" }\n')

    assert found.keys() == {"aws_iam_role"}


def test_a_role_with_a_path(tmp_path: Path) -> None:
    """A role that is taken over keeps its path, or Terraform would replace it."""
    found = resources(tmp_path, 'role_path = "/ci/"\n')
    (role,) = found["aws_iam_role"].values()

    assert role["path"] == "/ci/"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        pytest.param(
            DEV + 'ecr = { repository = "existing", scan_on_push = false }\n',
            "`ecr.repository = \"existing\"` stands beside settings of it. Got ['scan_on_push'].",
            id="settings of another's",
        ),
        pytest.param(
            DEV + 'ecr = { repository = "none", name = "web" }\n',
            "`ecr.repository = \"none\"` stands beside settings of it. Got ['name'].",
            id="a name for nothing",
        ),
        pytest.param(
            SHARED + 'ecr.repository = "none"\n' + DEV,
            "`ecr.account` makes a repository for all environments.",
            id="shared, and none",
        ),
    ],
)
def test_refused(tmp_path: Path, text: str, what: str) -> None:
    """A key that would do nothing is refused with its reason."""
    (found,) = mistakes(tmp_path, HEAD + WEB + text)

    assert found.startswith(f"{ECR}: {what}")
