"""OIDC providers, ECR repositories and the policies of resources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.json_shape import as_text, texts
from deploy_access.terraform.arguments import known, written
from deploy_access.terraform.block_body import nested
from deploy_access.terraform.documents import read_document
from deploy_access.terraform.estate import IdentityProvider, Repository, ResourcePolicy
from deploy_access.terraform.lookup import attribute
from deploy_access.terraform.metadata import acceptances
from deploy_access.terraform.premises import premises_of

if TYPE_CHECKING:
    from deploy_access.terraform.blocks import Block
    from deploy_access.terraform.file_facts import Gathered
    from deploy_access.terraform.scope import Scope

_SCANNING = "image_scanning_configuration"
# What may stand for a resource, the name that people know first.
_NAMES = ("bucket", "name", "arn", "id", "url", "key_id")
# The argument that names the resource. A registry has none: an account has one a region.
RESOURCE_POLICIES = {
    "aws_ecr_registry_policy": None,
    "aws_ecr_repository_policy": "repository",
    "aws_kms_key": "arn",
    "aws_kms_key_policy": "key_id",
    "aws_s3_bucket": "arn",
    "aws_s3_bucket_policy": "bucket",
    "aws_secretsmanager_secret": "arn",
    "aws_secretsmanager_secret_policy": "secret_arn",
    "aws_sns_topic": "arn",
    "aws_sns_topic_policy": "arn",
    "aws_sqs_queue": "arn",
    "aws_sqs_queue_policy": "queue_url",
}


def read_provider(scope: Scope, block: Block, found: Gathered) -> None:
    """Read an `aws_iam_openid_connect_provider`."""
    audiences = texts(scope.value(block.body.get("client_id_list")))
    found.providers.append(
        IdentityProvider(
            account=scope.place(block).account,
            url=written(scope, block, "url").removeprefix("https://"),
            audiences=tuple(scope.symbols.write(audience) for audience in audiences),
            where=scope.module.where(block.address),
            accept=acceptances(block),
        )
    )


def read_repository(scope: Scope, block: Block, found: Gathered) -> None:
    """Read an `aws_ecr_repository`."""
    place = scope.place(block)
    found.repositories.append(
        Repository(
            account=place.account,
            region=place.region,
            name=written(scope, block, "name"),
            arn=known(scope, block, "arn"),
            where=scope.module.where(block.address),
            accept=acceptances(block),
            tag_mutability=scope.known(block.body.get("image_tag_mutability") or "MUTABLE"),
            scan_on_push=_scans(scope, block),
        )
    )


def _scans(scope: Scope, block: Block) -> bool | None:
    """Whether images are scanned on push; without the block they are not."""
    given = [one.get("scan_on_push") for one in nested(scope, block, _SCANNING)]
    known = {"true": True, "false": False}
    return known.get(as_text(given[-1]) or "") if given else False


def read_resource_policy(scope: Scope, block: Block, found: Gathered) -> None:
    """Read the policy of a resource."""
    argument = RESOURCE_POLICIES[block.type]
    if argument == "arn" and not block.type.endswith("_policy"):
        _read_names(scope, block, found)
    # A key, a bucket, a secret, a topic and a queue may have `policy` as an argument, or none.
    if argument != "arn" or block.body.get("policy") is not None:
        found.resource_policies.append(_policy(scope, block, argument))


def _read_names(scope: Scope, block: Block, found: Gathered) -> None:
    """Read what may stand for a resource in the block of its policy."""
    given = (as_text(attribute(scope, block, name)) or "" for name in _NAMES)
    names = [scope.symbols.write(text) for text in given if text]
    name = next((one for one in names if "${" not in one), names[0])
    account = scope.place(block).account or ""
    found.resources |= {(block.type, account, one): name for one in names}


def read_lifecycle(scope: Scope, block: Block, found: Gathered) -> None:
    """Read an `aws_ecr_lifecycle_policy`."""
    found.lifecycles.append(_policy(scope, block, "repository"))


def _policy(scope: Scope, block: Block, argument: str | None) -> ResourcePolicy:
    place = scope.place(block)
    return ResourcePolicy(
        type=block.type,
        resource=written(scope, block, argument) if argument else "registry",
        account=place.account,
        region=place.region,
        document=read_document(
            scope, block, "policy", block.body.get("policy"), premises_of(scope, block)
        ),
        where=scope.module.where(block.address),
    )
