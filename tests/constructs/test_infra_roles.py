"""The pair of roles that plan and apply: whole policies, as AWS gets them, and their addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from judges import identity as parliament
from synth import ACCOUNT, GITHUB, REGION, Json, Synthesized, new_stack, policy, statement, synth

from constructs_lib import (
    LIBRARY_TYPES,
    GithubDeployRole,
    GithubRepo,
    InfraRoles,
    OidcProvider,
    Statement,
    TerraformState,
)
from deploy_access.bootstrap.infra_permissions import (
    assume_terraform_role,
    read_resources,
    read_states,
)
from deploy_access.iam.statement import PolicyDocument

if TYPE_CHECKING:
    from cdktf import App, TerraformStack

INFRA = GithubRepo("acme/infra", owner_id=123456, repo_id=456788)
PREFIX = "repo:acme@123456/infra@456788"
IAM = f"arn:aws:iam::{ACCOUNT}"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234abcd"
STATE = TerraformState(bucket="acme-state", key_prefix="deploy-access/")
READ_RESOURCES = [
    statement("ReadOidcProviders", "iam:GetOpenIDConnectProvider", f"{IAM}:oidc-provider/*"),
    statement("ReadPolicies", ["iam:GetPolicy", "iam:GetPolicyVersion"], f"{IAM}:policy/*"),
    statement(
        "ReadRepositories",
        [
            "ecr:DescribeRepositories",
            "ecr:GetLifecyclePolicy",
            "ecr:GetRepositoryPolicy",
            "ecr:ListTagsForResource",
        ],
        f"arn:aws:ecr:*:{ACCOUNT}:repository/*",
    ),
    statement(
        "ReadRoles",
        [
            "iam:GetRole",
            "iam:GetRolePolicy",
            "iam:ListAttachedRolePolicies",
            "iam:ListRolePolicies",
        ],
        f"{IAM}:role/*",
    ),
    statement("FindOidcProviders", "iam:ListOpenIDConnectProviders", "*"),
    statement(
        "ReadRegistry",
        [
            "ecr:DescribePullThroughCacheRules",
            "ecr:DescribeRegistry",
            "ecr:DescribeRepositoryCreationTemplates",
            "ecr:GetRegistryPolicy",
            "ecr:GetRegistryScanningConfiguration",
        ],
        "*",
    ),
]
READ_STATES = [
    statement(
        "FindStates",
        "s3:ListBucket",
        "arn:aws:s3:::acme-state",
        condition={"StringLike": {"s3:prefix": "deploy-access/*"}},
    ),
    statement("ReadStates", "s3:GetObject", "arn:aws:s3:::acme-state/deploy-access/*"),
]


def make_infra(stack: TerraformStack, construct_id: str = "Infra", **keywords: Any) -> InfraRoles:
    """Make the pair of an account, with the subjects that `[infra]` has by default."""
    there = stack.node.try_find_child("Github")
    defaults: dict[str, Any] = {
        "oidc_provider": there or OidcProvider.from_account(stack, "Github"),
        "plan_subjects": [INFRA.pull_request(), INFRA.branch("main")],
        "apply_subjects": [INFRA.environment("nonprod")],
        "terraform_role": "terraform",
    }
    return InfraRoles(stack, construct_id, **(defaults | keywords))


def made(stack: TerraformStack, **keywords: Any) -> Synthesized:
    """Make the pair, and synthesize it."""
    make_infra(stack, **keywords)
    return synth(stack)


def test_plan_reads(stack: TerraformStack) -> None:
    """Plan reads the settings of what the constructs make and the states, and no more."""
    found = made(stack, state=STATE)

    assert found["Infra/Plan/Policy"].policy == policy(*READ_RESOURCES, *READ_STATES)


def test_plan_with_a_local_state(stack: TerraformStack) -> None:
    """A state in a file needs no permission."""
    assert made(stack)["Infra/Plan/Policy"].policy == policy(*READ_RESOURCES)


def test_plan_with_a_key(stack: TerraformStack) -> None:
    """Of KMS, plan may decrypt with the one key that encrypts the states."""
    state = TerraformState(bucket="acme-state", key_prefix="deploy-access/", kms_key=KEY)

    assert made(stack, state=state)["Infra/Plan/Policy"].policy == policy(
        *READ_RESOURCES, *READ_STATES, statement("DecryptStates", "kms:Decrypt", KEY)
    )


def test_plan_of_some_types(stack: TerraformStack) -> None:
    """Plan reads what its types need, and nothing of the others."""
    found = made(stack, manages=["aws_ecr_repository", "aws_iam_role_policy"])

    assert found["Infra/Plan/Policy"].policy == policy(
        statement(
            "ReadRepositories",
            ["ecr:DescribeRepositories", "ecr:ListTagsForResource"],
            f"arn:aws:ecr:*:{ACCOUNT}:repository/*",
        ),
        statement("ReadRoles", "iam:GetRolePolicy", f"{IAM}:role/*"),
    )


@pytest.mark.parametrize(
    ("role", "arn"),
    [
        pytest.param("terraform", f"{IAM}:role/terraform", id="name"),
        pytest.param("ops/terraform", f"{IAM}:role/ops/terraform", id="path"),
        pytest.param(f"{IAM}:role/ops/tf", f"{IAM}:role/ops/tf", id="ARN"),
    ],
)
def test_apply_becomes_one_role(stack: TerraformStack, role: str, arn: str) -> None:
    """Apply may become the role of Terraform, by any of its names, and do nothing else."""
    found = made(stack, terraform_role=role, state=STATE)

    assert found["Infra/Apply/Policy"].policy == policy(
        statement("AssumeTerraformRole", "sts:AssumeRole", arn)
    )


def trust(*subjects: str) -> Json:
    """Write the policy that trusts some subjects."""
    equal = {f"{GITHUB}:aud": "sts.amazonaws.com", f"{GITHUB}:sub": [*subjects]}
    if len(subjects) == 1:
        equal[f"{GITHUB}:sub"] = subjects[0]
    return policy(
        statement(
            "TrustExact",
            "sts:AssumeRoleWithWebIdentity",
            condition={"StringEquals": equal},
            principal={"Federated": f"{IAM}:oidc-provider/{GITHUB}"},
        )
    )


def test_trust(stack: TerraformStack) -> None:
    """Each role trusts its own subjects, and none of the other's."""
    found = made(stack)

    assert found["Infra/Plan/Resource"].policy == trust(
        f"{PREFIX}:pull_request", f"{PREFIX}:ref:refs/heads/main"
    )
    assert found["Infra/Apply/Resource"].policy == trust(f"{PREFIX}:environment:nonprod")


