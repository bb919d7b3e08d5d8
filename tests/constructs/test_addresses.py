"""Ids and names that are a contract: a changed one makes Terraform destroy and make again."""

from __future__ import annotations

from typing import Any

import pytest
from cdktf import App, TerraformStack, TerraformVariable
from synth import ACCOUNT, OTHER_ACCOUNT, PARAMETER, REGION, WEB, Synthesized, new_stack, synth

from constructs_lib import (
    CreationTemplate,
    EcrRegistry,
    EcrRepo,
    EcsDeployPolicy,
    GithubDeployRole,
    OidcProvider,
    PullThroughCache,
    ReplicationRule,
    Scanning,
    Statement,
)
from constructs_lib.provider import AwsProvider

ADDRESSES = {
    "Deploy/Managed-ReadOnlyAccess": (
        "aws_iam_role_policy_attachment.Deploy_Managed-ReadOnlyAccess_C3E50533"
    ),
    "Deploy/Pull-web": "aws_iam_role_policy.Deploy_Pull-web_07E48C1C",
    "Deploy/Push-web": "aws_iam_role_policy.Deploy_Push-web_425A74E8",
    "Deploy/Read-web": "aws_iam_role_policy.Deploy_Read-web_FA7C9843",
    "Deploy/Resource": "aws_iam_role.Deploy_7B206E61",
    "Deploy/Statements": "aws_iam_role_policy.Deploy_Statements_F440D8B1",
    "DeployAccessAccount": "data.aws_caller_identity.DeployAccessAccount",
    "DeployAccessPartition": "data.aws_partition.DeployAccessPartition",
    "DeployAccessRegion": "data.aws_region.DeployAccessRegion",
    "Ecs/Attachment": "aws_iam_role_policy_attachment.Ecs_Attachment_77859948",
    "Ecs/Resource": "aws_iam_policy.Ecs_E8DC93DB",
    "Gitlab/Lookup": "data.aws_iam_openid_connect_provider.Gitlab_Lookup_4102FB02",
    "Github/Certificate": "data.tls_certificate.Github_Certificate_B105DB92",
    "Github/Resource": "aws_iam_openid_connect_provider.Github_67AA2193",
    "Image/Lifecycle": "aws_ecr_lifecycle_policy.Image_Lifecycle_7148C5F2",
    "Image/Policy": "aws_ecr_repository_policy.Image_Policy_53783D08",
    "Image/Resource": "aws_ecr_repository.Image_9D742C96",
    "Registry/Policy": "aws_ecr_registry_policy.Registry_Policy_A22C660A",
    "Registry/PullThrough-a+b": (
        "aws_ecr_pull_through_cache_rule.Registry_PullThrough-ab_9679737F"
    ),
    "Registry/Replication": "aws_ecr_replication_configuration.Registry_Replication_D9FDE45D",
    "Registry/Scanning": "aws_ecr_registry_scanning_configuration.Registry_Scanning_6CEAD07B",
    "Registry/Template-ROOT": (
        "aws_ecr_repository_creation_template.Registry_Template-ROOT_EF83DA9D"
    ),
}
NAMES = {
    "Deploy/Pull-web": "ecr-pull-web",
    "Deploy/Push-web": "ecr-push-web",
    "Deploy/Read-web": "ecr-read-web",
    "Deploy/Resource": "web-deploy",
    "Deploy/Statements": "statements",
    "Ecs/Resource": "web-deploy-ecs-prod",
    "Image/Resource": "web",
}
SIDS = {
    "Deploy/Pull-web": ["LogInToRegistry", "PullImages"],
    "Deploy/Push-web": ["LogInToRegistry", "PushImages"],
    "Deploy/Read-web": ["ReadImages"],
    "Deploy/Resource": ["TrustExact", "TrustPattern"],
    "Deploy/Statements": ["Read"],
    "Ecs/Resource": ["RegisterTaskDefinition", "UpdateServices", "ReadServices", "PassTaskRoles"],
    "Image/Policy": ["PullFromAccounts"],
    "Registry/Policy": ["ReplicateFromAccounts", "FillAB"],
}


