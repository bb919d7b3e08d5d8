"""
One synthesized stack: its provider configurations, its backend and its resources.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sandbox.terraform.blocks import COMMENT, Json, blocks, first, labelled, strings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

# What a provider gets that names no account and no region. The account is moto's own default.
DEFAULT_ACCOUNT = "123456789012"
DEFAULT_REGION = "us-east-1"

_ROLE_ACCOUNT = re.compile(r"^arn:[\w-]+:iam::(\d{12}):role/")


def partition_of(region: str) -> str:
    """
    Return the AWS partition that *region* is in.
    """
    prefixes = {
        "cn-": "aws-cn",
        "us-gov-": "aws-us-gov",
        "us-iso-": "aws-iso",
        "us-isob-": "aws-iso-b",
        "eu-isoe-": "aws-iso-e",
        "us-isof-": "aws-iso-f",
        "eusc-": "aws-eusc",
    }
    found = (name for prefix, name in prefixes.items() if region.startswith(prefix))
    return next(found, "aws")


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """
    One configuration of the AWS provider.
    """

    body: Json

    @property
    def alias(self) -> str | None:
        """
        The name that resources use to pick this configuration.
        """
        return self.body.get("alias")

    @property
    def region(self) -> str:
        """
        The region, or the sandbox's default when it is left out or not literal.
        """
        return literal(self.body.get("region")) or DEFAULT_REGION

    @property
    def role_arn(self) -> str | None:
        """
        The role that Terraform assumes, if any.
        """
        return literal(first(self.body.get("assume_role")).get("role_arn"))

    @property
    def account(self) -> str:
        """
        The account whose resources this configuration manages.
        """
        role = _ROLE_ACCOUNT.match(self.role_arn or "")
        allowed = [text for text in strings(self.body.get("allowed_account_ids")) if literal(text)]
        return role[1] if role else next(iter(allowed), DEFAULT_ACCOUNT)

    @property
    def default_tags(self) -> dict[str, str]:
        """
        The tags that every resource gets.
        """
        return dict(first(self.body.get("default_tags")).get("tags") or {})


@dataclass(frozen=True, slots=True, kw_only=True)
class Backend:
    """
    Where a stack keeps its state.
    """

    type: str
    body: Json

    @property
    def role_arn(self) -> str | None:
        """
        The role that only the backend assumes, if any.
        """
        nested = literal(first(self.body.get("assume_role")).get("role_arn"))
        return nested or literal(self.body.get("role_arn"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """
    One resource, or one data source when `is_data`.
    """

    stack: Stack
    type: str
    name: str
    body: Json
    is_data: bool = False

    @property
    def address(self) -> str:
        """
        The name that Terraform gives it.
        """
        return f"{'data.' if self.is_data else ''}{self.type}.{self.name}"

    @property
    def provider(self) -> Provider:
        """
        The provider configuration that it uses.
        """
        reference = str(self.body.get("provider") or "aws")
        return self.stack.provider(reference.partition(".")[2] or None)

    @property
    def metadata(self) -> Mapping[str, Any]:
        """
        What the construct left for tools; empty for anybody else's resource.
        """
        return first(first(self.body.get(COMMENT)).get("deploy_access"))

    @property
    def prevents_destroy(self) -> bool:
        """
        Whether Terraform refuses to destroy it.
        """
        return bool(first(self.body.get("lifecycle")).get("prevent_destroy"))


@dataclass(frozen=True, kw_only=True, eq=False)
class Stack:
    """
    One stack of `cdktf.out`.
    """

    name: str
    path: Path
    document: Json
    dependencies: tuple[str, ...] = ()

    @property
    def terraform(self) -> list[Json]:
        """
        The `terraform` blocks: backend, required providers and version.
        """
        return list(blocks(self.document.get("terraform")))

    @property
    def providers(self) -> list[Provider]:
        """
        The configurations of the AWS provider; one empty one where the stack has none.
        """
        found = [
            Provider(body=body)
            for (name,), body in labelled(self.document.get("provider"), 1)
            if name == "aws"
        ]
        return found or [Provider(body={})]

    def provider(self, alias: str | None) -> Provider:
        """
        Return the configuration with this alias, or the one without.
        """
        found = (provider for provider in self.providers if provider.alias == alias)
        return next(found, Provider(body={}))

    @property
    def account(self) -> str:
        """
        The account whose keys the stack starts with.
        """
        without_role = [provider for provider in self.providers if not provider.role_arn]
        return (without_role or self.providers)[0].account

    @property
    def region(self) -> str:
        """
        The region of the first provider configuration.
        """
        return self.providers[0].region

    @property
    def backend(self) -> Backend:
        """
        Where the state is kept; Terraform's own default is a local file.
        """
        for block in self.terraform:
            for (kind,), body in labelled(block.get("backend"), 1):
                return Backend(type=kind, body=body)
        return Backend(type="local", body={})

    def resources(self, *types: str) -> Iterator[Resource]:
        """
        Yield the resources of these types, or all.
        """
        yield from self._read("resource", types, is_data=False)

    def data(self, *types: str) -> Iterator[Resource]:
        """
        Yield the data sources of these types, or all.
        """
        yield from self._read("data", types, is_data=True)

    def _read(self, key: str, types: tuple[str, ...], *, is_data: bool) -> Iterator[Resource]:
        for (kind, name), body in labelled(self.document.get(key), 2):
            if not types or kind in types:
                yield Resource(stack=self, type=kind, name=name, body=body, is_data=is_data)


def literal(value: object) -> str | None:
    """
    Return *value* when it is a text without a Terraform expression.
    """
    return value if isinstance(value, str) and "${" not in value else None