def test_one_of_several_audiences(stack: TerraformStack) -> None:
    """Both roles take tokens of the one audience that is named."""
    github = OidcProvider(stack, "Github", audiences=["sts.amazonaws.com", "ours"])
    found = made(stack, oidc_provider=github, audience="ours")

    for role in ("Plan", "Apply"):
        (trusted,) = found[f"Infra/{role}/Resource"].policy["Statement"]
        assert trusted["Condition"]["StringEquals"][f"{GITHUB}:aud"] == "ours"


def test_names_and_addresses(stack: TerraformStack) -> None:
    """What a state and AWS know both roles by is a contract."""
    found = made(stack)

    assert found.addresses == {
        "Infra/Apply/Policy": "aws_iam_role_policy.Infra_Apply_Policy_49FD5948",
        "Infra/Apply/Resource": "aws_iam_role.Infra_Apply_B0A4323E",
        "Infra/Plan/Policy": "aws_iam_role_policy.Infra_Plan_Policy_D8835AAF",
        "Infra/Plan/Resource": "aws_iam_role.Infra_Plan_89BE7F7B",
    }
    assert {path: block.arguments["name"] for path, block in found.blocks.items()} == {
        "Infra/Apply/Policy": "terraform-apply",
        "Infra/Apply/Resource": "infra-apply",
        "Infra/Plan/Policy": "terraform-plan",
        "Infra/Plan/Resource": "infra-plan",
    }


def test_settings_of_both(stack: TerraformStack) -> None:
    """Name, path, session, boundary and tags are for both roles."""
    boundary = f"{IAM}:policy/boundary"
    infra = make_infra(
        stack,
        name="ops",
        path="/ci/",
        max_session_duration=7200,
        permissions_boundary=boundary,
        tags={"team": "ops"},
    )
    found = synth(stack)

    for path, name, does in (("Plan", "ops-plan", "Plans"), ("Apply", "ops-apply", "Applies")):
        arguments = found[f"Infra/{path}/Resource"].arguments
        del arguments["assume_role_policy"]
        assert arguments == {
            "name": name,
            "path": "/ci/",
            "description": f"{does} from acme/infra",
            "max_session_duration": 7200,
            "permissions_boundary": boundary,
            "tags": {"team": "ops"},
        }
    assert infra.plan.arn == f"{IAM}:role/ci/ops-plan"
    assert infra.apply.arn == f"{IAM}:role/ci/ops-apply"


def test_another_partition(app: App) -> None:
    """In China, every ARN is of China's partition."""
    stack = new_stack(app, region="cn-north-1")
    found = made(stack, state=STATE)
    texts = [str(found[f"Infra/{role}/Policy"].policy) for role in ("Plan", "Apply")]

    assert all("arn:aws:" not in text and "arn:aws-cn:" in text for text in texts)


def test_a_plan_may_get_more(stack: TerraformStack) -> None:
    """For resources of other types, plan takes statements that read, as any role does."""
    infra = make_infra(stack)
    infra.plan.add_statement(
        Statement(
            sid="ReadBuckets",
            actions=["s3:GetBucketPolicy"],
            resources=["arn:aws:s3:::acme-assets"],
        )
    )

    assert synth(stack)["Infra/Plan/Statements"].policy == policy(
        statement("ReadBuckets", "s3:GetBucketPolicy", "arn:aws:s3:::acme-assets")
    )


def test_both_are_roles(stack: TerraformStack) -> None:
    """Both are roles as any other, for grants and policies."""
    infra = make_infra(stack)

    assert isinstance(infra.plan, GithubDeployRole)
    assert isinstance(infra.apply, GithubDeployRole)


def test_an_acceptance_is_for_the_role_that_needs_it(stack: TerraformStack) -> None:
    """What is accepted of one role is not said of the other, where it would be unused."""
    found = made(
        stack,
        apply_subjects=[INFRA.any_environment()],
        accept={"any-environment": "one for each account"},
    )

    assert found["Infra/Apply/Resource"].facts["accept"] == {
        "any-environment": "one for each account"
    }
    assert "accept" not in found["Infra/Plan/Resource"].facts


def test_actions_are_of_aws() -> None:
    """Each action exists, and takes the resources and conditions that it is given."""
    state = TerraformState(bucket="acme-state", key_prefix="deploy-access/", kms_key=KEY)
    document = PolicyDocument(
        (
            *read_resources(LIBRARY_TYPES, iam_arn=IAM, ecr_arn=f"arn:aws:ecr:*:{ACCOUNT}"),
            *read_states("aws", state),
            assume_terraform_role(f"{IAM}:role/terraform"),
        )
    )

    assert parliament.findings(document) == []