@pytest.fixture
def everything(app: App) -> Synthesized:
    """Make one of each, under the ids of the app's own stacks."""
    stack = TerraformStack(app, "web-prod")
    AwsProvider(stack, "Aws", region=TerraformVariable(stack, "region").string_value)
    OidcProvider.from_lookup(stack, "Gitlab", issuer="https://gitlab.com")
    role = GithubDeployRole(
        stack,
        "Deploy",
        name="web-deploy",
        oidc_provider=OidcProvider(stack, "Github", thumbprints="read"),
        subjects=[WEB.environment("prod"), WEB.tag_pattern("v*")],
        managed_policies=["arn:aws:iam::aws:policy/ReadOnlyAccess"],
        statements=[Statement(sid="Read", actions=["ssm:GetParameter"], resources=[PARAMETER])],
    )
    image = EcrRepo(stack, "Image", name="web")
    image.grant_push(role)
    image.grant_pull(role)
    image.grant_read(role)
    image.allow_pull_from(OTHER_ACCOUNT)
    EcrRegistry(
        stack,
        "Registry",
        scanning=Scanning.basic(),
        replication=[ReplicationRule(regions=["us-east-1"], prefixes=["web"])],
        pull_through=[PullThroughCache(prefix="a/b", upstream="quay.io", pulled_by=["build"])],
        allow_replication_from=[OTHER_ACCOUNT],
        creation_templates=[CreationTemplate(prefix="ROOT", applied_for=["REPLICATION"])],
    )
    EcsDeployPolicy(
        stack,
        "Ecs",
        role=role,
        cluster="prod",
        services=["web"],
        task_roles=["web-task"],
        execution_role=None,
    )
    return synth(stack)


def test_addresses(everything: Synthesized) -> None:
    """Every address is what it was."""
    assert everything.addresses == ADDRESSES


def test_names(everything: Synthesized) -> None:
    """Every name in AWS is what it was."""
    blocks = everything.blocks.items()

    assert {p: b.arguments["name"] for p, b in blocks if "name" in b.arguments} == NAMES


def test_sids(everything: Synthesized) -> None:
    """Every statement has a name, and it is what it was."""
    assert {
        path: [s.get("Sid") for s in everything[path].policy["Statement"]]
        for path in everything.paths(
            "aws_iam_role",
            "aws_iam_role_policy",
            "aws_iam_policy",
            "aws_ecr_registry_policy",
            "aws_ecr_repository_policy",
        )
    } == SIDS


@pytest.mark.parametrize(
    ("name", "where", "address"),
    [
        pytest.param("team/web", {}, "Deploy_Push-teamweb_6B3351C9", id="slash"),
        pytest.param(
            "web",
            {"account": OTHER_ACCOUNT},
            f"Deploy_Push-{OTHER_ACCOUNT}-{REGION}-web_A5F44920",
            id="account",
        ),
        pytest.param(
            "web",
            {"region": "us-east-1"},
            f"Deploy_Push-{ACCOUNT}-us-east-1-web_41CBE523",
            id="region",
        ),
        pytest.param("${var.name}", {}, "Deploy_Push-Image_6E46DEE5", id="reference"),
    ],
)
def test_addresses_of_grants(
    stack: TerraformStack, name: str, where: dict[str, Any], address: str
) -> None:
    """The address of a grant holds the repository, and its place when it is elsewhere."""
    role = GithubDeployRole.from_name(stack, "Deploy", name="web-deploy")
    EcrRepo.from_name(stack, "Image", name=name, **where).grant_push(role)

    assert list(synth(stack).addresses.values()) == [f"aws_iam_role_policy.{address}"]


def test_name_of_the_stack(app: App) -> None:
    """The name of the stack is no part of an address, so a stack can be renamed."""
    addresses: list[dict[str, str]] = []
    for name in ("web-prod", "shop-prod"):
        stack = new_stack(app, name, region="eu-west-1" if name == "web-prod" else "us-east-1")
        image = EcrRepo(stack, "Image", name="web")
        image.grant_push(GithubDeployRole.from_name(stack, "Deploy", name=name))
        addresses.append(synth(stack).addresses)

    assert addresses[0] == addresses[1]


def test_same_bytes(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The same program gives the same bytes, in another folder and after other programs."""
    texts: list[str] = []
    for name in ("one", "two"):
        stack = new_stack(App(outdir=str(tmp_path_factory.mktemp(name))))
        image = EcrRepo(stack, "Image", name=TerraformVariable(stack, "name").string_value)
        image.grant_push(GithubDeployRole.from_name(stack, "Deploy", name="web-deploy"))
        texts.append(synth(stack).text)

    assert texts[0] == texts[1]
