"""The audit for programs is what its schema says, whatever is audited."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import pytest
from audit_policies import HOST, conditions, trust
from click.testing import CliRunner
from report_schemas import mistakes, unseen

from bench.review_estate import write_estate
from deploy_access.cli import main

ROOT = Path(__file__).parents[2]
PAGE = "tests/audit/page"
BOTH_ENDS = f"{PAGE}/both-ends/roles.json --workflows {PAGE}/both-ends/.github/workflows"
PILOT = f"{PAGE}/pilot.tf.json"
SHARED = "examples/001-shared-role-separate-state/as-written/trust-policy.json"
BASELINE = f"--baseline {PAGE}/baseline.json"
KINDS = {
    "a folder of Terraform": f"{PAGE}/infra",
    "a template": f"{PAGE}/template.yaml",
    "a whole account": f"{PAGE}/answers/get-account-authorization-details.json",
    "workflows": f"{BOTH_ENDS} --repo acme/web --owner-id 123456 --repo-id 456789",
    "workflows of no repository": BOTH_ENDS,
    "permissions": f"{PAGE}/permissions.json",
    "accepted": f"{PILOT} --today 2026-12-01",
    "no longer accepted": f"{PILOT} --today 2027-02-01",
    "accepted on the command line": f"{SHARED} --accept 'repo-wide=a pilot'",
    "a baseline": f"{SHARED} {BASELINE}",
    "another baseline": f"{PAGE}/trust-policy.json {BASELINE}",
    "a key twice": "tests/audit/two-ids.tf.json",
    "another account": "{scratch}/account.json",
    "stacks": "{scratch}/stacks",
    "an environment": f"{BOTH_ENDS} --workflows {{scratch}}/workflow.yml --repo acme/web",
    **{path.stem: str(path) for path in sorted((ROOT / "tests/audit/cases").iterdir())},
}


WORKFLOW = """\
on: push
permissions: { id-token: write }
jobs:
  deploy:
    runs-on: ubuntu-24.04
    environment: prod
    steps:
      - uses: aws-actions/configure-aws-credentials@v6
        with: { role-to-assume: "arn:aws:iam::111122223333:role/web", aws-region: eu-central-1 }
"""
ROLE = {
    "RoleName": "web",
    "Arn": "arn:aws:iam::111122223333:role/web",
    "Path": "/",
    "AssumeRolePolicyDocument": trust(
        StringEquals={**conditions(), f"{HOST}:actor": "me"},
        IpAddress={"aws:SourceIp": "10.0.0.0/8"},
    ),
    "AttachedManagedPolicies": [
        {"PolicyName": "x", "PolicyArn": "arn:aws:iam::111122223333:policy/x"}
    ],
}


@pytest.fixture(autouse=True)
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run where the page runs, with a few more files."""
    monkeypatch.chdir(ROOT)
    (tmp_path / "workflow.yml").write_text(WORKFLOW, "utf-8")
    (tmp_path / "account.json").write_text(json.dumps({"RoleDetailList": [ROLE]}), "utf-8")
    (tmp_path / "stacks").mkdir()
    write_estate(tmp_path / "stacks", 2, version=1)
    path = tmp_path / "stacks/stacks/service-0000-dev/cdk.tf.json"
    stack = json.loads(path.read_text("utf-8"))
    stack["resource"]["aws_iam_role"]["Deploy"]["assume_role_policy"] = "${var.unknown}"
    path.write_text(json.dumps(stack), "utf-8")
    return tmp_path


def printed(words: str, scratch: Path) -> Any:
    """Return what the command prints for programs."""
    given = shlex.split(words.replace("{scratch}", str(scratch)))
    result = CliRunner().invoke(main, ["audit", *given, "--format", "json"])
    assert result.exit_code in {0, 10}, result.output
    return json.loads(result.stdout)


@pytest.mark.parametrize("words", KINDS.values(), ids=KINDS)
def test_schema(words: str, scratch: Path) -> None:
    """Each kind of input gives a report of the schema."""
    assert mistakes("audit", printed(words, scratch)) == []


def test_every_part_is_seen(scratch: Path) -> None:
    """Together they have every key of the schema, so that none of it is untried."""
    assert unseen("audit", [printed(words, scratch) for words in KINDS.values()]) == []
