"""The registry of an account: from `[accounts.X.registry]` to the resources of its stack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from estate_files import HEAD, load, mistakes, write
from synthesized import synth_file

from constructs_lib import (
    CreationTemplate,
    Encryption,
    Images,
    LifecycleRule,
    PullThroughCache,
    ReplicationRule,
    Scanning,
    TagMutability,
)
from deploy_access.errors import InvalidEnvironments
from stacks.part_plans import RegistryPlan

if TYPE_CHECKING:
    from pathlib import Path

HERE = "eu-central-1:111122223333"
SECRET = f"arn:aws:secretsmanager:{HERE}:secret:ecr-pullthroughcache/hub-AbCdEf"
KEY = f"arn:aws:kms:{HERE}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
ROLE = "arn:aws:iam::111122223333:role/ecr-cache"
ALLOWED = """
[accounts.prod.registry]
allow_replication_from = ["nonprod"]
"""
REGISTRY = f"""{ALLOWED}
[accounts.nonprod.registry]
scanning = {{ type = "enhanced", continuous = ["prod/*"], on_push = ["*"] }}
replication = [
  {{ regions = ["eu-west-1"], prefixes = ["web"] }},
  {{ regions = ["eu-central-1"], account = "prod", prefixes = ["*"] }},
  {{ regions = ["eu-central-1"], account = "777788889999", prefixes = ["api"] }},
]
allow_replication_from = ["prod", "777788889999"]

[[accounts.nonprod.registry.pull_through]]
prefix = "docker-hub"
upstream = "registry-1.docker.io"
credential = "{SECRET}"
pulled_by = ["ecsTaskExecutionRole"]

[[accounts.nonprod.registry.pull_through]]
prefix = "central"
upstream = "444455556666.dkr.ecr.eu-central-1.amazonaws.com"
role = "{ROLE}"
upstream_prefix = "ROOT"

[[accounts.nonprod.registry.creation_templates]]
prefix = "docker-hub"
applied_for = ["pull_through_cache"]

[[accounts.nonprod.registry.creation_templates]]
prefix = "web"
applied_for = ["replication", "pull_through_cache"]
tag_mutability = "immutable"
tag_exclusions = ["latest"]
kms_key = "{KEY}"
pull_accounts = ["prod"]
role = "{ROLE}"
description = "Copies"
lifecycle = [
  {{ images = {{ status = "untagged" }}, count_type = "sinceImagePushed", count = 7 }},
  {{ images = {{ status = "any" }}, count_type = "imageCountMoreThan", count = 5 }},
]
tags = {{ team = "web" }}
"""


def registry(folder: Path, text: str) -> RegistryPlan | None:
    """Load a file that begins with the common head, and return the registry of `nonprod`."""
    return load(folder, HEAD + text).accounts[0].registry


def test_every_key(tmp_path: Path) -> None:
    """Each key becomes a value of the construct, and a name of an account its id."""
    assert registry(tmp_path, REGISTRY) == RegistryPlan(
        scanning=Scanning.enhanced(continuous=["prod/*"], on_push=["*"]),
        replication=(
            ReplicationRule(regions=["eu-west-1"], prefixes=["web"]),
            ReplicationRule(regions=["eu-central-1"], account="444455556666", prefixes=["*"]),
            ReplicationRule(regions=["eu-central-1"], account="777788889999", prefixes=["api"]),
        ),
        pull_through=(
            PullThroughCache(
                prefix="docker-hub",
                upstream="registry-1.docker.io",
                credential=SECRET,
                pulled_by=["ecsTaskExecutionRole"],
            ),
            PullThroughCache(
                prefix="central",
                upstream="444455556666.dkr.ecr.eu-central-1.amazonaws.com",
                role=ROLE,
                upstream_prefix="ROOT",
            ),
        ),
        allow_replication_from=("444455556666", "777788889999"),
        creation_templates=(
            CreationTemplate(prefix="docker-hub", applied_for=["PULL_THROUGH_CACHE"]),
            CreationTemplate(
                prefix="web",
                applied_for=["REPLICATION", "PULL_THROUGH_CACHE"],
                tag_mutability=TagMutability.immutable_except("latest"),
                encryption=Encryption.kms(KEY),
                pull_accounts=["444455556666"],
                role=ROLE,
                description="Copies",
                lifecycle=[
                    LifecycleRule.expire_untagged(days=7),
                    LifecycleRule.keep(Images.any(), count=5),
                ],
                tags={"team": "web"},
            ),
        ),
    )


COPY = """
[accounts.nonprod.registry]
replication = [{ regions = ["eu-central-1"], account = "prod", prefixes = ["*"] }]
"""
RECEIVER = "accounts.prod.registry.allow_replication_from"
REFUSED_COPIES = {
    "no table": COPY,
    "another is allowed": COPY + ALLOWED.replace("nonprod", "777788889999"),
    "nothing is": COPY + '[accounts.prod.registry]\nscanning.type = "basic"\n',
    "named by its id": COPY.replace('"prod"', '"444455556666"'),
}
COPIES = {
    "allowed": COPY + ALLOWED,
    "allowed by id": COPY + ALLOWED.replace("nonprod", "111122223333"),
    "another region of it": COPY.replace("eu-central-1", "eu-west-1"),
    "of no account here": COPY.replace('"prod"', '"777788889999"'),
    "in one account": COPY.replace('account = "prod", ', "").replace("central", "west"),
}


@pytest.mark.parametrize("case", REFUSED_COPIES)
def test_copy_that_is_not_allowed(tmp_path: Path, case: str) -> None:
    """A copy between two accounts of the file is refused where the receiver does not allow it."""
    (found,) = mistakes(tmp_path, HEAD + REFUSED_COPIES[case])

    assert found.startswith(f"{RECEIVER}: `accounts.nonprod` copies images into this registry, ")


@pytest.mark.parametrize("case", COPIES)
def test_copy(tmp_path: Path, case: str) -> None:
    """Any other copy is none of this file's business, or allowed."""
    assert registry(tmp_path, COPIES[case])


