"""The registry: its whole resources, and the policy that others use it by."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from cdktf import TerraformVariable
from synth import (
    ACCOUNT,
    OTHER_ACCOUNT,
    PULL_ACTIONS,
    REGION,
    Json,
    new_stack,
    policy,
    statement,
    synth,
)

from constructs_lib import (
    CreationTemplate,
    EcrRegistry,
    Encryption,
    Images,
    LifecycleRule,
    PullThroughCache,
    ReplicationRule,
    Scanning,
    TagMutability,
    constrain_aws_provider,
)
from constructs_lib.provider import AwsProvider, IamRole

if TYPE_CHECKING:
    from cdktf import App, TerraformStack

FACTS = {"format": 1, "construct": "EcrRegistry"}
SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:ecr-pullthroughcache/hub-AbCdEf"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/ecr-cache"
HUB = PullThroughCache(prefix="docker-hub", upstream="registry-1.docker.io", credential=SECRET)
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
UNTAGGED = {
    "rules": [
        {
            "rulePriority": 1,
            "action": {"type": "expire"},
            "selection": {
                "tagStatus": "untagged",
                "countType": "sinceImagePushed",
                "countUnit": "days",
                "countNumber": 14,
            },
        }
    ]
}


def filters(kind: str, *texts: str) -> list[Json]:
    """Write filters of repositories."""
    return [{"filter": text, "filter_type": kind} for text in texts]


def below(prefix: str) -> str:
    """Write the resource for the repositories with a prefix."""
    return f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/{prefix}"


@pytest.mark.parametrize(
    ("scanning", "arguments"),
    [
        pytest.param(
            Scanning.basic(),
            {
                "scan_type": "BASIC",
                "rule": [
                    {
                        "scan_frequency": "SCAN_ON_PUSH",
                        "repository_filter": filters("WILDCARD", "*"),
                    }
                ],
            },
            id="basic",
        ),
        pytest.param(
            Scanning.enhanced(continuous=["prod/*"], on_push=["web", "api"]),
            {
                "scan_type": "ENHANCED",
                "rule": [
                    {
                        "scan_frequency": "CONTINUOUS_SCAN",
                        "repository_filter": filters("WILDCARD", "prod/*"),
                    },
                    {
                        "scan_frequency": "SCAN_ON_PUSH",
                        "repository_filter": filters("WILDCARD", "api", "web"),
                    },
                ],
            },
            id="enhanced",
        ),
        pytest.param(
            Scanning.enhanced(continuous=["*"]),
            {
                "scan_type": "ENHANCED",
                "rule": [
                    {
                        "scan_frequency": "CONTINUOUS_SCAN",
                        "repository_filter": filters("WILDCARD", "*"),
                    }
                ],
            },
            id="continuous only",
        ),
    ],
)
def test_scanning(stack: TerraformStack, scanning: Scanning, arguments: Json) -> None:
    """One rule a frequency, sorted, and nothing else is made."""
    EcrRegistry(stack, "Registry", scanning=scanning)

    made = synth(stack)
    assert made.paths() == ["Registry/Scanning"]
    assert made["Registry/Scanning"].arguments == arguments
    assert made["Registry/Scanning"].facts == FACTS


def test_replication(stack: TerraformStack) -> None:
    """Rules in their order; the own account is named, and `*` is a rule without filter."""
    EcrRegistry(
        stack,
        "Registry",
        replication=[
            ReplicationRule(regions=["us-east-1", "eu-west-1"], prefixes=["web", "team/"]),
            ReplicationRule(regions=[REGION], account=OTHER_ACCOUNT, prefixes=["*"]),
        ],
    )

    made = synth(stack)
    assert made.paths() == ["Registry/Replication"]
    assert made["Registry/Replication"].arguments == {
        "replication_configuration": {
            "rule": [
                {
                    "destination": [
                        {"region": "us-east-1", "registry_id": ACCOUNT},
                        {"region": "eu-west-1", "registry_id": ACCOUNT},
                    ],
                    "repository_filter": filters("PREFIX_MATCH", "web", "team/"),
                },
                {"destination": [{"region": REGION, "registry_id": OTHER_ACCOUNT}]},
            ]
        }
    }
    assert made["Registry/Replication"].facts == FACTS


@pytest.mark.parametrize(
    ("cache", "path", "arguments"),
    [
        pytest.param(
            PullThroughCache(prefix="ecr-public", upstream="public.ecr.aws"),
            "PullThrough-ecr-public",
            {"ecr_repository_prefix": "ecr-public", "upstream_registry_url": "public.ecr.aws"},
            id="public",
        ),
        pytest.param(
            HUB,
            "PullThrough-docker-hub",
            {
                "ecr_repository_prefix": "docker-hub",
                "upstream_registry_url": "registry-1.docker.io",
                "credential_arn": SECRET,
            },
            id="with a password",
        ),
        pytest.param(
            PullThroughCache(
                prefix="team/images",
                upstream=f"{OTHER_ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com",
                role=ROLE,
                upstream_prefix="ROOT",
            ),
            "PullThrough-team+images",
            {
                "ecr_repository_prefix": "team/images",
                "upstream_registry_url": f"{OTHER_ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com",
                "custom_role_arn": ROLE,
                "upstream_repository_prefix": "ROOT",
            },
            id="another account",
        ),
        pytest.param(
            PullThroughCache(prefix="far", upstream=f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com"),
            "PullThrough-far",
            {
                "ecr_repository_prefix": "far",
                "upstream_registry_url": f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com",
            },
            id="another region",
        ),
    ],
)
def test_cache(stack: TerraformStack, cache: PullThroughCache, path: str, arguments: Json) -> None:
    """A cache is a rule; without roles that fill it there is no policy."""
    EcrRegistry(stack, "Registry", pull_through=[cache])

    made = synth(stack)
    assert made.paths() == [f"Registry/{path}"]
    assert made[f"Registry/{path}"].arguments == arguments
    assert made[f"Registry/{path}"].facts == FACTS


def test_policy(stack: TerraformStack) -> None:
    """Accounts may copy into every repository; roles may fill their cache, and no other."""
    EcrRegistry(
        stack,
        "Registry",
        allow_replication_from=[OTHER_ACCOUNT, "777788889999"],
        pull_through=[
            PullThroughCache(
                prefix="ecr-public",
                upstream="public.ecr.aws",
                pulled_by=["ecsTaskExecutionRole", "ci/build", ROLE],
            ),
            PullThroughCache(prefix="quay", upstream="quay.io", pulled_by=["build"]),
            HUB,
        ],
    )

    block = synth(stack)["Registry/Policy"]
    assert set(block.arguments) == {"policy"}
    assert block.facts == FACTS
    assert block.policy == policy(
        statement(
            "ReplicateFromAccounts",
            ["ecr:CreateRepository", "ecr:ReplicateImage"],
            below("*"),
            principal={
                "AWS": [f"arn:aws:iam::{OTHER_ACCOUNT}:root", "arn:aws:iam::777788889999:root"]
            },
        ),
        statement(
            "FillEcrPublic",
            ["ecr:BatchImportUpstreamImage", "ecr:CreateRepository"],
            below("ecr-public/*"),
            principal={
                "AWS": [
                    f"arn:aws:iam::{ACCOUNT}:role/ci/build",
                    ROLE,
                    f"arn:aws:iam::{ACCOUNT}:role/ecsTaskExecutionRole",
                ]
            },
        ),
        statement(
            "FillQuay",
            ["ecr:BatchImportUpstreamImage", "ecr:CreateRepository"],
            below("quay/*"),
            principal={"AWS": f"arn:aws:iam::{ACCOUNT}:role/build"},
        ),
    )


def test_statements_of_prefixes_with_the_same_words(stack: TerraformStack) -> None:
    """Two prefixes of the same words have statements of two names, and all else one resource."""
    EcrRegistry(
        stack,
        "Registry",
        pull_through=[
            PullThroughCache(prefix=prefix, upstream="quay.io", pulled_by=["build"])
            for prefix in ("a-b", "a/b", "ROOT")
        ],
    )

    made = synth(stack)
    found = made["Registry/Policy"].policy["Statement"]
    assert len({one["Sid"] for one in found}) == 3
    assert [one["Resource"] for one in found] == [below("a-b/*"), below("a/b/*"), below("*")]
    assert made.paths("aws_ecr_pull_through_cache_rule") == [
        "Registry/PullThrough-ROOT",
        "Registry/PullThrough-a+b",
        "Registry/PullThrough-a-b",
    ]


def test_policy_of_a_partition(app: App) -> None:
    """Principals and resources are those of the registry's partition."""
    stack = new_stack(app, region="cn-north-1")
    EcrRegistry(stack, "Registry", allow_replication_from=[OTHER_ACCOUNT])

    (found,) = synth(stack)["Registry/Policy"].policy["Statement"]
    assert found["Principal"] == {"AWS": f"arn:aws-cn:iam::{OTHER_ACCOUNT}:root"}
    assert found["Resource"] == f"arn:aws-cn:ecr:cn-north-1:{ACCOUNT}:repository/*"


