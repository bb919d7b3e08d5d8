"""The example estate of this repository gives exactly the roles that it makes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from deploy_access.terraform.reader import read_estate

ROOT = Path(__file__).parent.parent.parent
NONPROD, PROD = "111122223333", "444455556666"


@pytest.fixture(scope="session")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Synthesize the estate as people do."""
    folder = tmp_path_factory.mktemp("estate") / "cdktf.out"
    command = f"import os, runpy; os.environ['CDKTF_OUTDIR'] = {str(folder)!r}; "
    command += f"runpy.run_path({str(ROOT / 'main.py')!r}, run_name='__main__')"
    subprocess.run([sys.executable, "-c", command], check=True, cwd=ROOT, capture_output=True)
    return folder


def both(stack: str) -> list[tuple[str, str]]:
    """Name the policies of a role that pushes to its own repository and deploys."""
    place = stack.rpartition("-")[2]
    return [("inline", f"ecr-push-{stack}"), ("managed", f"{stack}-deploy-ecs-{place}")]


def test_roles_and_their_policies(out: Path) -> None:
    """Each role is in its account, has its trust policy, and what its constructs grant."""
    estate = read_estate(out)

    assert estate.problems == ()
    assert all(role.trust and role.trust.content for role in estate.roles)
    assert [
        (role.account, role.arn, [(p.kind, p.name) for p in role.policies]) for role in estate.roles
    ] == [
        (
            account,
            f"arn:aws:iam::{account}:role/{name}",
            policies,
        )
        for account, name, policies in [
            (NONPROD, "basket-dev-deploy", both("basket-dev")),
            (NONPROD, "billing-dev-deploy", [("inline", "ecr-push-billing-dev")]),
            (NONPROD, "billing-stg-deploy", [("inline", "ecr-push-billing-stg")]),
            (NONPROD, "infra-apply", [("inline", "terraform-apply")]),
            (NONPROD, "infra-plan", [("inline", "terraform-plan")]),
            (NONPROD, "orders-dev-deploy", both("orders-dev")),
            (NONPROD, "reports-dev-deploy", both("reports-dev")),
            (NONPROD, "web-dev-deploy", [("managed", "web-dev-deploy-ecs-dev")]),
            (NONPROD, "web-stg-deploy", [("managed", "web-stg-deploy-ecs-stg")]),
            (PROD, "basket-prod-deploy", both("basket-prod")),
            (
                PROD,
                "billing-prod-deploy",
                [
                    ("inline", "ecr-push-billing-prod"),
                    ("managed", "billing-prod-deploy-ecs-prod-blue"),
                ],
            ),
            (PROD, "infra-apply", [("inline", "terraform-apply")]),
            (PROD, "infra-plan", [("inline", "terraform-plan")]),
            (PROD, "orders-prod-deploy", both("orders-prod")),
            (PROD, "web-images-push", [("inline", "ecr-push-web")]),
            (PROD, "web-prod-deploy", [("managed", "web-prod-deploy-ecs-prod-blue")]),
        ]
    ]


def test_what_else_there_is(out: Path) -> None:
    """Providers, repositories, and what belongs to those."""
    estate = read_estate(out)

    names = [
        *("basket-dev", "billing-dev", "billing-stg", "orders-dev", "reports-dev"),
        *("basket-prod", "billing-prod", "orders-prod", "web"),
    ]
    assert [(p.account, p.url) for p in estate.providers] == [
        (account, "token.actions.githubusercontent.com") for account in (NONPROD, PROD)
    ]
    assert [r.name for r in estate.repositories] == names
    assert [p.resource for p in estate.lifecycles] == names
    assert [(p.type, p.resource) for p in estate.resource_policies] == [
        ("aws_ecr_repository_policy", "web")
    ]
