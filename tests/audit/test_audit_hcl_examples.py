"""Two of the systems that people built by hand are HCL: it shows the same traps in every form."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING

import pytest
from example_programs import EXAMPLES
from provider_plans import plan_files

from deploy_access.audit.estate_audit import audit_estate
from deploy_access.terraform.hcl_file import parse_hcl
from deploy_access.terraform.reader import read_estate

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from deploy_access.terraform.estate import Estate

    Found = set[tuple[str, str, str]]

FIRST = EXAMPLES / "001-shared-role-separate-state/as-written/terraform"
SECOND = EXAMPLES / "002-stack-per-environment/as-written/terraform"
# Each with its block and its line.
TRAPS: Mapping[tuple[Path, ...], Found] = {
    (FIRST / "account", FIRST / "application"): {
        ("no-aud", "data.aws_iam_policy_document.github_actions_deploy_assume_policy", "11"),
        ("repo-wide", "data.aws_iam_policy_document.github_actions_deploy_assume_policy", "11"),
        ("no-cluster", "data.aws_iam_policy_document.github_actions_deploy", "1"),
        ("pass-role-service", "data.aws_iam_policy_document.github_actions_deploy", "1"),
        ("role-arn", "aws_iam_role_policy_attachment.role_policy_attachment.role", "39"),
    },
    (SECOND,): {
        ("resource-star", "aws_iam_policy.github_actions_policy.policy", "35"),
        ("loose-aud", "aws_iam_role.github_actions.assume_role_policy", "9"),
        ("repo-wide", "aws_iam_role.github_actions.assume_role_policy", "9"),
        (
            *(
                "full-access-policy",
                "aws_iam_role_policy_attachment.github_actions_ecs_full_access",
            ),
            "62",
        ),
        ("mutable-tags", "aws_ecr_repository.main", "1"),
        ("no-lifecycle", "aws_ecr_repository.main", "1"),
        ("no-scan", "aws_ecr_repository.main", "1"),
    },
}


_ASKING = re.compile(r'data "(?:tls_certificate|aws_caller_identity)" "\w+" \{[^}]*\}\n')
_ANSWERS = {
    "data.tls_certificate.github_actions_deploy.certificates[0].sha1_fingerprint": "0" * 40,
    "data.aws_caller_identity.self.account_id": "111122223333",
}


def found_in(estate: Estate) -> Found:
    """List what the audit finds: rule, block and line."""
    return {
        (placed.finding.rule, placed.where.address, str(placed.where.line))
        for placed in audit_estate(estate).findings
    }


def without_lines(found: Found) -> set[tuple[str, str]]:
    """Leave the lines out, which another form has others of."""
    return {(rule, address) for rule, address, _ in found}


@pytest.mark.parametrize("folders", TRAPS, ids=["001", "002"])
def test_hcl(folders: tuple[Path, ...]) -> None:
    """As their authors wrote it, with the line of each trap, and nothing else."""
    assert found_in(read_estate(*folders)) == TRAPS[folders]


@pytest.mark.parametrize("folders", TRAPS, ids=["001", "002"])
def test_json(folders: tuple[Path, ...], tmp_path: Path) -> None:
    """The same blocks in Terraform's JSON."""
    written: list[Path] = []
    for folder in folders:
        out = tmp_path / folder.name
        out.mkdir()
        for file in folder.glob("*.tf"):
            content = parse_hcl(file.read_bytes(), file.name).content
            (out / f"{file.name}.json").write_text(json.dumps(content, indent=2), "utf-8")
        written.append(out)

    assert without_lines(found_in(read_estate(*written))) == without_lines(TRAPS[folders])


@pytest.mark.terraform
@pytest.mark.parametrize("folders", TRAPS, ids=["001", "002"])
def test_plan(folders: tuple[Path, ...], tmp_path: Path, provider_folder: Path) -> None:
    """The same, as Terraform plans it; what it would ask AWS or GitHub for is written out."""
    plans: list[Path] = []
    for folder in folders:
        place = tmp_path / folder.name
        place.mkdir()
        shutil.copy(provider_folder / "rc", place / "rc")
        files = {file.name: _alone(file.read_text("utf-8")) for file in folder.glob("*.tf")}
        plan = tmp_path / f"{folder.name}.json"
        plan.write_text(json.dumps(plan_files(place, files)), "utf-8")
        plans.append(plan)

    # A plan has the text of a document where it is used, and not the data source that made it.
    rules = sorted(rule for rule, _, _ in found_in(read_estate(*plans)))
    assert rules == sorted(rule for rule, _, _ in TRAPS[folders])


def _alone(source: str) -> str:
    """Write out what only AWS, or a server of GitHub's, can say."""
    source = _ASKING.sub("", source)
    for reference, value in _ANSWERS.items():
        source = source.replace(reference, json.dumps(value))
    return source
