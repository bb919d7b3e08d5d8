"""What is recognised and not read is named, with the command that makes it readable."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from deploy_access.cli import main

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("name", "text", "what", "fix"),
    [
        ("terragrunt.hcl", 'terraform { source = "x" }', "Terragrunt", "terragrunt show -json"),
        (".terraform.lock.hcl", "", "lock file", "Name its folder"),
        ("prod.tfvars", 'a = "b"', "values for variables", "Name the folder"),
        ("prod.tfvars.json", "{}", "values for variables", "Name the folder"),
        ("Pulumi.yaml", "name: x", "Pulumi", "aws iam get-role"),
        ("state.json", '{"version": 3, "deployment": {}}', "Pulumi", "aws iam get-role"),
        ("state.json", '{"version": 3, "checkpoint": {}}', "Pulumi", "aws iam get-role"),
        ("state.json", '{"encrypted_data": "x", "meta": {}}', "OpenTofu", "tofu show -json"),
        ("cdk.json", '{"app": "x"}', "the CDK", "cdk synth"),
        ("manifest.json", '{"version": "1", "artifacts": {}}', "the CDK", "cdk.out"),
        ("manifest.json", '{"version": "1", "stacks": {}}', "CDKTF", "cdktf.out"),
        ("cdktf.json", "{}", "CDKTF", "cdktf synth"),
        ("pod.yaml", "apiVersion: v1\nkind: Pod", "Kubernetes", "aws iam get-role"),
        ("pod.json", '{"apiVersion": "v1", "kind": "Pod"}', "Kubernetes", "aws iam get-role"),
        ("serverless.yml", "service: x\nprovider: {}", "Serverless", "serverless package"),
        ("deploy.yml", "on: push\njobs: {}", "workflow", "audit --workflows"),
        ("a.json", '{"Records": []}', "a log of CloudTrail", "explain --event"),
        ("a.json", '{"Events": []}', "a log of CloudTrail", "explain --event"),
        ("a.json", '{"eventSource": "x", "eventName": "y"}', "CloudTrail", "explain --event"),
        ("a.json", '{"iss": "x", "sub": "y", "aud": "z", "exp": 1}', "a token", "--token"),
        ("a.json", '{"format": 1, "summary": {}, "findings": []}', "a report", "is about"),
        ("a.json", '{"kind": "x", "format": 1, "findings": []}', "a baseline", "--baseline"),
        ("x.yaml", "a: 1", "no template", "Name a template"),
    ],
)
def test_recognised(tmp_path: Path, name: str, text: str, what: str, fix: str) -> None:
    """The message says what the file is, and what to name in its place."""
    (tmp_path / name).write_text(text, "utf-8")
    result = CliRunner().invoke(main, ["audit", str(tmp_path / name)])

    assert result.exit_code == 1
    assert what in result.output
    assert fix in " ".join(result.output.split())


def test_archive(tmp_path: Path) -> None:
    """A plan of Terraform is an archive, and so is what people download."""
    (tmp_path / "plan").write_bytes(b"PK\x03\x04...")
    result = CliRunner().invoke(main, ["audit", str(tmp_path / "plan")])

    assert "archive" in result.output
    assert "terraform show -json" in result.output
