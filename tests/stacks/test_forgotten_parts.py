"""What leaves a stack of `environments.toml` and stays in AWS, and where its role still pushes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from estate_files import DEV, HEAD, WEB, mistakes, write
from synthesized import Synthesized, synth_file

if TYPE_CHECKING:
    from pathlib import Path

SHARED = (
    WEB + 'ecr.account = "nonprod"\necr.name = "web-dev"\necr.subjects = [{ branch = "main" }]\n'
)
FORGET = 'forget = ["repository"]\n'
IMAGE = {
    "aws_ecr_repository.Image_9D742C96",
    "aws_ecr_lifecycle_policy.Image_Lifecycle_7148C5F2",
    "aws_ecr_repository_policy.Image_Policy_53783D08",
}
ACCOUNT = "[accounts.nonprod]\n"


def synth(folder: Path, text: str) -> dict[str, Synthesized]:
    """Synthesize a file."""
    return synth_file(write(folder, text), folder / "cdktf.out")


def forgotten(made: Synthesized) -> set[str]:
    """Read what a stack forgets, of which nothing is destroyed."""
    blocks = made.content["removed"]
    assert all(one["lifecycle"] == {"destroy": False} for one in blocks)
    return {one["from"] for one in blocks}


def pushed_to(made: Synthesized) -> dict[str, list[str]]:
    """Read the repositories that roles push to, by the policy with which they do."""
    return {
        policy["name"]: [
            statement["Resource"].rpartition("/")[2]
            for statement in json.loads(policy["policy"])["Statement"]
            if statement["Resource"] != "*"
        ]
        for policy in made.resources("aws_iam_role_policy").values()
    }


def test_a_repository_is_forgotten(tmp_path: Path) -> None:
    """It is not made, nothing of it is destroyed, and the role pushes to it as before."""
    before = synth(tmp_path, HEAD + WEB + DEV)["web-dev"]
    after = synth(tmp_path, HEAD + WEB + DEV + FORGET)["web-dev"]

    made = {address for address in before.addresses if "_ecr_" in address}
    assert made < IMAGE
    assert forgotten(after) == IMAGE
    assert set(before.addresses) - set(after.addresses) == made
    assert after.at("Deploy/Push-web-dev")["policy"] == before.at("Deploy/Push-web-dev")["policy"]
    assert after.outputs == before.outputs


def test_a_repository_goes_to_a_stack_of_its_own(tmp_path: Path) -> None:
    """Its new stack takes it over, and the role of the old one pushes while `forget` stands."""
    taken = 'ecr.import_existing = ["repository", "lifecycle"]\n'
    before = synth(tmp_path, HEAD + WEB + DEV)["web-dev"]
    during = synth(tmp_path, HEAD + SHARED + taken + DEV + FORGET)
    after = synth(tmp_path, HEAD + SHARED + DEV)

    assert forgotten(during["web-dev"]) == IMAGE
    assert {one["id"] for one in during["web-images"].content["import"]} == {"web-dev"}
    assert pushed_to(during["web-dev"]) == pushed_to(before)
    assert pushed_to(during["web-images"]) == {"ecr-push-web-dev": ["web-dev"]}
    assert pushed_to(after["web-dev"]) == {}
    assert "removed" not in after["web-dev"].content


def test_a_repository_elsewhere_is_not_handed_over(tmp_path: Path) -> None:
    """In another account it is another one, to which this role never pushed."""
    shared = SHARED.replace('"nonprod"', '"prod"')
    made = synth(tmp_path, HEAD + shared + DEV + FORGET)["web-dev"]

    assert forgotten(made) == IMAGE
    assert pushed_to(made) == {}


def test_a_repository_of_another_name(tmp_path: Path) -> None:
    """The role pushes to both, and only the new one is made."""
    before = synth(tmp_path, HEAD + WEB + DEV)["web-dev"]
    renamed = 'ecr = { name = "shop/web", former_names = ["{service}-{environment}"] }\n'
    after = synth(tmp_path, HEAD + WEB + DEV + renamed)["web-dev"]

    assert pushed_to(after) == {"ecr-push-shop+web": ["web"], **pushed_to(before)}
    assert [one["name"] for one in after.resources("aws_ecr_repository").values()] == ["shop/web"]


def test_a_shared_repository_of_another_name(tmp_path: Path) -> None:
    """Its push role pushes to both; before, its stack forgets the former one."""
    text = SHARED.replace('"web-dev"', '"shop/web"') + 'ecr.former_names = ["web-dev"]\n'
    made = synth(tmp_path, HEAD + text + DEV)["web-images"]
    before = synth(tmp_path, HEAD + SHARED + f"ecr.{FORGET}" + DEV)["web-images"]

    assert pushed_to(made) == {"ecr-push-shop+web": ["web"], "ecr-push-web-dev": ["web-dev"]}
    assert forgotten(before) == IMAGE
    assert before.resources("aws_ecr_repository") == {}


def test_a_shared_repository_is_taken_over(tmp_path: Path) -> None:
    """With its push role and that one's policy."""
    parts = '["role", "push_policy", "repository", "lifecycle"]'
    made = synth(tmp_path, HEAD + SHARED + f"ecr.import_existing = {parts}\n" + DEV)

    assert [one["id"] for one in made["web-images"].content["import"]] == [
        "web-dev",
        "web-dev",
        "web-images-push",
        "web-images-push:ecr-push-web-dev",
    ]


