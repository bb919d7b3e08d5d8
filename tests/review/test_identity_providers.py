"""A provider of tokens that is new or another one: who has to look at what."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from access_pairs import PREFIX, PROVIDER, Json
from review_sides import one, stack, write_side

from deploy_access.review.compare import review

if TYPE_CHECKING:
    from pathlib import Path

TRUST = {
    "Effect": "Allow",
    "Principal": {"Federated": PROVIDER},
    "Action": "sts:AssumeRoleWithWebIdentity",
    "Condition": {"StringEquals": {f"{PREFIX}:sub": "repo:acme/web:x", f"{PREFIX}:aud": "a"}},
}

TAKES = f"AWS takes tokens of `{PREFIX}` for roles that trust it. "


def provider(*audiences: str) -> Json:
    """Make the provider of GitHub."""
    return one(
        "aws_iam_openid_connect_provider", url=f"https://{PREFIX}", client_id_list=[*audiences]
    )


def role() -> Json:
    """Make a role that trusts it."""
    trust = json.dumps({"Version": "2012-10-17", "Statement": [TRUST]})
    return one("aws_iam_role", name="deploy", assume_role_policy=trust)


def said(base: Json, head: Json, folder: Path) -> list[str]:
    """Say what is noticed of access."""
    sides = [
        str(write_side(folder / name, {"web": stack(resource)}))
        for name, resource in (("base", base), ("head", head))
    ]
    return [one.what for one in review(*sides).notices if one.kind == "access"]


CASES = [
    pytest.param({}, {**provider("a"), **role()}, [], id="with-its-role"),
    pytest.param(
        {}, provider("a"), [f"{TAKES}No role that was read trusts it."], id="without-a-role"
    ),
    pytest.param(
        role(),
        {**provider("a"), **role()},
        [f"{TAKES}These roles trust it: `deploy`."],
        id="role-was-there-before",
    ),
    pytest.param(
        {**provider("a"), **role()},
        {**provider("a", "b"), **role()},
        [f"{TAKES}These roles trust it: `deploy`."],
        id="audience-more",
    ),
]


@pytest.mark.parametrize(("base", "head", "expected"), CASES)
def test_a_provider(base: Json, head: Json, expected: list[str], tmp_path: Path) -> None:
    """It is nothing to read only where all whom it lets in are new, and listed."""
    assert said(base, head, tmp_path) == expected


def moved(
    folder: Path, *audiences: str, left: Json, url: str = PREFIX, **more: object
) -> list[str]:
    """Say what is noticed when the provider goes from the stack of the role to another one."""
    there = one(
        "aws_iam_openid_connect_provider",
        url=f"https://{url}",
        client_id_list=[*audiences],
        **more,
    )
    sides = (
        write_side(folder / "base", {"web": stack({**left, **role()})}),
        write_side(folder / "head", {"web": stack(role()), "account": stack(there)}),
    )
    return [one.what for one in review(*map(str, sides)).notices if one.kind == "access"]


def test_a_provider_that_goes_to_another_stack(tmp_path: Path) -> None:
    """AWS took all its tokens before."""
    assert moved(tmp_path, "a", left=provider("a", "b")) == []


UNLIKE = [
    pytest.param(provider("b"), PREFIX, id="other audience"),
    pytest.param(provider("a"), "gitlab.com", id="other issuer"),
    pytest.param({}, PREFIX, id="was nowhere"),
    pytest.param(
        one(
            "aws_iam_openid_connect_provider",
            url=f"https://{PREFIX}",
            client_id_list=["a"],
            count="${var.wanted}",
        ),
        PREFIX,
        id="was perhaps there",
    ),
]


@pytest.mark.parametrize(("left", "url"), UNLIKE)
def test_another_provider_in_another_stack(left: Json, url: str, tmp_path: Path) -> None:
    """What AWS did not take for certain is to be read."""
    assert len(moved(tmp_path, "a", left=left, url=url)) == 1


def test_other_certificates_in_another_stack(tmp_path: Path) -> None:
    """With them somebody else may sign the tokens."""
    assert len(moved(tmp_path, "a", left=provider("a"), thumbprint_list=["0" * 40])) == 1