def test_role_that_the_stack_makes(stack: TerraformStack) -> None:
    """A reference to a role's ARN stands as it is, so that Terraform makes the role first."""
    made_here = IamRole(stack, "Build", name="build", assume_role_policy="{}")
    cache = PullThroughCache(
        prefix="quay", upstream="quay.io", pulled_by=[made_here.arn, made_here.name]
    )
    EcrRegistry(stack, "Registry", pull_through=[cache])

    (found,) = synth(stack)["Registry/Policy"].policy["Statement"]
    assert sorted(found["Principal"]["AWS"]) == [
        "${aws_iam_role.Build.arn}",
        f"arn:aws:iam::{ACCOUNT}:role/${{aws_iam_role.Build.name}}",
    ]


@pytest.mark.parametrize(
    ("keywords", "arguments"),
    [
        pytest.param({}, {"image_tag_mutability": "MUTABLE"}, id="cache"),
        pytest.param(
            {"applied_for": ["REPLICATION", "PULL_THROUGH_CACHE"]},
            {
                "applied_for": ["PULL_THROUGH_CACHE", "REPLICATION"],
                "image_tag_mutability": "MUTABLE",
            },
            id="both",
        ),
        pytest.param(
            {"applied_for": ["REPLICATION"]},
            {"applied_for": ["REPLICATION"], "image_tag_mutability": "IMMUTABLE"},
            id="copies",
        ),
        pytest.param(
            {"tag_mutability": TagMutability.immutable()},
            {"image_tag_mutability": "IMMUTABLE"},
            id="immutable",
        ),
        pytest.param(
            {"encryption": Encryption.kms(KEY), "role": ROLE},
            {
                "encryption_configuration": [{"encryption_type": "KMS", "kms_key": KEY}],
                "custom_role_arn": ROLE,
            },
            id="key",
        ),
        pytest.param(
            {"tags": {"team": "web"}, "role": ROLE},
            {"resource_tags": {"team": "web"}, "custom_role_arn": ROLE},
            id="tags",
        ),
        pytest.param(
            {"description": "Copies of Docker Hub"},
            {"description": "Copies of Docker Hub"},
            id="description",
        ),
    ],
)
def test_template(stack: TerraformStack, keywords: dict[str, Any], arguments: Json) -> None:
    """Each keyword changes its own arguments and nothing else."""
    given: dict[str, Any] = {
        "prefix": "docker-hub",
        "applied_for": ["PULL_THROUGH_CACHE"],
        **keywords,
    }
    EcrRegistry(stack, "Registry", creation_templates=[CreationTemplate(**given)])

    made = synth(stack)
    block = made["Registry/Template-docker-hub"]
    found = {**block.arguments, "lifecycle_policy": json.loads(block.arguments["lifecycle_policy"])}
    assert made.paths() == ["Registry/Template-docker-hub"]
    assert block.facts == FACTS
    assert found == {
        "prefix": "docker-hub",
        "applied_for": ["PULL_THROUGH_CACHE"],
        "image_tag_mutability": "MUTABLE",
        "encryption_configuration": [{"encryption_type": "AES256"}],
        "lifecycle_policy": UNTAGGED,
        **arguments,
    }


