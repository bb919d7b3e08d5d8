"""The stacks of the example estate: whole, reviewable, and with addresses that never change."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from synthesized import Synthesized, synth_file
from syrupy.extensions.json import JSONSnapshotExtension

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

ROOT = Path(__file__).parents[2]

IMAGE = ["aws_ecr_lifecycle_policy.Image_Lifecycle_7148C5F2", "aws_ecr_repository.Image_9D742C96"]
ROLE = ["aws_iam_role.Deploy_7B206E61"]
ECS = [
    "aws_iam_policy.Ecs_E8DC93DB",
    "aws_iam_role_policy_attachment.Ecs_Attachment_77859948",
]
INFRA = [
    "aws_iam_role.Infra_Apply_B0A4323E",
    "aws_iam_role.Infra_Plan_89BE7F7B",
    "aws_iam_role_policy.Infra_Apply_Policy_49FD5948",
    "aws_iam_role_policy.Infra_Plan_Policy_D8835AAF",
]

# A changed address makes Terraform destroy what is there and make it again.
ADDRESSES = {
    "account-nonprod": ["aws_iam_openid_connect_provider.Github_67AA2193", *INFRA],
    "account-prod": ["aws_iam_openid_connect_provider.Github_67AA2193", *INFRA],
    "web-images": [
        *IMAGE,
        "aws_ecr_repository_policy.Image_Policy_53783D08",
        *ROLE,
        "aws_iam_role_policy.Deploy_Push-web_425A74E8",
    ],
    "web-dev": [*ROLE, *ECS],
    "web-stg": [*ROLE, *ECS],
    "web-prod": [*ROLE, *ECS],
    "billing-dev": [*IMAGE, *ROLE, "aws_iam_role_policy.Deploy_Push-billing-dev_BB4D12C4"],
    "billing-stg": [*IMAGE, *ROLE, "aws_iam_role_policy.Deploy_Push-billing-stg_28C43868"],
    "billing-prod": [*IMAGE, *ROLE, *ECS, "aws_iam_role_policy.Deploy_Push-billing-prod_29378DA4"],
    "orders-dev": [*IMAGE, *ROLE, *ECS, "aws_iam_role_policy.Deploy_Push-orders-dev_6F908120"],
    "orders-prod": [*IMAGE, *ROLE, *ECS, "aws_iam_role_policy.Deploy_Push-orders-prod_6D34D4B4"],
    "basket-dev": [*IMAGE, *ROLE, *ECS, "aws_iam_role_policy.Deploy_Push-basket-dev_43773C94"],
    "basket-prod": [*IMAGE, *ROLE, *ECS, "aws_iam_role_policy.Deploy_Push-basket-prod_FDD4E8E9"],
    "reports-dev": [*IMAGE, *ROLE, *ECS, "aws_iam_role_policy.Deploy_Push-reports-dev_9088BD04"],
}

NEEDED = {
    "account-nonprod": [],
    "account-prod": [],
    "web-images": ["account-prod"],
    "web-dev": ["account-nonprod"],
    "web-stg": ["account-nonprod"],
    "web-prod": ["account-prod"],
    "billing-dev": ["account-nonprod"],
    "billing-stg": ["account-nonprod"],
    "billing-prod": ["account-prod"],
    "orders-dev": ["account-nonprod"],
    "orders-prod": ["account-prod"],
    "basket-dev": ["account-nonprod"],
    "basket-prod": ["account-prod"],
    "reports-dev": ["account-nonprod"],
}


@pytest.fixture(name="out", scope="module")
def _out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cdktf.out")


@pytest.fixture(name="estate", scope="module")
def _estate(out: Path) -> dict[str, Synthesized]:
    return synth_file(ROOT / "environments.toml", out)


@pytest.mark.parametrize("stack", ADDRESSES)
def test_stack(estate: dict[str, Synthesized], stack: str, snapshot: SnapshotAssertion) -> None:
    """Nothing in a stack changes without a reviewer seeing it."""
    assert estate[stack].reviewable() == snapshot(extension_class=JSONSnapshotExtension)


def test_addresses_are_frozen(estate: dict[str, Synthesized]) -> None:
    """The estate has exactly these stacks, and each exactly these addresses."""
    found = {name: stack.addresses for name, stack in estate.items()}

    assert found == {name: sorted(addresses) for name, addresses in ADDRESSES.items()}


@pytest.mark.usefixtures("estate")
@pytest.mark.parametrize("stack", NEEDED)
def test_stack_waits_for_what_it_needs(out: Path, stack: str) -> None:
    """A stack is deployed after its account's, and after the one with its images."""
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))

    assert manifest["stacks"][stack]["dependencies"] == NEEDED[stack]


def test_service_outputs_are_literal(estate: dict[str, Synthesized]) -> None:
    """What a workflow needs to know is in the outputs of its stack, as text."""
    assert estate["billing-prod"].outputs == {
        "role_arn": "arn:aws:iam::444455556666:role/billing-prod-deploy",
        "role_name": "billing-prod-deploy",
        "account_id": "444455556666",
        "region": "eu-central-1",
        "repository_url": "444455556666.dkr.ecr.eu-central-1.amazonaws.com/billing-prod",
        "repository_name": "billing-prod",
        "cluster": "prod-blue",
        "services": ["billing", "billing-worker"],
    }


def test_outputs_name_an_image_that_is_elsewhere(estate: dict[str, Synthesized]) -> None:
    """A stack whose images are in another account still says their address."""
    outputs = estate["web-dev"].outputs

    assert outputs["account_id"] == "111122223333"
    assert outputs["repository_url"] == "444455556666.dkr.ecr.eu-central-1.amazonaws.com/web"


def test_service_without_ecs_says_nothing_of_it(estate: dict[str, Synthesized]) -> None:
    """A service that only pushes has no output about a cluster."""
    assert set(estate["billing-dev"].outputs) == {
        "role_arn",
        "role_name",
        "account_id",
        "region",
        "repository_url",
        "repository_name",
    }


def test_account_outputs_are_literal(estate: dict[str, Synthesized]) -> None:
    """An account's stack says the provider's ARN, the account, and the roles of its repository."""
    assert estate["account-prod"].outputs == {
        "oidc_provider_arn": (
            "arn:aws:iam::444455556666:oidc-provider/token.actions.githubusercontent.com"
        ),
        "account_id": "444455556666",
        "plan_role_arn": "arn:aws:iam::444455556666:role/infra-plan",
        "apply_role_arn": "arn:aws:iam::444455556666:role/infra-apply",
        "region": "eu-central-1",
    }


def test_deploying_needs_no_access_to_shared_images(estate: dict[str, Synthesized]) -> None:
    """Where a role of its own pushes the images, the deploy roles have nothing to do with them."""
    for stack in ("web-dev", "web-stg", "web-prod"):
        assert estate[stack].resources("aws_iam_role_policy") == {}


@pytest.mark.parametrize("stack", ADDRESSES)
def test_stack_refuses_other_accounts(estate: dict[str, Synthesized], stack: str) -> None:
    """Credentials of the wrong account change nothing."""
    outputs = estate[stack].outputs

    assert estate[stack].provider["allowed_account_ids"] == [outputs["account_id"]]


def test_versions_are_constraints(estate: dict[str, Synthesized]) -> None:
    """Terraform and the provider may be newer than the bindings: the lock file decides."""
    assert estate["web-dev"].terraform["required_version"] == ">= 1.11"
    assert estate["web-dev"].terraform["required_providers"] == {
        "aws": {"source": "aws", "version": ">= 5.100.0, < 7.0.0"}
    }
