"""Small policies of the public, and the findings that are true of each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from deploy_access.audit.estate_audit import audit_estate
from deploy_access.terraform.reader import read_estate

if TYPE_CHECKING:
    from deploy_access.audit.report_model import PlacedFinding

CASES = Path(__file__).parent / "cases"
# The severities and rules, the notes aside, which other tests hold.
FOUND: dict[str, set[tuple[str, str]]] = {
    "any-repository-pull-request.tf.json": {
        ("error", "org-wide"),
        ("error", "pull-request-write"),
    },
    "claim-narrows.json": {("warning", "repo-wide")},
    "codedeploy-readme.json": set(),
    "first-plan-for-each.json": {("error", "org-wide")},
    "get-policy-version.json": {("error", "pass-role-service"), ("error", "pass-role-star")},
    "inline-by-hand.plan.json": {
        ("error", "full-access-policy"),
        ("error", "service-wildcard"),
    },
    "legacy-and-other-branch.json": set(),
    "merge-queue.json": set(),
    "paste.json": {("error", "dup-key"), ("warning", "no-aud")},
    "push-works-tag-does-not.json": {("warning", "no-aud")},
    "template-in-policy.json": set(),
}
# Their rules are those of `sub`, and say more than one thing of a value.
NOT_CLEAN = ["no-context.json", "repository-claim.json"]


def found_in(name: str) -> list[PlacedFinding]:
    """Audit a case."""
    return [*audit_estate(read_estate(CASES / name)).findings]


@pytest.mark.parametrize("name", FOUND)
def test_a_case(name: str) -> None:
    """Each mistake is found, and nothing else."""
    findings = [placed.finding for placed in found_in(name)]

    assert {(f.severity, f.rule) for f in findings if f.severity != "note"} == FOUND[name]


@pytest.mark.parametrize("name", NOT_CLEAN)
def test_a_case_that_is_not_clean(name: str) -> None:
    """What matches nothing, or every run of a repository, is no clean policy."""
    assert any(placed.finding.severity != "note" for placed in found_in(name))


def test_every_case_is_here() -> None:
    """No file is left out."""
    assert {path.name for path in CASES.iterdir()} == {*FOUND, *NOT_CLEAN}


def test_what_aws_reports_is_placed_at_the_role() -> None:
    """What was attached by hand stands at the role on which AWS reports it."""
    places = {
        (placed.finding.rule, placed.finding.evidence.rpartition("/")[2], placed.where.address)
        for placed in found_in("inline-by-hand.plan.json")
    }

    assert {
        ("full-access-policy", "AdministratorAccess", "aws_iam_role.r"),
        ("service-wildcard", "*", "aws_iam_role.r.inline_policy[0].policy"),
    } <= places