def test_policies_of_a_template(stack: TerraformStack) -> None:
    """The repositories may have a policy and rules of their own, or no rules."""
    rules = [LifecycleRule.keep(Images.any(), count=9), LifecycleRule.expire_untagged()]
    EcrRegistry(
        stack,
        "Registry",
        creation_templates=[
            CreationTemplate(
                prefix="a/b",
                applied_for=["REPLICATION"],
                lifecycle=rules,
                pull_accounts=[OTHER_ACCOUNT],
            ),
            CreationTemplate(prefix="ROOT", applied_for=["REPLICATION"], lifecycle=()),
        ],
    )

    made = synth(stack)
    template = made["Registry/Template-a+b"].arguments
    written = json.loads(template["lifecycle_policy"])["rules"]
    assert [rule["selection"]["tagStatus"] for rule in written] == ["untagged", "any"]
    assert json.loads(template["repository_policy"]) == policy(
        statement(
            "PullFromAccounts",
            PULL_ACTIONS,
            principal={"AWS": f"arn:aws:iam::{OTHER_ACCOUNT}:root"},
        )
    )
    assert "lifecycle_policy" not in made["Registry/Template-ROOT"].arguments


def test_exclusions_of_a_template(app: App) -> None:
    """Tags that may move where others may not need provider 6.10."""
    stack = new_stack(app)
    constrain_aws_provider(stack)
    template = CreationTemplate(
        prefix="web",
        applied_for=["REPLICATION"],
        tag_mutability=TagMutability.immutable_except("buildcache*"),
    )
    EcrRegistry(stack, "Registry", creation_templates=[template])

    made = synth(stack)
    arguments = made["Registry/Template-web"].arguments
    assert arguments["image_tag_mutability"] == "IMMUTABLE_WITH_EXCLUSION"
    assert arguments["image_tag_mutability_exclusion_filter"] == filters("WILDCARD", "buildcache*")
    required = made.config["terraform"]["required_providers"]["aws"]["version"]
    assert required == ">= 6.10.0, < 7.0.0"


