"""
The arguments of providers and backends that lead nowhere but to the AWS account of the run.

Everything is an allow-list. An argument that is not known here could name an address, a file with
credentials or a program, so it is refused by its name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.errors import Problem
from deploy_access.json_shape import as_object, objects
from deploy_access.terraform.block_comments import COMMENT
from deploy_access.terraform.known_providers import AWS, AWS_SOURCES, BUILT_IN_SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TERRAFORM = {COMMENT, "backend", "required_providers", "required_version"}

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

_WHY = "It can lead to another address, file or identity than the run's own."
_FIX = "Leave it to the environment that Terraform runs in."


def check_settings(stack: str, document: Mapping[str, object]) -> Iterator[Problem]:
    """Check the `terraform` and `provider` blocks of a stack."""
    for block in objects(document.get("terraform")):
        for key in sorted(set(block) - TERRAFORM):
            yield _unknown_setting(stack, key)
        for required in objects(block.get("required_providers")):
            for name in sorted(set(required) - {COMMENT}):
                yield from _check_source(stack, name, required[name])
        for kind, body in _labelled(block.get("backend")):
            yield from check_backend(kind, body, f"The backend of stack {stack!r}")
    for name, body in _labelled(document.get("provider")):
        yield from _check_provider(stack, name, body)


def _labelled(value: object) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Yield each block of *value* with its label."""
    for block in objects(value):
        for label, bodies in block.items():
            if label != COMMENT:
                yield from ((label, body) for body in objects(bodies))


def _check_source(stack: str, name: str, requirement: object) -> Iterator[Problem]:
    source = as_object(requirement).get("source") or f"hashicorp/{name}"
    known = AWS_SOURCES if name == AWS else {BUILT_IN_SOURCE}
    if str(source).lower() not in known:
        yield Problem(
            what=f"Stack {stack!r} requires the provider {name!r}.",
            given=source,
            why="Another provider is another program, which would run with the credentials of AWS.",
            fix="Require hashicorp/aws alone, and put the rest into a stack of its own.",
        )


def _check_provider(stack: str, name: str, body: Mapping[str, object]) -> Iterator[Problem]:
    if name != AWS:
        yield Problem(
            what=f"Stack {stack!r} configures the provider {name!r}.",
            given=name,
            why="Another provider is another program, which would run with the credentials of AWS.",
            fix="Configure 'aws' alone.",
        )
        return
    for key in sorted(set(body) - PROVIDER):
        what = f"The AWS provider of stack {stack!r} sets `{key}`."
        yield Problem(what=what, given=key, why=_WHY, fix=_FIX)


def check_backend(kind: str, body: Mapping[str, object], where: str) -> Iterator[Problem]:
    """Check a backend, or the state of another stack that is read; *where* begins the sentence."""
    if kind not in BACKENDS:
        yield Problem(
            what=f"{where} is of type {kind!r}.",
            given=kind,
            why="Another kind of backend leads to another place than AWS and this machine.",
            fix="Use 's3' or 'local'.",
        )
        return
    for key in sorted(set(body) - BACKENDS[kind]):
        yield Problem(what=f"{where} sets `{key}`.", given=key, why=_WHY, fix=_FIX)


def _unknown_setting(stack: str, key: str) -> Problem:
    return Problem(
        what=f"The `terraform` block of stack {stack!r} has `{key}`.",
        given=key,
        why="It can lead to another place, or to another program.",
        fix=f"Leave it out; known are {', '.join(sorted(TERRAFORM - {COMMENT}))}.",
    )
