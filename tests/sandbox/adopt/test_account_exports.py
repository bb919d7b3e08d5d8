"""The files of an account of 50 roles: what the AWS CLI would have written of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from account_exports import read_account, write_answers
from hand_made import GITHUB, Account
from large_account import NUMBER, OURS, REGION, SERVICES, make_large_account

from sandbox.server.aws_session import sign_in

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def files(moto: str, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Make the account, and write what the commands print."""
    session = sign_in(moto, NUMBER, REGION)
    make_large_account(Account(session, NUMBER))
    return write_answers(read_account(session), tmp_path_factory.mktemp("exports"))


@pytest.fixture(scope="module")
def answers(files: list[Path]) -> dict[str, Any]:
    """Read the files again."""
    return {path.name.removesuffix(".json"): json.loads(path.read_text("utf-8")) for path in files}


def test_everything_is_there(answers: dict[str, Any]) -> None:
    """Half of the roles trust GitHub, and no policy that a role has is left out."""
    roles = answers["authorization"]["RoleDetailList"]
    known = {one["Arn"] for one in answers["authorization"]["Policies"]}
    attached = {one["PolicyArn"] for role in roles for one in role["AttachedManagedPolicies"]}

    assert (len(roles), len(answers["repositories"]["repositories"])) == (50, 20)
    assert len(answers["providers"]["OpenIDConnectProviderList"]) == 3
    assert {role["RoleName"] for role in roles if f"{GITHUB}:sub" in json.dumps(role)} == set(OURS)
    assert attached == known


def test_policies_are_documents(answers: dict[str, Any]) -> None:
    """The CLI prints policies as JSON in JSON, and not as texts."""
    details = answers["authorization"]
    (role,) = [one for one in details["RoleDetailList"] if one["RoleName"] == OURS[0]]
    (inline,) = role["RolePolicyList"]
    (policy,) = [
        one for one in details["Policies"] if one["PolicyName"] == f"{SERVICES[0]}-deploys"
    ]

    assert len(inline["PolicyDocument"]["Statement"]) == 2
    assert len(policy["PolicyVersionList"][0]["Document"]["Statement"]) == 3
