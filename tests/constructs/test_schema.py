"""
Every block that the constructs write, against the schema of the AWS provider.

`terraform validate` says the same, after seconds; this needs no Terraform.
"""

from __future__ import annotations

import inspect
import json
import re
from typing import TYPE_CHECKING, Any, cast

import pytest
from cdktf import TerraformStack, TerraformVariable
from cut_schema import DATA_SOURCES, FIXTURE, RESOURCES
from synth import ACCOUNT, OTHER_ACCOUNT, PARAMETER, WEB, Block, Json, Synthesized, new_stack, synth

from constructs_lib import (
    CodeDeploy,
    CreationTemplate,
    EcrRegistry,
    EcrRepo,
    EcsDeployPolicy,
    Encryption,
    GithubDeployRole,
    OidcProvider,
    PullThroughCache,
    ReplicationRule,
    Scanning,
    Statement,
    TagMutability,
    provider,
)
from constructs_lib.provider import (
    AwsProvider,
    EcrRepository,
    EcrRepositoryImageTagMutabilityExclusionFilter,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cdktf import App

SCHEMA: Json = json.loads(FIXTURE.read_text())
META_ARGUMENTS = {"depends_on", "lifecycle", "provider"}
# HashiCorp's tls provider is not on every machine that has the AWS one.
OTHER_PROVIDERS = {"tls_certificate"}
REFERENCE = re.compile(r"\$\{(data\.)?([a-z0-9_]+)\.([A-Za-z0-9_-]+)\.([a-z_]+)")


def problems(block: Block) -> list[str]:
    """Say what Terraform would say about the arguments of a block."""
    schema = SCHEMA[block.kind][block.type]
    arguments = {k: v for k, v in block.arguments.items() if k not in META_ARGUMENTS}
    return [f"{block.address}{problem}" for problem in _problems(arguments, schema)]


def _problems(arguments: Json, schema: Json) -> Iterator[str]:
    attributes, nested = schema["attributes"], schema.get("block_types", {})
    for name, value in arguments.items():
        if name in nested:
            yield from (f".{name}{p}" for p in _nested(value, nested[name]))
        elif name not in attributes:
            yield f".{name}: unknown"
        else:
            yield from (f".{name}: {p}" for p in _attribute(value, attributes[name]))
    for name, attribute in attributes.items():
        if attribute.get("required") and name not in arguments:
            yield f".{name}: missing"
    for name, kind in nested.items():
        if kind.get("min_items") and name not in arguments:
            yield f".{name}: missing"


def _attribute(value: Any, schema: Json) -> Iterator[str]:
    if not (schema.get("required") or schema.get("optional")):
        yield "read-only"
    if not _has_type(value, schema["type"]):
        yield f"not of type {schema['type']}"


def _has_type(value: Any, kind: str | list[Any]) -> bool:
    if isinstance(kind, list):
        if not isinstance(value, dict if kind[0] == "map" else list):
            return False
        items = cast("Json | list[Any]", value)
        inner = items.values() if isinstance(items, dict) else items
        return all(_has_type(v, kind[1]) for v in inner)
    types = {"string": str, "bool": bool, "number": int}
    reference = isinstance(value, str) and "${" in value
    return reference or (
        isinstance(value, types[kind]) and (kind == "bool" or not isinstance(value, bool))
    )


def _nested(value: Any, kind: Json) -> Iterator[str]:
    blocks = cast("list[Json]", [value] if isinstance(value, dict) else value)
    if kind["nesting_mode"] == "single" and not isinstance(value, dict):
        yield ": not one block"
    if len(blocks) > kind.get("max_items", len(blocks)):
        yield ": too many blocks"
    for block in blocks:
        yield from _problems(block, kind["block"])


def dangling(made: Synthesized) -> list[str]:
    """List references to what the stack does not have, or to attributes that nobody knows."""
    addresses = {block.address for block in made.blocks.values()}
    found: list[str] = []
    for data, block_type, name, attribute in REFERENCE.findall(made.text):
        known = SCHEMA["data" if data else "resource"].get(block_type, {}).get("attributes", {})
        address = f"{data}{block_type}.{name}"
        if block_type not in OTHER_PROVIDERS and (
            address not in addresses or attribute not in known
        ):
            found.append(f"{address}.{attribute}")
    return found


def make_registry(stack: TerraformStack) -> None:
    """Make a registry with every argument that provider 5.100 knows."""
    role = f"arn:aws:iam::{ACCOUNT}:role/ecr-cache"
    EcrRegistry(
        stack,
        "Registry",
        scanning=Scanning.enhanced(continuous=["prod/*"], on_push=["*"]),
        replication=[ReplicationRule(regions=["us-east-1"], prefixes=["web"])],
        pull_through=[
            PullThroughCache(
                prefix="hub", upstream="registry-1.docker.io", credential="${var.key}"
            ),
            PullThroughCache(
                prefix="far",
                upstream=f"{OTHER_ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com",
                role=role,
                upstream_prefix="ROOT",
                pulled_by=["build"],
            ),
        ],
        allow_replication_from=[OTHER_ACCOUNT],
        creation_templates=[
            CreationTemplate(
                prefix="hub",
                applied_for=["PULL_THROUGH_CACHE", "REPLICATION"],
                encryption=Encryption.kms("${var.key}"),
                pull_accounts=[OTHER_ACCOUNT],
                role=role,
                description="Copies of Docker Hub",
                tags={"team": "web"},
            )
        ],
    )


def make_everything(stack: TerraformStack, **image: Any) -> None:
    """Make each construct with every keyword that writes an argument."""
    OidcProvider.from_lookup(stack, "Gitlab", issuer="https://gitlab.com")
    github = OidcProvider(stack, "Github", thumbprints="read", tags={"team": "web"})
    OidcProvider(stack, "Listed", issuer="https://a.example", thumbprints=["0" * 40])
    role = GithubDeployRole(
        stack,
        "Deploy",
        name="web-deploy",
        oidc_provider=github,
        subjects=[WEB.environment("prod")],
        path="/ci/",
        permissions_boundary=f"arn:aws:iam::{ACCOUNT}:policy/boundary",
        managed_policies=["arn:aws:iam::aws:policy/ReadOnlyAccess"],
        statements=[Statement(sid="Read", actions=["ssm:GetParameter"], resources=[PARAMETER])],
        tags={"team": "web"},
    )
    repository = EcrRepo(
        stack,
        "Image",
        name="web",
        encryption=Encryption.kms("${var.key}"),
        prevent_destroy=True,
        tags={"team": "web"},
        **image,
    )
    repository.grant_push(role, cache=True)
    repository.grant_pull(role)
    repository.allow_pull_from(OTHER_ACCOUNT, lambda_functions=True)
    make_registry(stack)
    EcsDeployPolicy(
        stack,
        "Ecs",
        role=role,
        cluster="prod",
        services=["web"],
        task_roles=["web-task"],
        execution_role="execution",
        read_task_definition=True,
        one_off_tasks=["migrate"],
        codedeploy=CodeDeploy(),
        tag_on_create=True,
        tags={"team": "web"},
    )


@pytest.fixture
def everything(app: App) -> Synthesized:
    """Make everything that provider 5.100 knows, where nothing is known before apply."""
    stack = TerraformStack(app, "web")
    AwsProvider(stack, "Aws", region=TerraformVariable(stack, "region").string_value)
    make_everything(stack)
    return synth(stack)


def test_every_argument(everything: Synthesized) -> None:
    """Provider 5.100 takes every argument, misses none, and none is read-only."""
    blocks = [b for b in everything.blocks.values() if b.type not in OTHER_PROVIDERS]

    assert [problem for block in blocks for problem in problems(block)] == []


def test_every_type(everything: Synthesized) -> None:
    """Everything that the constructs can make is among what is checked."""
    assert {(b.kind, b.type) for b in everything.blocks.values()} == {
        *(("resource", block_type) for block_type in RESOURCES),
        *(("data", block_type) for block_type in (*DATA_SOURCES, *OTHER_PROVIDERS)),
    }


def test_every_reference(everything: Synthesized) -> None:
    """Every reference leads to a block of the stack and to an attribute that it has."""
    assert len(REFERENCE.findall(everything.text)) > 20
    assert dangling(everything) == []


def test_every_default(app: App) -> None:
    """The same with nothing but the required keywords."""
    stack = new_stack(app)
    image = EcrRepo(stack, "Image", name="web")
    image.grant_push(GithubDeployRole.from_name(stack, "Deploy", name="web-deploy"))
    OidcProvider(stack, "Github")

    made = synth(stack)
    assert [problem for block in made.blocks.values() for problem in problems(block)] == []
    assert dangling(made) == []


def test_exclusions(app: App) -> None:
    """Exclusions are the one thing that 5.100 does not know, hence the higher bound."""
    stack = new_stack(app)
    make_everything(stack, tag_mutability=TagMutability.immutable_except("cache*"))

    blocks = [b for b in synth(stack).blocks.values() if b.type not in OTHER_PROVIDERS]
    assert [problem for block in blocks for problem in problems(block)] == [
        "aws_ecr_repository.Image_9D742C96.image_tag_mutability_exclusion_filter: unknown"
    ]


def arguments_of(binding: type) -> set[str]:
    """List the arguments that a class of the bindings takes."""
    return set(inspect.signature(binding.__init__).parameters)


def test_exclusions_in_the_bindings(stack: TerraformStack) -> None:
    """The bindings, made from 6.25, know them and all that stands in them."""
    EcrRepo(stack, "Image", name="web", tag_mutability=TagMutability.immutable_except("cache*"))

    arguments = synth(stack)["Image/Resource"].arguments
    (exclusion,) = arguments["image_tag_mutability_exclusion_filter"]
    assert set(arguments) <= arguments_of(EcrRepository)
    assert set(exclusion) == {"filter", "filter_type"}
    assert set(exclusion) <= arguments_of(EcrRepositoryImageTagMutabilityExclusionFilter)


def binding_of(block: Block) -> type:
    """Find the class that a block was made by."""
    words = (["data"] if block.kind == "data" else []) + block.type.split("_")
    name = "".join(word.title() for word in words if word != "aws")
    return getattr(provider, name.replace("Data", "DataAws", 1) if block.kind == "data" else name)


def test_every_argument_in_the_bindings(everything: Synthesized) -> None:
    """The bindings, made from 6.25, take every argument too."""
    blocks = [b for b in everything.blocks.values() if b.type not in OTHER_PROVIDERS]

    assert [b.address for b in blocks if not set(b.arguments) <= arguments_of(binding_of(b))] == []


def broken(block_type: str, **arguments: Any) -> Block:
    """Write a block by hand."""
    return Block(kind="resource", type=block_type, name="X", arguments=arguments, facts={})


@pytest.mark.parametrize(
    ("block", "found"),
    [
        pytest.param(broken("aws_ecr_repository", name="web"), [], id="nothing"),
        pytest.param(
            broken("aws_ecr_repository", name="web", depends_on=[], lifecycle={}, provider="aws.x"),
            [],
            id="meta-arguments",
        ),
        pytest.param(
            broken("aws_ecr_repository", name="web", nam="web"), [".nam: unknown"], id="unknown"
        ),
        pytest.param(broken("aws_ecr_repository"), [".name: missing"], id="missing"),
        pytest.param(
            broken("aws_ecr_repository", name="web", arn="x"), [".arn: read-only"], id="read-only"
        ),
        pytest.param(
            broken("aws_ecr_repository", name=["web"]), [".name: not of type string"], id="type"
        ),
        pytest.param(
            broken("aws_iam_role", assume_role_policy="{}", max_session_duration=True),
            [".max_session_duration: not of type number"],
            id="boolean as number",
        ),
        pytest.param(
            broken("aws_ecr_repository", name="web", tags={"a": 1}),
            [".tags: not of type ['map', 'string']"],
            id="type of an element",
        ),
        pytest.param(
            broken("aws_ecr_repository", name="web", image_scanning_configuration={}),
            [".image_scanning_configuration.scan_on_push: missing"],
            id="missing in a block",
        ),
        pytest.param(
            broken(
                "aws_ecr_repository",
                name="web",
                image_scanning_configuration=[{"scan_on_push": True}] * 2,
            ),
            [".image_scanning_configuration: too many blocks"],
            id="too many blocks",
        ),
        pytest.param(
            broken("aws_ecr_repository", name="web", encryption_configuration=[{"type": "KMS"}]),
            [".encryption_configuration.type: unknown"],
            id="unknown in a block",
        ),
        pytest.param(
            broken("aws_ecr_repository", name="web", timeouts=[{"delete": "1m"}]),
            [".timeouts: not one block"],
            id="list for one block",
        ),
    ],
)
def test_the_check_itself(block: Block, found: list[str]) -> None:
    """A block that Terraform would refuse is found out."""
    assert problems(block) == [f"{block.type}.X{problem}" for problem in found]


@pytest.mark.parametrize(
    "reference",
    [
        pytest.param("${aws_ecr_repository.Other.name}", id="no such block"),
        pytest.param("${aws_ecr_repository.Image_9D742C96.nam}", id="no such attribute"),
        pytest.param("${data.aws_region.Image_9D742C96.id}", id="no such data source"),
    ],
)
def test_the_check_of_references(stack: TerraformStack, reference: str) -> None:
    """A reference that leads nowhere is found out."""
    EcrRepo(stack, "Image", name="web", tags={"x": reference})

    assert dangling(synth(stack)) == [reference.strip("${}")]
