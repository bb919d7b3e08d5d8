"""
What AWS should hold according to the synthesized JSON, in AWS's words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from deploy_access.json_shape import as_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..terraform.default_target import AccountRegion
    from ..terraform.stack_resource import StackResource

    Facts = dict[str, Any]
    Read = tuple[str, str, Facts]

# IAM's own, in seconds.
DEFAULT_DURATION = "3600"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ExpectedResource:
    """
    A resource that AWS should hold: its place, its name, and its expected attributes.
    """

    stack: str
    address: str
    place: AccountRegion
    kind: str
    name: str
    facts: Facts
    is_protected: bool = False

    @property
    def title(self) -> str:
        """
        Kind, name and account, as the report shows it.
        """
        return f"{self.kind} {self.name!r} in account {self.place.account}"


def read_item(resource: StackResource) -> ExpectedResource | None:
    """
    Return the state that *resource* should have in AWS, or None for a kind that is not read back.

    Raises:
        UnresolvedError: A part of it is left to Terraform.
        ValueError: A policy is no JSON, or a number is none.

    """
    read = KINDS.get(resource.type)
    if read is None:
        return None
    kind, called, facts = read(resource)
    return ExpectedResource(
        stack=resource.stack,
        address=resource.address,
        place=resource.place,
        kind=kind,
        name=called,
        facts=facts,
        is_protected=resource.prevents_destroy,
    )


def _role(resource: StackResource) -> Read:
    facts = {
        "trust policy": resource.document("assume_role_policy"),
        "path": resource.text("path", "/"),
        "maximum session duration": int(resource.text("max_session_duration", DEFAULT_DURATION)),
        "permissions boundary": resource.text("permissions_boundary") or None,
        "description": resource.text("description"),
        "tags": resource.tags(),
    }
    return "role", resource.name(), facts


def _role_policy(resource: StackResource) -> Read:
    both = f"{resource.name('role')}/{resource.name()}"
    return "inline policy", both, {"document": resource.document("policy")}


def _policy(resource: StackResource) -> Read:
    facts = {"document": resource.document("policy"), "tags": resource.tags()}
    return "managed policy", f"{resource.text('path', '/')}{resource.name()}", facts


def _provider(resource: StackResource) -> Read:
    audiences = sorted(resource.texts("client_id_list"))
    facts: Facts = {"client ids": audiences, "tags": resource.tags()}
    # Left out, AWS finds the thumbprint by itself, and then it is not compared.
    if resource.body.get("thumbprint_list"):
        facts["thumbprints"] = sorted(resource.texts("thumbprint_list"))
    return "OIDC provider", resource.name("url").removeprefix("https://"), facts


def _repository(resource: StackResource) -> Read:
    scanning = resource.nested("image_scanning_configuration")
    encryption = resource.nested("encryption_configuration")
    facts = {
        "tag mutability": resource.text("image_tag_mutability", "MUTABLE"),
        "scan on push": as_text(scanning.get("scan_on_push")) == "true",
        "encryption": encryption.get("encryption_type") or "AES256",
        "tags": resource.tags(),
    }
    if encryption.get("kms_key"):
        facts["encryption key"] = resource.settled("kms_key", encryption["kms_key"])
    return "repository", resource.name(), facts


def _lifecycle(resource: StackResource) -> Read:
    facts = {"document": resource.document("policy")}
    return "lifecycle policy of repository", resource.name("repository"), facts


def _repository_policy(resource: StackResource) -> Read:
    facts = {"document": resource.document("policy")}
    return "policy of repository", resource.name("repository"), facts


KINDS: dict[str, Callable[[StackResource], Read]] = {
    "aws_iam_role": _role,
    "aws_iam_role_policy": _role_policy,
    "aws_iam_policy": _policy,
    "aws_iam_openid_connect_provider": _provider,
    "aws_ecr_repository": _repository,
    "aws_ecr_lifecycle_policy": _lifecycle,
    "aws_ecr_repository_policy": _repository_policy,
}
