"""`--policy ARN=FILE` and `ROLE=FILE` of `audit` and of `explain`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from deploy_access.cli import main

ROOT = Path(__file__).parents[2]
PAGE = "tests/audit/page/answers"
ARN = "arn:aws:iam::111122223333:policy/web-push"


@pytest.fixture(autouse=True)
def root(monkeypatch: pytest.MonkeyPatch) -> None:
    """Work where the pages of the documentation do."""
    monkeypatch.chdir(ROOT)


def run(*arguments: str, given: str = "") -> Result:
    """Run the command."""
    return CliRunner().invoke(main, arguments, input=given)


def test_stdin_is_one_policy() -> None:
    """With an owner before it, `-` is one policy beside other inputs."""
    version = Path(f"{PAGE}/get-policy-version.json").read_text("utf-8")
    attached = f"web-deploy={PAGE}/list-attached-role-policies.json"
    arguments = (f"{PAGE}/get-role.json", f"--policy={attached}", f"--policy={ARN}=-")
    told = run("audit", *arguments, given=version)

    assert (told.exit_code, "error[service-wildcard]: role web-deploy" in told.stdout) == (10, True)


@pytest.mark.parametrize(
    ("policies", "said"),
    [
        (("-", "web=x.json"), "stands alone"),
        (("web=-", f"{ARN}=-"), "read once"),
        (("arn:aws:s3:::bucket=x.json",), "neither `ARN=FILE` nor `ROLE=FILE`"),
    ],
)
@pytest.mark.parametrize("command", [("audit",), ("explain", "--repo", "acme/web")])
def test_wrong_usage(command: tuple[str, ...], policies: tuple[str, ...], said: str) -> None:
    """A wrong owner, and a second reader of the standard input, are wrong usage."""
    told = run(*command, *(f"--policy={one}" for one in policies))

    assert (told.exit_code, said in told.stderr) == (2, True)


def test_explain_takes_an_owner() -> None:
    """A trust policy with a name is a role, which `explain` answers for."""
    trust = Path(f"{PAGE}/get-role.json").read_text("utf-8")
    policy = json.dumps(json.loads(trust)["Role"]["AssumeRolePolicyDocument"])
    told = run(
        *("explain", "--repo", "acme/web", "--owner-id", "123456", "--repo-id", "456789"),
        *("--environment", "prod", "--policy", "web-deploy=-"),
        given=policy,
    )

    assert (told.exit_code, "web-deploy" in told.stdout) == (0, True)