def test_no_registry(tmp_path: Path) -> None:
    """Without the table the registry stays as it is on AWS."""
    assert registry(tmp_path, "") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('{ type = "basic" }', Scanning.basic(), id="basic"),
        pytest.param(
            '{ type = "basic", on_push = ["web"] }', Scanning.basic(on_push=["web"]), id="some"
        ),
        pytest.param(
            '{ type = "enhanced", continuous = ["*"] }',
            Scanning.enhanced(continuous=["*"]),
            id="enhanced",
        ),
    ],
)
def test_scanning(tmp_path: Path, text: str, expected: Scanning) -> None:
    """A basic scan is of everything when it names nothing; an enhanced one names what it costs."""
    found = registry(tmp_path, f"[accounts.nonprod.registry]\nscanning = {text}")

    assert found is not None
    assert found.scanning == expected


@pytest.mark.parametrize(
    ("occasion", "keys", "expected"),
    [
        pytest.param("pull_through_cache", "", None, id="nothing"),
        pytest.param(
            "replication",
            'tag_mutability = "mutable"',
            TagMutability.mutable(),
            id="mutable",
        ),
        pytest.param(
            "replication",
            'tag_exclusions = ["v*"]',
            TagMutability.immutable_except("v*"),
            id="exclusions of a copy",
        ),
        pytest.param(
            "pull_through_cache",
            'tag_exclusions = ["v*"]',
            TagMutability.mutable_except("v*"),
            id="exclusions of a cache",
        ),
    ],
)
def test_tags_of_a_template(
    tmp_path: Path, occasion: str, keys: str, expected: TagMutability | None
) -> None:
    """The exclusions are from what the template has by default."""
    table = f'prefix = "a1"\napplied_for = ["{occasion}"]\n{keys}'
    found = registry(tmp_path, f"[[accounts.nonprod.registry.creation_templates]]\n{table}")

    assert found is not None
    assert found.creation_templates[0].tag_mutability == expected


def test_stack(tmp_path: Path) -> None:
    """The stack of the account has the registry, and no other stack has."""
    made = synth_file(write(tmp_path, HEAD + REGISTRY), tmp_path / "cdktf.out")

    assert {
        stack: sorted(
            f"{kind}.{name.rpartition('_')[0]}"
            for kind, found in one.content["resource"].items()
            for name in found
        )
        for stack, one in made.items()
    } == {
        "account-nonprod": [
            "aws_ecr_pull_through_cache_rule.Registry_PullThrough-central",
            "aws_ecr_pull_through_cache_rule.Registry_PullThrough-docker-hub",
            "aws_ecr_registry_policy.Registry_Policy",
            "aws_ecr_registry_scanning_configuration.Registry_Scanning",
            "aws_ecr_replication_configuration.Registry_Replication",
            "aws_ecr_repository_creation_template.Registry_Template-docker-hub",
            "aws_ecr_repository_creation_template.Registry_Template-web",
            "aws_iam_openid_connect_provider.Github",
        ],
        "account-prod": [
            "aws_ecr_registry_policy.Registry_Policy",
            "aws_iam_openid_connect_provider.Github",
        ],
    }
    statements: Any = made["account-nonprod"].policy("Registry/Policy")["Statement"]
    assert [one["Sid"] for one in statements] == ["ReplicateFromAccounts", "FillDockerHub"]


def refused(folder: Path, text: str) -> tuple[str, ...]:
    """Return what is said about a registry that the resolver or a construct refuses."""
    with pytest.raises(InvalidEnvironments) as caught:
        synth_file(write(folder, HEAD + text), folder / "cdktf.out")
    return caught.value.problems


