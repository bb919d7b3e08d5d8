"""
The contents that a stack may have to be run in the sandbox: nothing that leads out of it.

Everything is an allow-list. An argument that is not known here could name an address, a file with
credentials or a program, so it is refused by its name.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, cast

from deploy_access.json_shape import as_object, as_text, objects
from sandbox.errors import RefusedStacks, StackRefusal
from sandbox.terraform.built_in import BUILT_IN_SOURCE, BUILT_IN_TYPES, COMMENT
from sandbox.terraform.default_target import AWS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from sandbox.terraform.sandbox_estate import SandboxEstate
    from sandbox.terraform.sandbox_stack import SandboxStack
    from sandbox.terraform.stack_resource import StackResource

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

# These ask an address of their own, whatever the provider was told.
OUTSIDE_TYPES = {"aws_ip_ranges"}


def check_estate(estate: SandboxEstate) -> None:
    """
    Refuse the estate, with every reason at once, unless all of it stays in the sandbox.
    """
    # All reasons in one run: a person would mend them together.
    refusals = [
        StackRefusal(stack.name, reason)
        for stack in estate
        for reason in (*reasons(stack), *_skipped_reads(stack, estate.skipped))
    ]
    if refusals:
        raise RefusedStacks(refusals)


def reasons(stack: SandboxStack) -> Iterator[str]:
    """
    Yield every reason why *stack* is not run.
    """
    for key in sorted(set(stack.document) - TOP_LEVEL):
        yield (
            f"it has a top-level `{key}` block, and what that brings in is not checked here. "
            "Write the resources into the stack itself."
        )
    yield from _shape_reasons(stack)
    yield from _terraform_reasons(stack)
    yield from _provider_reasons(stack)
    yield from _account_reasons(stack)
    for resource in (*stack.resources(), *stack.data()):
        yield from _resource_reasons(resource)


def _skipped_reads(stack: SandboxStack, skipped: Collection[str]) -> Iterator[str]:
    """
    Yield a reason for each skipped stack whose outputs *stack* reads: there will be none.
    """
    read = {resource.block.name for resource in stack.data("terraform_remote_state")}
    for name in skipped:
        # The name that CDKTF gives to what one stack reads of another.
        if f"cross-stack-reference-input-{name}" in read:
            yield (
                f"it reads outputs of {name!r}, which is GitHub's side and skipped here. Write the "
                "value out, or let only GitHub's side read from AWS's."
            )


def _shape_reasons(stack: SandboxStack) -> Iterator[str]:
    """
    Yield a reason for each value in the place of a block, which the other checks would not see.
    """
    for unread in stack.scope.module.unread:
        if unread.kind == "malformed":
            yield f"{unread.where.address} is no block, so what it says cannot be checked."
    for key in ("terraform", "provider"):
        if _has_list_in_list(stack.document.get(key)):
            yield f"its `{key}` block has a list in a list, so what it says cannot be checked."


def _has_list_in_list(value: object) -> bool:
    """
    Return whether a list is in a list, which Terraform takes for a block where a block belongs.
    """
    if isinstance(value, list):
        given = cast("list[object]", value)
        return any(isinstance(one, list) or _has_list_in_list(one) for one in given)
    return any(map(_has_list_in_list, as_object(value).values()))


def _terraform_reasons(stack: SandboxStack) -> Iterator[str]:
    for block in stack.terraform:
        for key in sorted(set(block) - TERRAFORM):
            yield f"its `terraform` block has `{key}`, which the sandbox cannot keep here."
        for required in objects(block.get("required_providers")):
            for name in sorted(set(required) - {COMMENT}):
                yield from _source_reasons(name, required[name])
        for kind, body in _labelled(block.get("backend")):
            yield from _backend_reasons(kind, body, "its backend")


def _labelled(value: object) -> Iterator[tuple[str, Mapping[str, object]]]:
    """
    Yield each block of *value* with its label.
    """
    for block in objects(value):
        for label, bodies in block.items():
            if label != COMMENT:
                yield from ((label, body) for body in objects(bodies))


def _source_reasons(name: str, requirement: object) -> Iterator[str]:
    source = as_object(requirement).get("source") or f"hashicorp/{name}"
    known = AWS_SOURCES if name == AWS else {BUILT_IN_SOURCE}
    if str(source).lower() not in known:
        yield (
            f"it requires the provider {name!r} from {source!r}, and the sandbox knows only "
            "hashicorp/aws: another provider would talk to the real world."
        )


def _backend_reasons(kind: str, body: Mapping[str, object], where: str) -> Iterator[str]:
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


def _provider_reasons(stack: SandboxStack) -> Iterator[str]:
    for name, body in _labelled(stack.document.get("provider")):
        if name != AWS:
            yield f"it configures the provider {name!r}, and the sandbox knows only 'aws'."
            continue
        for key in sorted(set(body) - PROVIDER):
            yield (
                f"its AWS provider sets `{key}`, which can lead to another address, file or "
                "identity than the sandbox's own. Leave it to the environment that Terraform runs "
                "in."
            )


def _account_reasons(stack: SandboxStack) -> Iterator[str]:
    accounts = sorted({p.place.account for p in stack.providers if not p.assumes_role})
    if len(accounts) > 1:
        yield (
            f"its AWS providers are of the accounts {', '.join(accounts)} and assume no role, but "
            "one Terraform run has the keys of one account. Give the others an `assume_role`."
        )


def _resource_reasons(resource: StackResource) -> Iterator[str]:
    known = resource.type.startswith("aws_") or resource.type in BUILT_IN_TYPES
    if not known or resource.type in OUTSIDE_TYPES:
        yield f"{resource.address} asks something that is not AWS, so it could leave this machine."
    reference = resource.provider_name.partition(".")[0]
    if reference not in {AWS, "terraform"}:
        yield f"{resource.address} uses the provider {reference!r}; the sandbox knows only 'aws'."
    for key in ("provisioner", "connection"):
        if key in resource.body:
            yield f"{resource.address} has a `{key}`, which runs programs, here or elsewhere."
    if resource.type == "terraform_remote_state":
        yield from _remote_state_reasons(resource)


def _remote_state_reasons(resource: StackResource) -> Iterator[str]:
    kind = as_text(resource.body.get("backend")) or ""
    where = f"{resource.address}, a state it reads,"
    config = resource.body.get("config", {})
    yield from _backend_reasons(kind, as_object(config), where)
    path = as_object(config).get("path")
    if not isinstance(config, dict) or _is_expression(path):
        yield f"{where} has a configuration that only Terraform can compute."
    elif kind == "local" and not _stays_inside(as_text(path) or ""):
        yield (
            f"{where} lies at {path!r}: that is the state of what is really deployed. Let "
            'both stacks use LocalBackend(path="../../../terraform.<stack>.tfstate").'
        )


def _is_expression(value: object) -> bool:
    """
    Return whether Terraform computes a text, in which any other may be hidden: `${"/etc"}`.
    """
    return isinstance(value, str) and ("${" in value or "%{" in value)


def _stays_inside(path: str) -> bool:
    """
    Return whether a path, seen from a stack's folder, stays in the working folder.
    """
    # The stack's name has no slash, so any name stands for all.
    seen = posixpath.normpath(posixpath.join("cdktf.out/stacks/stack", path))
    return not seen.startswith(("/", ".."))
