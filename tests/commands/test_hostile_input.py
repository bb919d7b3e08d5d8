"""Small files that broke a command once, with the answers that are right."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from deploy_access.cli import main

if TYPE_CHECKING:
    from pathlib import Path

HOST = "token.actions.githubusercontent.com"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "111122223333"}}
    ],
}


def run(folder: Path, document: object, *arguments: str) -> Result:
    """Run a command on a file with *document* in it, whose name stands for FILE."""
    (folder / "x.json").write_text(json.dumps(document), "utf-8")
    words = [str(folder / "x.json") if word == "FILE" else word for word in arguments]
    return CliRunner().invoke(main, words)


def role(**more: object) -> dict[str, object]:
    """Write a module with one role."""
    body = {"name": "r", "assume_role_policy": json.dumps(TRUST), **more}
    return {"resource": {"aws_iam_role": {"R": body}}}


def allowing(**statement: object) -> dict[str, object]:
    """Write a module with a role that may do what one statement says."""
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]}
    return role(inline_policy=[{"name": "p", "policy": json.dumps(policy)}])


@pytest.mark.parametrize("key", ["Resource", "NotResource"])
@pytest.mark.parametrize("text", ["arn:", "arn:aws", "arn:aws:s3", "arn:::::"])
def test_a_resource_that_is_cut_off_is_unread(tmp_path: Path, key: str, text: str) -> None:
    """A resource that is no whole ARN is listed as what could not be read, and fails if asked."""
    document = allowing(Action="s3:GetObject", **{key: [text, "*"]})

    result = run(tmp_path, document, "review", "none", "FILE", "--fail-on", "unread")

    assert (result.exit_code, result.stderr) == (10, "")
    _, _, unread = result.stdout.partition("Not read, or not wholly\n")
    assert "aws_iam_role.R.inline_policy[0].policy" in unread
    assert unread.endswith(f"so AWS refuses the policy. Got {text}.\n")
    assert unread.count("\n") == 1


@pytest.mark.parametrize("arn", ["x", "", "arn", "arn:", 5, None, [], {"a": "b"}])
def test_a_role_whose_arn_is_none(tmp_path: Path, arn: object) -> None:
    """A role is explained by its policy, whatever AWS's answer has as its ARN."""
    document = {"Role": {"RoleName": "r", "Arn": arn, "AssumeRolePolicyDocument": TRUST}}
    flags = ("--repo", "acme/web", "--branch", "main")

    result = run(tmp_path, document, "explain", "--policy", "FILE", *flags)

    assert (result.exit_code, result.stderr) == (10, "")
    assert "denied[no-statement]: r does not let this run in" in result.stdout


@pytest.mark.parametrize("key", ["Resource", "NotResource"])
@pytest.mark.parametrize("value", ["*", [], [{}], {}, None, 5])
def test_a_trust_policy_with_a_resource(tmp_path: Path, key: str, value: object) -> None:
    """IAM takes no trust policy with a resource, whatever stands there instead of one."""
    statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Principal": {"Federated": f"arn:aws:iam::111122223333:oidc-provider/{HOST}"},
        key: value,
    }
    trust = {"Version": "2012-10-17", "Statement": [statement]}
    flags = ("--repo", "acme/web", "--branch", "main")

    result = run(tmp_path, trust, "explain", "--policy", "FILE", *flags)

    assert (result.exit_code, result.stderr) == (10, "")
    assert "denied[resource-element]" in result.stdout


@pytest.mark.parametrize(
    ("name", "shown"), [("${01}", "1"), ("${1e3}", "1000"), ("${1.0}", "1"), ("a${010}", "a10")]
)
def test_a_role_named_by_a_number(tmp_path: Path, name: str, shown: str) -> None:
    """A number in an expression is the text that Terraform makes of it."""
    result = run(tmp_path, role(name=name, assume_role_policy="{}"), "audit", "--policy", "FILE")

    assert (result.exit_code, result.stderr) == (10, "")
    assert result.stdout.startswith(f"warning[malformed-policy]: role {shown}\n")
