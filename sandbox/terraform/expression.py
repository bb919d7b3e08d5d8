"""
Finds out what a Terraform expression in a stack stands for, without asking Terraform.

Only what a reader could look up: names that another resource of the stack has as text, ARNs that
AWS builds from names, and the account, partition and region that a data source asks for.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sandbox.terraform.stack import partition_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.terraform.stack import Provider, Resource, Stack

_EXPRESSION = re.compile(r"(?<!\$)\$\{([^{}]+)\}")
_RESOURCE = re.compile(r"^(data\.)?(\w+)\.([\w-]+)\.(\w+)$")


class UnresolvedError(Exception):
    """
    An expression that only Terraform can compute.
    """


def resolve(stack: Stack, text: str) -> str:
    """
    Return *text* with every expression replaced; UnresolvedError names the first that cannot be.
    """
    replaced = _EXPRESSION.sub(lambda found: _value(stack, found[1].strip()), text)
    return replaced.replace("$${", "${").replace("%%{", "%{")


def _value(stack: Stack, expression: str) -> str:
    found = _RESOURCE.match(expression)
    if found is None:
        raise UnresolvedError(expression)
    is_data, kind, name, attribute = found.groups()
    candidates = stack.data(kind) if is_data else stack.resources(kind)
    for resource in candidates:
        if resource.name == name:
            return _attribute(resource, attribute)
    raise UnresolvedError(expression)


def _attribute(resource: Resource, attribute: str) -> str:
    known = _KNOWN.get((resource.type, attribute))
    if known:
        return known(resource)
    value = resource.body.get(attribute)
    if not isinstance(value, str):
        raise UnresolvedError(f"{resource.address}.{attribute}")
    return resolve(resource.stack, value)


def text(resource: Resource, key: str, default: str = "") -> str:
    """
    Return an argument of *resource* as the text that AWS gets.
    """
    return resolve(resource.stack, str(resource.body.get(key) or default))


def name(resource: Resource, key: str = "name") -> str:
    """
    Return the name of *resource*; UnresolvedError when AWS or Terraform chooses it.
    """
    found = text(resource, key)
    if not found or {"count", "for_each"} & set(resource.body):
        raise UnresolvedError(f"{resource.address}.{key}")
    return found


def iam_arn(provider: Provider, rest: str) -> str:
    """
    Return the ARN of something in the IAM of the provider's account.
    """
    return f"arn:{partition_of(provider.region)}:iam::{provider.account}:{rest}"


def _iam_arn_by_path(kind: str) -> Callable[[Resource], str]:
    def arn(resource: Resource) -> str:
        rest = f"{kind}{text(resource, 'path', '/')}{text(resource, 'name')}"
        return iam_arn(resource.provider, rest)

    return arn


def _oidc_arn(resource: Resource) -> str:
    host = text(resource, "url").removeprefix("https://")
    return iam_arn(resource.provider, f"oidc-provider/{host}")


def _ecr_arn(resource: Resource) -> str:
    provider = resource.provider
    where = f"arn:{partition_of(provider.region)}:ecr:{provider.region}:{provider.account}"
    return f"{where}:repository/{text(resource, 'name')}"


_KNOWN: dict[tuple[str, str], Callable[[Resource], str]] = {
    ("aws_iam_role", "arn"): _iam_arn_by_path("role"),
    ("aws_iam_role", "id"): lambda resource: text(resource, "name"),
    ("aws_iam_policy", "arn"): _iam_arn_by_path("policy"),
    ("aws_iam_openid_connect_provider", "arn"): _oidc_arn,
    ("aws_ecr_repository", "arn"): _ecr_arn,
    ("aws_ecr_repository", "id"): lambda resource: text(resource, "name"),
    ("aws_caller_identity", "account_id"): lambda resource: resource.provider.account,
    ("aws_partition", "partition"): lambda resource: partition_of(resource.provider.region),
    ("aws_region", "name"): lambda resource: resource.provider.region,
    ("aws_region", "region"): lambda resource: resource.provider.region,
    ("aws_region", "id"): lambda resource: resource.provider.region,
}
