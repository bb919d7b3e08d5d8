"""Keys of `environments.toml` about whom a role trusts: audience, users, values of claims."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from estate_files import DEV, HEAD, SHARED, WEB, mistakes, write
from synthesized import synth_file

from deploy_access.errors import InvalidEnvironments

if TYPE_CHECKING:
    from pathlib import Path

    from synthesized import Synthesized

ISSUER = "token.actions.githubusercontent.com"
ALICE = "arn:aws:iam::111122223333:user/alice"
SEVERAL = 'audiences = ["sts.amazonaws.com", "acme"]\n'
PROVIDERS = HEAD.replace("[accounts.nonprod]\n", f"[accounts.nonprod]\n{SEVERAL}").replace(
    "[accounts.prod]\n", f"[accounts.prod]\n{SEVERAL}"
)
TWO = WEB + DEV + "[services.web.environments.prod]\n"


def made(folder: Path, text: str) -> dict[str, Synthesized]:
    """Write the file, and synthesize it."""
    return synth_file(write(folder, text), folder / "cdktf.out")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('actor = ["alice", "bob"]', {"actor": ["alice", "bob"]}, id="several"),
        pytest.param('actor = ["alice"]', {"actor": "alice"}, id="one in a list"),
        pytest.param('actor = "alice"', {"actor": "alice"}, id="one"),
    ],
)
def test_requiring(tmp_path: Path, text: str, expected: dict[str, object]) -> None:
    """A claim has a value, or any of several."""
    subjects = f'subjects = [{{ branch = "main", requiring = {{ {text} }} }}]\n'
    (statement,) = made(tmp_path, HEAD + WEB + DEV + subjects)["web-dev"].trust_policy()[
        "Statement"
    ]
    found = statement["Condition"]["StringEquals"]

    assert {key: found[f"{ISSUER}:{key}"] for key in expected} == expected


def test_requiring_pattern(tmp_path: Path) -> None:
    """A claim looks like any of several patterns."""
    patterns = 'ref = ["refs/heads/fix/*", "refs/tags/v*"]'
    subjects = f'subjects = [{{ environment = "dev", requiring_pattern = {{ {patterns} }} }}]\n'
    (statement,) = made(tmp_path, HEAD + WEB + DEV + subjects)["web-dev"].trust_policy()[
        "Statement"
    ]

    assert statement["Condition"]["StringLike"] == {
        f"{ISSUER}:ref": ["refs/heads/fix/*", "refs/tags/v*"]
    }


@pytest.mark.parametrize("value", ["1", '["alice", 1]', "true", '{ a = "b" }'])
def test_no_text(tmp_path: Path, value: str) -> None:
    """A claim that is neither a text nor a list of texts is one mistake, at its key."""
    subjects = f'subjects = [{{ branch = "main", requiring = {{ actor = {value} }} }}]\n'
    (found,) = mistakes(tmp_path, HEAD + WEB + DEV + subjects)

    assert found.startswith(
        "services.web.environments.dev.subjects[0].requiring.actor: A claim has a text, or a list "
    )


def test_audiences(tmp_path: Path) -> None:
    """The provider takes those of its account, and each role the nearest one that is said."""
    text = TWO.replace("repo_id", 'audience = "acme"\nrepo_id') + 'audience = "sts.amazonaws.com"\n'
    found = made(tmp_path, PROVIDERS + text + SHARED_KEYS)
    audiences = {
        stack: found[stack].trust_policy()["Statement"][0]["Condition"]["StringEquals"][
            f"{ISSUER}:aud"
        ]
        for stack in ("web-dev", "web-prod", "api-images")
    }

    assert found["account-nonprod"].at("Github")["client_id_list"] == ["sts.amazonaws.com", "acme"]
    assert audiences == {"web-dev": "acme", "web-prod": "sts.amazonaws.com", "api-images": "acme"}


SHARED_KEYS = (
    '[services.api]\nrepository = "api"\nrepo_id = 3\n' + SHARED + 'ecr.audience = "acme"\n'
)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        pytest.param(
            PROVIDERS + TWO,
            ["accounts.nonprod.audiences", "accounts.prod.audiences"],
            id="none of several",
        ),
        pytest.param(
            PROVIDERS + TWO.replace("repo_id", 'audience = "other"\nrepo_id'),
            ["services.web.audience"],
            id="not one of them",
        ),
        pytest.param(
            HEAD + WEB + 'ecr.audience = "acme"\n' + DEV, ["services.web.ecr"], id="nothing shared"
        ),
        pytest.param(
            PROVIDERS.replace('"acme"]', '"acme", "acme"]', 1),
            ["accounts.nonprod.audiences"],
            id="one twice",
        ),
    ],
)
def test_wrong_audience(tmp_path: Path, text: str, places: list[str]) -> None:
    """What no token would carry is refused at its key, once."""
    with pytest.raises(InvalidEnvironments) as caught:
        made(tmp_path, text)

    assert [line.partition(": ")[0] for line in caught.value.problems] == places


def test_trusted_users(tmp_path: Path) -> None:
    """People with users may assume the role of this environment, with MFA."""
    text = HEAD + WEB + DEV + f'trusted_users = ["{ALICE}"]\n'
    _, people = made(tmp_path, text)["web-dev"].trust_policy()["Statement"]

    assert people == {
        "Sid": "PeopleWithMfa",
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
        "Action": "sts:AssumeRole",
        "Condition": {
            "ArnEquals": {"aws:PrincipalArn": ALICE},
            "Bool": {"aws:MultiFactorAuthPresent": "true"},
        },
    }


@pytest.mark.parametrize(
    ("users", "place"),
    [
        pytest.param('"alice"', "trusted_users[0]", id="name"),
        pytest.param(f'"{ALICE}", "{ALICE}"', "trusted_users", id="twice"),
        pytest.param('"arn:aws:iam::111122223333:role/admin"', "trusted_users[0]", id="role"),
    ],
)
def test_wrong_user(tmp_path: Path, users: str, place: str) -> None:
    """A user who cannot be is refused at its place."""
    (found,) = mistakes(tmp_path, HEAD + WEB + DEV + f"trusted_users = [{users}]\n")

    assert found.partition(": ")[0] == f"services.web.environments.dev.{place}"