def test_where_nothing_is_known(app: App) -> None:
    """Account and region may be known at apply only; what they decide is not checked then."""
    stack = new_stack(app, account=None)
    account = TerraformVariable(stack, "other", type="string").string_value
    EcrRegistry(
        stack,
        "Registry",
        replication=[ReplicationRule(regions=["eu-west-1"], account=account, prefixes=["*"])],
        allow_replication_from=[account],
        pull_through=[HUB],
    )

    made = synth(stack)
    here = "${data.aws_caller_identity.DeployAccessAccount.account_id}"
    (found,) = made["Registry/Policy"].policy["Statement"]
    assert found["Resource"] == f"arn:aws:ecr:{REGION}:{here}:repository/*"
    assert found["Principal"] == {"AWS": "arn:aws:iam::${var.other}:root"}


def test_other_regions_by_alias(stack: TerraformStack) -> None:
    """Each region has a registry of its own, and each resource the alias of its region."""
    far = AwsProvider(stack, "Far", region="us-east-1", allowed_account_ids=[ACCOUNT], alias="far")
    EcrRegistry(stack, "Near", scanning=Scanning.basic())
    EcrRegistry(
        stack,
        "Away",
        scanning=Scanning.basic(),
        replication=[ReplicationRule(regions=[REGION], prefixes=["web"])],
        pull_through=[PullThroughCache(prefix="quay", upstream="quay.io", pulled_by=["build"])],
        creation_templates=[CreationTemplate(prefix="quay", applied_for=["PULL_THROUGH_CACHE"])],
        provider=far,
    )

    made = synth(stack)
    providers = {path: made[path].arguments.get("provider") for path in made.paths()}
    assert providers == {
        "Away/Policy": "aws.far",
        "Away/PullThrough-quay": "aws.far",
        "Away/Replication": "aws.far",
        "Away/Scanning": "aws.far",
        "Away/Template-quay": "aws.far",
        "Near/Scanning": None,
    }
