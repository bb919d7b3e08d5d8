"""What `import_existing` of `environments.toml` takes over, and what it cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from estate_files import DEV, ECS, HEAD, SHARED, WEB, mistakes, write
from synthesized import synth_file

if TYPE_CHECKING:
    from pathlib import Path

PULLED = 'ecr.pull_accounts = ["prod"]\n'
IDS = {
    "role": ("aws_iam_role.", "web-dev-deploy"),
    "push_policy": ("aws_iam_role_policy.", "web-dev-deploy:ecr-push-web-dev"),
    "managed_policies": (
        "aws_iam_role_policy_attachment.",
        "web-dev-deploy/arn:aws:iam::aws:policy/ReadOnlyAccess",
    ),
    "ecs_attachment": (
        "aws_iam_role_policy_attachment.",
        "web-dev-deploy/arn:aws:iam::111122223333:policy/web-dev-deploy-ecs-dev",
    ),
    "ecs_policy": ("aws_iam_policy.", "arn:aws:iam::111122223333:policy/web-dev-deploy-ecs-dev"),
    "repository": ("aws_ecr_repository.", "web-dev"),
    "lifecycle": ("aws_ecr_lifecycle_policy.", "web-dev"),
    "repository_policy": ("aws_ecr_repository_policy.", "web-dev"),
}
READS = 'managed_policies = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]\n'
NAMED = 'ecr = { repository = "existing" }\n'
NONE = 'ecr = { repository = "none" }\n'
WHAT = "`import_existing` names what this stack does not make."
ACCOUNT = "[accounts.prod]\n"
PROVIDER = 'import_existing = ["oidc_provider"]\n'


@pytest.mark.parametrize("part", IDS)
def test_a_part_is_taken_over(tmp_path: Path, part: str) -> None:
    """Each part is imported alone, by the id that the provider wants."""
    text = HEAD + WEB + PULLED + ECS + DEV + READS + f'import_existing = ["{part}"]\n'
    made = synth_file(write(tmp_path, text), tmp_path / "cdktf.out")["web-dev"]
    (found,) = made.content["import"]
    kind, expected = IDS[part]

    assert found["to"].startswith(kind)
    assert found["id"] == expected


def test_the_provider_is_taken_over(tmp_path: Path) -> None:
    """In the account that asks for it alone."""
    made = synth_file(
        write(tmp_path, HEAD.replace(ACCOUNT, ACCOUNT + PROVIDER)), tmp_path / "cdktf.out"
    )
    (found,) = made["account-prod"].content["import"]

    assert found["id"] == (
        "arn:aws:iam::444455556666:oidc-provider/token.actions.githubusercontent.com"
    )
    assert "import" not in made["account-nonprod"].content


@pytest.mark.parametrize(
    ("service", "part", "expected"),
    [
        pytest.param("", '"ecs_policy"', WHAT, id="no ECS"),
        pytest.param("", '"repository_policy"', WHAT, id="nobody pulls"),
        pytest.param(SHARED, '"push_policy", "repository"', WHAT, id="shared repository"),
        pytest.param("", '"ecs_attachment"', WHAT, id="attached without ECS"),
        pytest.param(NAMED, '"push_policy", "lifecycle"', WHAT, id="another makes it"),
        pytest.param(NONE, '"push_policy"', WHAT, id="no repository"),
        pytest.param("", '"role", "role"', "`import_existing` names each once.", id="twice"),
    ],
)
def test_refused(tmp_path: Path, service: str, part: str, expected: str) -> None:
    """What the stack does not make is refused before a plan."""
    text = HEAD + WEB + service + DEV + f"import_existing = [{part}]\n"
    (found,) = mistakes(tmp_path, text)

    assert found.startswith(f"services.web.environments.dev.import_existing: {expected}")


def test_a_provider_that_another_makes(tmp_path: Path) -> None:
    """A provider is looked up or taken over."""
    head = HEAD.replace(ACCOUNT, ACCOUNT + PROVIDER + 'oidc_provider = "existing"\n')
    (found,) = mistakes(tmp_path, head)

    assert found.startswith(f"accounts.prod.import_existing: {WHAT}")
