"""
What a stack may hold to be run here: nothing that leads out of the sandbox.

Everything is an allow-list. An argument that is not known here could name an address, a file with
credentials or a program, so it is refused by name until somebody has looked at it.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from sandbox.errors import Refusal, RefusedStacks
from sandbox.terraform.blocks import COMMENT, Json, blocks, first, labelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.terraform.estate import Estate
    from sandbox.terraform.stack import Resource, Stack

# Left out on purpose: `module` (its files are not checked), `check` and `removed` (they hold data
# sources and provisioners of their own).
TOP_LEVEL = {
    *(COMMENT, "terraform", "provider", "resource", "data"),
    *("output", "locals", "variable", "moved", "import"),
}
TERRAFORM = {COMMENT, "backend", "required_providers", "required_version"}
AWS_SOURCES = {
    *("aws", "hashicorp/aws"),
    *("registry.terraform.io/hashicorp/aws", "registry.opentofu.org/hashicorp/aws"),
}
BUILT_IN_SOURCE = "terraform.io/builtin/terraform"

# https://registry.terraform.io/providers/hashicorp/aws/latest/docs#argument-reference
PROVIDER = {
    *(COMMENT, "alias", "version", "region", "allowed_account_ids", "forbidden_account_ids"),
    *("assume_role", "default_tags", "ignore_tags", "max_retries", "retry_mode"),
    *("skip_credentials_validation", "skip_requesting_account_id", "skip_region_validation"),
    *("s3_use_path_style", "s3_us_east_1_regional_endpoint"),
}
# https://developer.hashicorp.com/terraform/language/backend/s3
S3_BACKEND = {
    *(COMMENT, "bucket", "key", "region", "encrypt", "use_lockfile", "kms_key_id", "acl"),
    *("workspace_key_prefix", "assume_role", "role_arn", "session_name", "external_id"),
    *("allowed_account_ids", "forbidden_account_ids", "max_retries", "retry_mode"),
    *("skip_credentials_validation", "skip_requesting_account_id", "skip_region_validation"),
    *("skip_s3_checksum", "use_path_style", "force_path_style", "dynamodb_table"),
}
LOCAL_BACKEND = {COMMENT, "path"}
BACKENDS = {"local": LOCAL_BACKEND, "s3": S3_BACKEND}

BUILT_IN_TYPES = {"terraform_data", "terraform_remote_state"}
# These ask an address of their own, whatever the provider was told.
OUTSIDE_TYPES = {"aws_ip_ranges"}


def check_estate(estate: Estate) -> None:
    """
    Refuse the estate, with every reason at once, unless all of it stays in the sandbox.
    """
    refusals = [Refusal(stack.name, reason) for stack in estate for reason in reasons(stack)]
    if refusals:
        raise RefusedStacks(refusals)


def reasons(stack: Stack) -> Iterator[str]:
    """
    Yield every reason why *stack* is not run.
    """
    for key in sorted(set(stack.document) - TOP_LEVEL):
        yield (
            f"it has a top-level `{key}` block, and what that brings in is not checked here. "
            "Write the resources into the stack itself."
        )
    yield from _terraform_reasons(stack)
    yield from _provider_reasons(stack)
    yield from _account_reasons(stack)
    for resource in (*stack.resources(), *stack.data()):
        yield from _resource_reasons(resource)


def _terraform_reasons(stack: Stack) -> Iterator[str]:
    for block in stack.terraform:
        for key in sorted(set(block) - TERRAFORM):
            yield f"its `terraform` block has `{key}`, which the sandbox cannot keep here."
        for required in blocks(block.get("required_providers")):
            for name in sorted(set(required) - {COMMENT}):
                yield from _source_reasons(name, required[name])
        for (kind,), body in labelled(block.get("backend"), 1):
            yield from _backend_reasons(kind, body, "its backend")


def _source_reasons(name: str, requirement: object) -> Iterator[str]:
    source = first(requirement).get("source") or f"hashicorp/{name}"
    known = AWS_SOURCES if name == "aws" else {BUILT_IN_SOURCE}
    if str(source).lower() not in known:
        yield (
            f"it requires the provider {name!r} from {source!r}, and the sandbox knows only "
            "hashicorp/aws: another provider would talk to the real world."
        )


def _backend_reasons(kind: str, body: Json, where: str) -> Iterator[str]:
    if kind not in BACKENDS:
        yield (
            f"{where} is of type {kind!r}, which the sandbox cannot keep on this machine. It knows "
            "'local' and 's3'."
        )
        return
    for key in sorted(set(body) - BACKENDS[kind]):
        yield (
            f"{where} sets `{key}`, which can lead to another address, file or identity than the "
            "sandbox's own. Leave it to the environment that Terraform runs in."
        )


def _provider_reasons(stack: Stack) -> Iterator[str]:
    for (name,), body in labelled(stack.document.get("provider"), 1):
        if name != "aws":
            yield f"it configures the provider {name!r}, and the sandbox knows only 'aws'."
            continue
        for key in sorted(set(body) - PROVIDER):
            yield (
                f"its AWS provider sets `{key}`, which can lead to another address, file or "
                "identity than the sandbox's own. Leave it to the environment that Terraform runs "
                "in."
            )


def _account_reasons(stack: Stack) -> Iterator[str]:
    accounts = sorted({p.account for p in stack.providers if not p.role_arn})
    if len(accounts) > 1:
        yield (
            f"its AWS providers are of the accounts {', '.join(accounts)} and assume no role, but "
            "one Terraform run has the keys of one account. Give the others an `assume_role`."
        )


def _resource_reasons(resource: Resource) -> Iterator[str]:
    known = resource.type.startswith("aws_") or resource.type in BUILT_IN_TYPES
    if not known or resource.type in OUTSIDE_TYPES:
        yield f"{resource.address} asks something that is not AWS, so it could leave this machine."
    reference = str(resource.body.get("provider") or "aws").partition(".")[0]
    if reference not in {"aws", "terraform"}:
        yield f"{resource.address} uses the provider {reference!r}; the sandbox knows only 'aws'."
    for key in ("provisioner", "connection"):
        if key in resource.body:
            yield f"{resource.address} has a `{key}`, which runs programs, here or elsewhere."
    if resource.type == "terraform_remote_state":
        yield from _remote_state_reasons(resource)


def _remote_state_reasons(resource: Resource) -> Iterator[str]:
    kind = str(resource.body.get("backend"))
    where = f"{resource.address}, a state it reads,"
    for config in blocks(resource.body.get("config")):
        yield from _backend_reasons(kind, config, where)
        path = str(config.get("path") or "")
        if kind == "local" and not _stays_inside(path):
            yield (
                f"{where} lies at {path!r}: that is the state of what is really deployed. Let "
                'both stacks use LocalBackend(path="../../../terraform.<stack>.tfstate").'
            )
    if not isinstance(resource.body.get("config", {}), dict):
        yield f"{where} has a configuration that only Terraform can compute."


def _stays_inside(path: str) -> bool:
    """
    Return whether a path, seen from a stack's folder, stays in the working folder.
    """
    seen = posixpath.normpath(posixpath.join("cdktf.out/stacks/stack", path))
    return not seen.startswith(("/", ".."))
