"""
The calls to AWS of the jobs that plan and apply the stacks of an account.

A plan reads its state, and what the stack manages, as the role of the job. An apply makes one call
as that role: it becomes the role that Terraform assumes, and what follows are calls of the latter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.partition import partition_of
from deploy_access.terraform.type_actions import TYPE_ACTIONS
from deploy_access.workflow.aws_call import ANY, AwsCall

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from deploy_access.terraform.stacks import S3Backend, Stack
    from deploy_access.terraform.type_actions import Place

_ASSUME = "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html"
_STATE = "https://developer.hashicorp.com/terraform/language/backend/s3#permissions-required"
_DECRYPT = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html"
_PROVIDER = "https://github.com/hashicorp/terraform-provider-aws/tree/v5.100.0/internal/service"


def may_assume(role_arn: str) -> AwsCall:
    """Return the call with which a session goes on to another role."""
    return AwsCall(
        service="sts",
        operation="AssumeRole",
        resource=role_arn,
        trusts_account=True,
        source=_ASSUME,
    )


def applying(stacks: Iterable[Stack]) -> tuple[AwsCall, ...]:
    """List the calls of a job that applies: to the role of the provider, and to that of states."""
    roles = (r for one in stacks for r in (one.role_arn, one.backend and one.backend.role_arn) if r)
    return tuple(map(may_assume, dict.fromkeys(roles)))


def planning(stacks: Iterable[Stack]) -> tuple[AwsCall, ...]:
    """List the calls of a job that plans, each once."""
    found = (call for stack in stacks for call in (*_reads_state(stack), *_reads_types(stack)))
    return tuple({(c.action, c.resource, c.region): c for c in found}.values())


def _reads_state(stack: Stack) -> Iterator[AwsCall]:
    backend = stack.backend
    if backend is None:
        return
    bucket = f"arn:{_partition(backend.region)}:s3:::{backend.bucket}"
    # To look for workspaces, `init` also lists `env:/`; it goes on when that is denied.
    yield AwsCall(
        service="s3",
        operation="ListBucket",
        resource=bucket,
        region=backend.region,
        context={"s3:prefix": backend.key},
        need="sometimes",
        when="while the stack has no state yet, which S3 says only to those who may list",
        source=_STATE,
    )
    yield AwsCall(
        service="s3",
        operation="GetObject",
        resource=f"{bucket}/{backend.key}",
        region=backend.region,
        source=_STATE,
    )
    yield from _decrypts(backend)


def _decrypts(backend: S3Backend) -> Iterator[AwsCall]:
    if backend.kms_key is not None:
        yield AwsCall(
            service="kms",
            operation="Decrypt",
            resource=backend.kms_key,
            region=backend.region,
            trusts_account=True,
            source=_DECRYPT,
        )


def _reads_types(stack: Stack) -> Iterator[AwsCall]:
    """List what a plan asks about each type; of a type that is not known, nothing is said."""
    for kind in sorted(stack.resource_types & TYPE_ACTIONS.keys()):
        actions = TYPE_ACTIONS[kind]
        for action in actions.reads:
            service, _, operation = action.partition(":")
            yield AwsCall(
                service=service,
                operation=operation,
                resource=_resource(actions.place, stack),
                region=stack.region if service == "ecr" else None,
                source=_PROVIDER,
            )


def _resource(place: Place, stack: Stack) -> str:
    """Return the ARN of anything of a kind in the account of a stack."""
    if place == "registry":
        return "*"
    partition = _partition(stack.region or "")
    if place == "repository":
        return f"arn:{partition}:ecr:{stack.region}:{stack.account}:repository/{ANY}"
    return f"arn:{partition}:iam::{stack.account}:{place}/{ANY}"


def _partition(region: str) -> str:
    found = partition_of(region)
    return found.name if found else "aws"
