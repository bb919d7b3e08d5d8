"""
Attributes that AWS makes of the arguments of a resource.

Names and ARNs follow https://docs.aws.amazon.com/service-authorization/latest/reference/.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from deploy_access.partition import PARTITIONS
from deploy_access.terraform.policy_data import policy_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from deploy_access.terraform.blocks import Block
    from deploy_access.terraform.resolver import Resolver

    Computed = Callable[[Resolver, Block], object]


def _iam_arn(kind: str) -> Computed:
    def arn(scope: Resolver, block: Block) -> str | None:
        name = scope.text(block.body.get("name"))
        # A path begins and ends with `/`, so it joins the kind and the name as it stands.
        path = scope.text(block.body.get("path")) or "/"
        return name and scope.place(block).arn("iam", f"{kind}{path}{name}", region=False)

    return arn


def _arn(service: str, kind: str) -> Computed:
    def arn(scope: Resolver, block: Block) -> str | None:
        name = scope.text(block.body.get("name"))
        return name and scope.place(block).arn(service, f"{kind}/{name}")

    return arn


def _provider_arn(scope: Resolver, block: Block) -> str | None:
    url = scope.text(block.body.get("url"))
    host = url and url.removeprefix("https://")
    return host and scope.place(block).arn("iam", f"oidc-provider/{host}", region=False)


def _bucket_arn(scope: Resolver, block: Block) -> str | None:
    bucket, partition = scope.text(block.body.get("bucket")), scope.place(block).partition
    return f"arn:{partition}:s3:::{bucket}" if bucket and partition else None


def _registry(scope: Resolver, block: Block) -> str | None:
    # https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html
    place, name = scope.place(block), scope.text(block.body.get("name"))
    suffix = _dns_suffix(scope, block)
    known = place.account and suffix and name
    return f"{place.account}.dkr.ecr.{place.region}.{suffix}/{name}" if known else None


def _dns_suffix(scope: Resolver, block: Block) -> str | None:
    partition = scope.place(block).partition
    return next((found.dns_suffix for found in PARTITIONS if found.name == partition), None)


def _argument(name: str) -> Computed:
    def argument(scope: Resolver, block: Block) -> str:
        known = scope.text(block.body.get(name))
        return scope.symbols.mark(f"{block.address}.{name}") if known is None else known

    return argument


def _place(part: Literal["account", "region", "partition"]) -> Computed:
    return lambda scope, block: getattr(scope.place(block), part)


# `id` is what `terraform import` takes, so it differs by type: a role's is its name, a policy's
# its ARN.
COMPUTED: dict[tuple[str, str, str], Computed] = {
    ("resource", "aws_iam_role", "arn"): _iam_arn("role"),
    ("resource", "aws_iam_role", "id"): _argument("name"),
    ("resource", "aws_iam_saml_provider", "arn"): _iam_arn("saml-provider"),
    ("resource", "aws_iam_saml_provider", "id"): _iam_arn("saml-provider"),
    ("resource", "aws_iam_user", "arn"): _iam_arn("user"),
    ("resource", "aws_iam_user", "id"): _argument("name"),
    ("resource", "aws_iam_group", "arn"): _iam_arn("group"),
    ("resource", "aws_iam_group", "id"): _argument("name"),
    ("resource", "aws_iam_policy", "arn"): _iam_arn("policy"),
    ("resource", "aws_iam_policy", "id"): _iam_arn("policy"),
    ("resource", "aws_iam_openid_connect_provider", "arn"): _provider_arn,
    ("resource", "aws_iam_openid_connect_provider", "id"): _provider_arn,
    ("resource", "aws_ecr_repository", "arn"): _arn("ecr", "repository"),
    ("resource", "aws_ecr_repository", "id"): _argument("name"),
    ("resource", "aws_ecr_repository", "registry_id"): _place("account"),
    ("resource", "aws_ecr_repository", "repository_url"): _registry,
    ("resource", "aws_ecs_cluster", "arn"): _arn("ecs", "cluster"),
    ("resource", "aws_ecs_cluster", "id"): _arn("ecs", "cluster"),
    ("resource", "aws_s3_bucket", "arn"): _bucket_arn,
    ("resource", "aws_s3_bucket", "id"): _argument("bucket"),
    ("data", "aws_caller_identity", "account_id"): _place("account"),
    ("data", "aws_caller_identity", "id"): _place("account"),
    # Version 6 of the provider renamed `name` to `region` and keeps both.
    ("data", "aws_region", "name"): _place("region"),
    ("data", "aws_region", "region"): _place("region"),
    ("data", "aws_region", "id"): _place("region"),
    ("data", "aws_partition", "partition"): _place("partition"),
    ("data", "aws_partition", "id"): _place("partition"),
    ("data", "aws_partition", "dns_suffix"): _dns_suffix,
    ("data", "aws_iam_openid_connect_provider", "arn"): _provider_arn,
    ("data", "aws_iam_role", "id"): _argument("name"),
    ("data", "aws_ecr_repository", "arn"): _arn("ecr", "repository"),
    ("data", "aws_s3_bucket", "arn"): _bucket_arn,
    ("data", "aws_s3_bucket", "id"): _argument("bucket"),
    ("data", "aws_iam_policy_document", "json"): policy_json,
    ("data", "aws_iam_policy_document", "minified_json"): policy_json,
}