def test_a_provider_is_forgotten(tmp_path: Path) -> None:
    """The account goes on with the one that another makes."""
    head = HEAD.replace(
        ACCOUNT, ACCOUNT + 'oidc_provider = "existing"\nforget = ["oidc_provider"]\n'
    )
    before = synth(tmp_path, HEAD)["account-nonprod"]
    after = synth(tmp_path, head)["account-nonprod"]

    assert forgotten(after) == set(before.addresses)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            HEAD.replace(ACCOUNT, ACCOUNT + 'forget = ["oidc_provider"]\n'),
            "accounts.nonprod.forget: `forget` names what this stack makes.",
            id="a provider that is made",
        ),
        pytest.param(
            HEAD + WEB + DEV + FORGET + 'import_existing = ["lifecycle"]\n',
            "services.web.environments.dev.forget: A repository of images is forgotten and taken",
            id="taken over too",
        ),
        pytest.param(
            HEAD + SHARED + f'ecr.{FORGET}ecr.import_existing = ["repository"]\n' + DEV,
            "services.web.ecr.forget: A repository of images is forgotten and taken over",
            id="shared and taken over too",
        ),
        pytest.param(
            HEAD + WEB + DEV + 'forget = ["repository", "repository"]\n',
            "services.web.environments.dev.forget: `forget` names each once.",
            id="twice",
        ),
        pytest.param(
            HEAD + WEB + f"ecr.{FORGET}" + DEV,
            "services.web.ecr: `ecr.forget` is about a shared repository.",
            id="not shared",
        ),
        pytest.param(
            HEAD + SHARED + 'ecr.import_existing = ["repository_policy"]\n' + DEV,
            "services.web.ecr.import_existing: `import_existing` names what this stack does not",
            id="nobody pulls",
        ),
        pytest.param(
            HEAD + WEB + 'ecr.former_names = ["web-dev"]\n' + DEV,
            "services.web.ecr: `ecr.former_names` holds the name",
            id="the name of today",
        ),
        pytest.param(
            HEAD + WEB + 'ecr = { push_policy_name = "push", former_names = ["old"] }\n' + DEV,
            "services.web.ecr: `ecr.former_names` is set beside `ecr.push_policy_name`.",
            id="one policy name",
        ),
    ],
)
def test_refused(tmp_path: Path, text: str, expected: str) -> None:
    """What contradicts itself, or would destroy, is refused at its place."""
    (found,) = mistakes(tmp_path, text)

    assert found.startswith(expected)
