"""`FILE`, `ARN=FILE` and `ROLE=FILE`, also where names have a `=` or a drive in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy_access.errors import InvalidValue
from deploy_access.terraform.named_file import NamedFile, parse_named

ACCOUNT = "111122223333"
POLICY = f"arn:aws:iam::{ACCOUNT}:policy/ci/push"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/ci/web"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make two files, of which one has a `=` in its name."""
    for name in ("there.json", "a=b.json"):
        (tmp_path / name).write_text("{}", "utf-8")
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("text", "owner", "path"),
    [
        pytest.param(f"{POLICY}=v.json", POLICY, "v.json", id="policy"),
        pytest.param(f"{ROLE}=v.json", ROLE, "v.json", id="ARN of a role"),
        pytest.param("web=v.json", "web", "v.json", id="role"),
        pytest.param("web=-", "web", "-", id="stdin"),
        pytest.param(r"web=C:\answers\v.json", "web", r"C:\answers\v.json", id="Windows"),
        pytest.param("we=b=there.json", "we=b", "there.json", id="`=` in the role"),
        pytest.param("web=a=b.json", "web", "a=b.json", id="`=` in the file"),
        pytest.param("web=x=y.json", "web", "x=y.json", id="no such file"),
    ],
)
def test_an_owner(text: str, owner: str, path: str) -> None:
    """What stands before the `=` is the owner."""
    assert parse_named(text) == NamedFile(path=Path(path), owner=owner)


@pytest.mark.parametrize(
    "text", ["there.json", "a=b.json", r"C:\x=y\v.json", "./x=y/v.json", "=v.json", "x=", "-"]
)
def test_no_owner(text: str) -> None:
    """A file that is there, and what is no name of a role, is a file."""
    assert parse_named(text) == Path(text)


def test_what_an_owner_is() -> None:
    """A managed policy has an ARN, and a role has a name, with or without one."""
    policy, role, name = (NamedFile(path=Path(), owner=one) for one in (POLICY, ROLE, "web"))

    assert (str(policy.policy), policy.role, policy.account) == (POLICY, "", ACCOUNT)
    assert (role.policy, role.role, role.account) == (None, "web", ACCOUNT)
    assert (name.policy, name.role, name.account) == (None, "web", None)


@pytest.mark.parametrize(
    "text",
    [
        f"arn:aws:iam::{ACCOUNT}:user/u=v.json",
        "arn:aws:iam::1:role=v.json",
        "arn:aws:s3:::b=v.json",
        f"{POLICY}=",
        POLICY,
    ],
)
def test_a_bad_arn(text: str) -> None:
    """What begins as an ARN and is no owner is refused, with what to write."""
    with pytest.raises(InvalidValue) as caught:
        parse_named(text)

    (problem,) = caught.value.problems
    assert (problem.given, "policy/NAME=FILE" in problem.fix) == (text, True)
