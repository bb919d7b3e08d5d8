"""The workflows of five systems as their authors wrote them, and those that the command makes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from example_programs import APP, EXAMPLES

from deploy_access.audit.catalogue import WORKFLOW_RULES
from deploy_access.commands.both_ends import WorkflowOptions, audit_both
from deploy_access.terraform.reader import read_estate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from example_programs import Program

    from deploy_access.audit.report_model import Audit

SEEDS = Path(__file__).parent / "seeds"
OF_003 = {"AWS_ID": "210987654321", "ROLE_NAME": "deploy-to-ecs-github-actions"}
TERRAFORM = {
    name: EXAMPLES / folder / "as-written/terraform"
    for name, folder in {
        "001": "001-shared-role-separate-state",
        "002": "002-stack-per-environment",
    }.items()
}


def audit(roles: Sequence[Path], workflows: Path, repo: str, **variables: str) -> Audit:
    """Audit roles and workflows together."""
    options = WorkflowOptions(
        paths=(workflows,), repo=repo, owner_id=None, repo_id=None, variables=variables
    )
    return audit_both(read_estate(*roles), {}, options)


def of_seed(name: str, repo: str, **variables: str) -> Audit:
    """Audit a system as it was written."""
    roles = [TERRAFORM[name]] if name in TERRAFORM else [SEEDS / name / "role.json"]
    if name == "001":
        roles = [roles[0] / "account", roles[0] / "application"]
    return audit(roles, SEEDS / name, repo, **variables)


def in_workflows(found: Audit) -> set[tuple[str, int]]:
    """List the findings about workflows, each with its line."""
    return {
        (placed.finding.rule, placed.where.line)
        for placed in found.findings
        if placed.finding.rule in WORKFLOW_RULES
    }


NOTHING: set[tuple[str, int]] = set()
FOUND = [
    pytest.param(
        "000",
        "Test-User/techblue-dev",
        {},
        {
            ("unknown-role", 18),
            ("single-brace", 25),
            ("single-brace", 27),
            ("single-brace", 28),
            ("build-not-pushed", 28),
        },
        id="misspelt, one brace, no push",
    ),
    pytest.param("001", "acme/sample", {}, NOTHING, id="nothing but in its policies"),
    pytest.param("002", "acme/my-repo", {}, NOTHING, id="the role is a secret"),
    pytest.param("003", "acme/api", {}, {("closed-unmerged", 3)}, id="closed or merged"),
    pytest.param("003", "acme/api", OF_003, {("closed-unmerged", 3)}, id="with its secrets"),
    pytest.param(
        "004",
        "yutaro1985/github-actions-oidc-test",
        {},
        {("sign-in-refused", 28)},
        id="the issuer of 2021",
    ),
]


@pytest.mark.parametrize(("name", "repo", "variables", "expected"), FOUND)
def test_as_written(
    name: str, repo: str, variables: dict[str, str], expected: set[tuple[str, int]]
) -> None:
    """What is wrong with each workflow is found where it stands, and nothing else."""
    assert in_workflows(of_seed(name, repo, **variables)) == expected


def test_a_longer_session_than_the_role_gives(tmp_path: Path) -> None:
    """The fourth system asks for 900 seconds; for two hours AWS would refuse it."""
    text = (SEEDS / "004/.github/workflows/example.yml").read_text("utf-8")
    file = tmp_path / "example.yml"
    file.write_text(text.replace("seconds: 900", "seconds: 7200"), "utf-8")

    found = audit([SEEDS / "004/role.json"], file, "yutaro1985/github-actions-oidc-test")

    assert ("session-length", 31) in in_workflows(found)


def test_the_nearest_role_is_named() -> None:
    """The misspelt role of the first system is told, and the account that it is not in."""
    (found,) = [
        placed.finding
        for placed in of_seed("000", "Test-User/techblue-dev").findings
        if placed.finding.rule == "unknown-role"
    ]

    assert "in account 767397806995, the nearest one in account 000123456789" in found.why
    assert "role/Githubactions-to-ECR-role" in found.help


def test_what_makes_a_secret_known() -> None:
    """A role that hangs on secrets is named with the options that say what they are."""
    found = of_seed("003", "acme/api")

    assert any("--var AWS_ID=VALUE --var ROLE_NAME=VALUE" in p.what for p in found.problems)
    assert of_seed("003", "acme/api", **OF_003).sign_ins[0].runs[0].answer == "allowed"


REPOSITORIES = {
    "deploy-billing.yml": "acme/billing",
    "deploy-shop-basket.yml": "acme/shop",
    "deploy-shop-orders.yml": "acme/shop",
    "deploy-web.yml": "acme/web",
    "infra-deploy-wave.yml": "acme/infra",
    "infra-deploy.yml": "acme/infra",
    "infra-drift.yml": "acme/infra",
    "infra-review.yml": "acme/infra",
    "run-reports.yml": "acme/reports",
}


def test_each_generated_workflow_is_looked_at() -> None:
    """No workflow of the examples is left out."""
    assert {file.name for file in (EXAMPLES / "workflows").iterdir()} == set(REPOSITORIES)


@pytest.mark.parametrize("name", REPOSITORIES)
def test_generated(synthesize: Callable[[Program], Path], name: str) -> None:
    """In what the command makes of the stacks nothing is found, and every job gets in."""
    found = audit([synthesize(APP)], EXAMPLES / "workflows" / name, REPOSITORIES[name])

    assert in_workflows(found) == set()
    assert {run.answer for one in found.sign_ins for run in one.runs} <= {"allowed", "unknown"}
    assert found.sign_ins or name == "infra-deploy.yml"