MISTAKES = {
    'scanning = { type = "full" }': (
        "accounts.nonprod.registry.scanning.type: `type` is `basic` or `enhanced`."
    ),
    'scanning = { on_push = ["*"] }': (
        "accounts.nonprod.registry.scanning.type: The key is missing."
    ),
    'scanning = { type = "basic", continuous = ["*"] }': (
        "accounts.nonprod.registry.scanning: Only an enhanced scan is continuous."
    ),
    'scanning = { type = "enhanced" }': (
        "accounts.nonprod.registry.scanning: A scan names repositories."
    ),
    'scanning = { type = "basic", filters = ["*"] }': (
        "accounts.nonprod.registry.scanning.filters: There is no such key."
    ),
    'replication = [{ regions = ["eu-west-1"] }]': (
        "accounts.nonprod.registry.replication[0].prefixes: The key is missing."
    ),
    'replication = [{ regions = ["mars"], prefixes = ["*"] }]': (
        "accounts.nonprod.registry.replication[0].regions[0]: A region lies in one of AWS"
    ),
    'replication = [{ regions = [], prefixes = ["*"] }]': (
        "accounts.nonprod.registry.replication[0]: `regions` names at least one."
    ),
    'replication = [{ regions = ["eu-west-1"], prefixes = ["w*"] }]': (
        "accounts.nonprod.registry.replication[0]: A prefix is the beginning"
    ),
    'replication = [{ regions = ["eu-west-1"], prefixes = ["*"], account = "prd" }]': (
        "accounts.nonprod.registry.replication[0].account: `[accounts]` has no table of this name."
    ),
    'replication = [{ regions = ["eu-central-1"], prefixes = ["*"] }]': (
        "accounts.nonprod.registry: A registry is replicated to another one."
    ),
    'pull_through = [{ prefix = "quay" }]': (
        "accounts.nonprod.registry.pull_through[0].upstream: The key is missing."
    ),
    'pull_through = [{ prefix = "quay", upstream = "docker.io" }]': (
        "accounts.nonprod.registry.pull_through[0]: `upstream` is the host of a registry"
    ),
    'pull_through = [{ prefix = "quay", upstream = "quay.io", pulled_by = ["${x}"] }]': (
        "accounts.nonprod.registry.pull_through[0].pulled_by[0]: This takes plain text."
    ),
    'allow_replication_from = ["nonprod"]': (
        "accounts.nonprod.registry: `allow_replication_from` names other accounts."
    ),
    'allow_replication_from = ["dr"]': (
        "accounts.nonprod.registry.allow_replication_from[0]: `[accounts]` has no table"
    ),
    'creation_templates = [{ prefix = "a1", applied_for = ["REPLICATION"] }]': (
        "accounts.nonprod.registry.creation_templates[0].applied_for[0]: `applied_for` is"
    ),
    'creation_templates = [{ prefix = "a1", applied_for = [] }]': (
        "accounts.nonprod.registry.creation_templates[0]: `applied_for` names at least one."
    ),
    'creation_templates = [{ prefix = "a1", applied_for = ["replication"], kms_key = "k" }]': (
        "accounts.nonprod.registry.creation_templates[0].kms_key: `kms_key` is the ARN"
    ),
    'creation_templates = [{ prefix = "a1", applied_for = ["replication"], lifecycle = '
    '[{ images = { status = "tagged" }, count_type = "sinceImagePushed", count = 1 }] }]': (
        "accounts.nonprod.registry.creation_templates[0]: A rule for tagged images has prefixes or "
        "patterns, not both and not neither. Got {'prefixes': (), 'patterns': ()}. ECR refuses any "
        'other. Use `prefixes` or `patterns`, or `status = "any"`.'
    ),
    'creation_templates = [{ prefix = "a1", applied_for = ["replication"], lifecycle = '
    '[{ images = { status = "all" }, count_type = "sinceImagePushed", count = 1 }] }]': (
        "accounts.nonprod.registry.creation_templates[0].lifecycle[0].images.status: `status` is "
    ),
    "": "accounts.nonprod.registry: The table sets nothing.",
}


@pytest.mark.parametrize(("text", "message"), MISTAKES.items())
def test_mistake(tmp_path: Path, text: str, message: str) -> None:
    """A mistake is shown with the entry it is about."""
    (problem,) = refused(tmp_path, f"[accounts.nonprod.registry]\n{text}")

    assert problem.startswith(message)


def test_all_mistakes_at_once(tmp_path: Path) -> None:
    """Every value that ECR refuses has a line of its own."""
    text = """
[accounts.nonprod.registry]
scanning = { type = "enhanced" }
replication = [{ regions = ["eu-west-1"], prefixes = ["*", "a1"] }]
pull_through = [
  { prefix = "quay", upstream = "quay.io" },
  { prefix = "Hub", upstream = "docker.io" },
]
creation_templates = [{ prefix = "a1", applied_for = ["replication"], tags = { a = "b" } }]
"""

    found = mistakes(tmp_path, HEAD + text)

    assert [line.partition(": ")[0] for line in found] == [
        "accounts.nonprod.registry.scanning",
        "accounts.nonprod.registry.replication[0]",
        "accounts.nonprod.registry.pull_through[1]",
        "accounts.nonprod.registry.pull_through[1]",
        "accounts.nonprod.registry.creation_templates[0]",
    ]
