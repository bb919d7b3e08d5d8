"""
What AWS should hold according to the synthesized JSON, in AWS's words.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sandbox.terraform.blocks import Json, first, strings
from sandbox.terraform.expression import name, resolve, text
from sandbox.terraform.prerequisite import Place

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.terraform.stack import Resource

DEFAULT_DURATION = "3600"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Item:
    """
    One thing in AWS: where it is, what it is called, and what is known of it.
    """

    stack: str
    address: str
    place: Place
    kind: str
    name: str
    facts: Json
    is_protected: bool = False

    @property
    def title(self) -> str:
        """
        What a person calls it.
        """
        return f"{self.kind} {self.name!r} in account {self.place.account}"


def read_item(resource: Resource) -> Item | None:
    """
    Return what *resource* should have made, or None for a kind that is not read back.
    """
    read = KINDS.get(resource.type)
    if read is None:
        return None
    kind, called, facts = read(resource)
    provider = resource.provider
    return Item(
        stack=resource.stack.name,
        address=resource.address,
        place=Place(provider.account, provider.region),
        kind=kind,
        name=called,
        facts=facts,
        is_protected=resource.prevents_destroy,
    )


def _tags(resource: Resource) -> Json:
    tags = {**resource.provider.default_tags, **first(resource.body.get("tags"))}
    return {key: resolve(resource.stack, str(value)) for key, value in tags.items()}


def _document(resource: Resource, key: str) -> Any:
    return json.loads(text(resource, key, "null"))


def _list(resource: Resource, key: str) -> list[str]:
    found = strings(resource.body.get(key))
    return sorted(resolve(resource.stack, value) for value in found)


def _role(resource: Resource) -> tuple[str, str, Json]:
    facts = {
        "trust policy": _document(resource, "assume_role_policy"),
        "path": text(resource, "path", "/"),
        "maximum session duration": int(text(resource, "max_session_duration", DEFAULT_DURATION)),
        "permissions boundary": text(resource, "permissions_boundary") or None,
        "description": text(resource, "description"),
        "tags": _tags(resource),
    }
    return "role", name(resource), facts


def _role_policy(resource: Resource) -> tuple[str, str, Json]:
    both = f"{name(resource, 'role')}/{name(resource)}"
    return "inline policy", both, {"document": _document(resource, "policy")}


def _policy(resource: Resource) -> tuple[str, str, Json]:
    facts = {"document": _document(resource, "policy"), "tags": _tags(resource)}
    return "managed policy", f"{text(resource, 'path', '/')}{name(resource)}", facts


def _provider(resource: Resource) -> tuple[str, str, Json]:
    facts: Json = {"client ids": _list(resource, "client_id_list"), "tags": _tags(resource)}
    if resource.body.get("thumbprint_list"):
        facts["thumbprints"] = _list(resource, "thumbprint_list")
    return "OIDC provider", name(resource, "url").removeprefix("https://"), facts


def _repository(resource: Resource) -> tuple[str, str, Json]:
    scanning = first(resource.body.get("image_scanning_configuration"))
    encryption = first(resource.body.get("encryption_configuration"))
    facts = {
        "tag mutability": text(resource, "image_tag_mutability", "MUTABLE"),
        "scan on push": bool(scanning.get("scan_on_push")),
        "encryption": encryption.get("encryption_type") or "AES256",
        "tags": _tags(resource),
    }
    if encryption.get("kms_key"):
        facts["encryption key"] = resolve(resource.stack, encryption["kms_key"])
    return "repository", name(resource), facts


def _lifecycle(resource: Resource) -> tuple[str, str, Json]:
    facts = {"document": _document(resource, "policy")}
    return "lifecycle policy of repository", name(resource, "repository"), facts


def _repository_policy(resource: Resource) -> tuple[str, str, Json]:
    facts = {"document": _document(resource, "policy")}
    return "policy of repository", name(resource, "repository"), facts


KINDS: dict[str, Callable[[Resource], tuple[str, str, Json]]] = {
    "aws_iam_role": _role,
    "aws_iam_role_policy": _role_policy,
    "aws_iam_policy": _policy,
    "aws_iam_openid_connect_provider": _provider,
    "aws_ecr_repository": _repository,
    "aws_ecr_lifecycle_policy": _lifecycle,
    "aws_ecr_repository_policy": _repository_policy,
}
