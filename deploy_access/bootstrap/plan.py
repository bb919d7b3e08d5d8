"""
The resources that an account needs before its first stack, and that no stack can make.

These are the bucket of the states and the role that Terraform assumes: a stack that made them would
need them first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.bootstrap.callers import Callers, callers_of
from deploy_access.bootstrap.permissions import (
    keep_state,
    manage_access,
    manage_registry,
    manage_repositories,
    only_over_tls,
)
from deploy_access.bootstrap.roles import roles_of
from deploy_access.bootstrap.state import place_of_state
from deploy_access.errors import InvalidValue, Problem, did_you_mean
from deploy_access.iam.limits import is_kms_key_arn
from deploy_access.iam.statement import PolicyDocument, Statement
from deploy_access.partition import partition_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from deploy_access.bootstrap.roles import BootstrapRole
    from deploy_access.terraform.estate import Estate
    from deploy_access.terraform.stacks import S3Backend, Stack

ACCOUNT_STACK = "account-"
_PRINCIPAL = re.compile(r"arn:[a-z0-9-]+:iam::\d{12}:(root|(role|user)/[\x21-\x7e]+)")
_POLICY = re.compile(r"arn:[a-z0-9-]+:iam::(\d{12}|aws):policy/[\x21-\x7e]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class BootstrapOptions:
    """
    The decisions that no stack holds.

    Attributes:
        trusted: The principals that may assume the roles, as ARNs; when empty, the role in the
            stacks that applies, or else the account itself.
        boundary: The permissions boundary of every role that Terraform writes to, if any.
        bucket: Whether the state bucket belongs to this account; None to read it off the stacks.
    """

    trusted: Sequence[str] = ()
    boundary: str | None = None
    bucket: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """The bucket of the states, with its policy."""

    name: str
    kms_key: str | None
    policy: PolicyDocument


@dataclass(frozen=True, slots=True, kw_only=True)
class Bootstrap:
    """
    The resources to make in one account.

    Attributes:
        account: The account's id.
        region: The region of its provider: that of the bucket, when there is one.
        bucket: The state bucket, or None when it is made elsewhere.
        roles: The roles that are assumed here; none when Terraform runs with the caller's rights.
        notes: Remarks for a person, as sentences.
    """

    account: str
    region: str
    bucket: Bucket | None
    roles: Sequence[BootstrapRole]
    notes: Sequence[str]


def plan_bootstrap(
    name: str, stacks: Mapping[str, Stack], wishes: BootstrapOptions, estate: Estate
) -> Bootstrap:
    """
    Plan what the account of this name needs, from the synthesized *stacks*.

    Args:
        name: The account's name: its stack is `account-NAME`.
        stacks: The stacks.
        wishes: What no stack says.
        estate: The roles in the stacks, of which one may be there to assume Terraform's.

    Raises:
        InvalidValue: There is no such account, or its stack lacks a value that is needed.
    """
    stack = _account_stack(name, stacks)
    account, region = _target(stack)
    partition = partition_of(region)
    arn = f"arn:{partition.name if partition else 'aws'}"
    iam_arn = f"{arn}:iam::{account}"
    backend = stack.backend
    here, notes = place_of_state(stack, stacks, wanted=wishes.bucket)
    state = _state_statements(arn, stack, backend) if backend and here else []
    ours = [s for s in stacks.values() if s.account == account and s.region]
    regions = sorted({s.region or "" for s in ours})
    types = {one for s in ours for one in s.resource_types}
    access = [
        *manage_access(iam_arn, boundary=wishes.boundary),
        manage_repositories([f"{arn}:ecr:{r}:{account}:repository/*" for r in regions]),
        *manage_registry(iam_arn, types, regions),
    ]
    callers = Callers(wishes.trusted, f"{iam_arn}:root", estate)
    roles = roles_of(stack, access, state, callers)
    return Bootstrap(
        account=account,
        region=backend.region if backend and here else region,
        bucket=_bucket(arn, backend) if backend and here else None,
        roles=roles,
        notes=[*notes, *(_advice(roles[0], wishes, estate) if stack.role_arn else [])],
    )


def check_principal(arn: str) -> Iterator[Problem]:
    """Check the ARN of a principal that may assume the role."""
    if not _PRINCIPAL.fullmatch(arn):
        yield Problem(
            what="Who may assume the role is named by an IAM ARN.",
            given=arn,
            why="IAM refuses a trust policy with any other principal.",
            fix="For example 'arn:aws:iam::111122223333:role/ci', or '...:root' for an account.",
        )


def check_boundary(arn: str) -> Iterator[Problem]:
    """Check the ARN of a permissions boundary."""
    if not _POLICY.fullmatch(arn):
        yield Problem(
            what="A permissions boundary is the ARN of a managed policy.",
            given=arn,
            why="Compared with anything else, no role could be written.",
            fix="For example 'arn:aws:iam::111122223333:policy/boundary'.",
        )


def _account_stack(name: str, stacks: Mapping[str, Stack]) -> Stack:
    accounts = [s.removeprefix(ACCOUNT_STACK) for s in stacks if s.startswith(ACCOUNT_STACK)]
    if name in accounts:
        return stacks[ACCOUNT_STACK + name]
    known = f"Accounts: {', '.join(accounts) or 'none'}."
    raise InvalidValue(
        Problem(
            what=f"There is no stack '{ACCOUNT_STACK}{name}'.",
            given=name,
            why="What an account needs is read off its own stack.",
            fix=did_you_mean(name, accounts) or known,
        )
    )


def _target(stack: Stack) -> tuple[str, str]:
    if stack.account is None or stack.region is None:
        raise InvalidValue(
            Problem(
                what=f"The AWS provider of stack {stack.name!r} does not say where it deploys.",
                given={"allowed_account_ids": stack.account, "region": stack.region},
                why="The role's ARNs hold the account, and the provider needs a region.",
                fix="Give one `allowed_account_ids` and a `region`, as plain text.",
            )
        )
    return stack.account, stack.region


def _state_statements(arn: str, stack: Stack, backend: S3Backend) -> list[Statement]:
    """Allow the state of *stack*, and the others of its folder if each has its stack's name."""
    own = f"{stack.name}.tfstate"
    prefix = backend.key.removesuffix(own)
    keys = backend.key if prefix == backend.key else f"{prefix}*.tfstate"
    return keep_state(f"{arn}:s3:::{backend.bucket}", keys, kms_key=_kms_key(backend))


def _bucket(arn: str, backend: S3Backend) -> Bucket:
    policy = PolicyDocument((only_over_tls(f"{arn}:s3:::{backend.bucket}"),))
    return Bucket(name=backend.bucket, kms_key=_kms_key(backend), policy=policy)


def _kms_key(backend: S3Backend) -> str | None:
    if backend.kms_key and not is_kms_key_arn(backend.kms_key):
        raise InvalidValue(
            Problem(
                what="The key of the state is the ARN of a KMS key.",
                given=backend.kms_key,
                why="A permission for an alias or a bare id allows nothing.",
                fix="For example 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-...'.",
            )
        )
    return backend.kms_key


def _advice(role: BootstrapRole, wishes: BootstrapOptions, estate: Estate) -> Iterator[str]:
    """List the remarks about who may assume the role of Terraform, and about a boundary."""
    if not role.trusted:
        yield (
            f"Only {', '.join(one.arn for one in role.applied_by)} may assume the role, and the "
            "first deploy makes that one: `--trusted` with the role that you sign in with lets you "
            "make it."
        )
    elif not wishes.trusted:
        yield (
            "Whoever in the account has a policy that allows it may assume the role; `--trusted` "
            "names who may."
        )
    is_named = wishes.trusted or role.applied_by
    for one in callers_of(estate, role.arn) if is_named else ():
        if not one.only_applies and one.arn not in wishes.trusted:
            yield (
                f"{one.arn} has a policy to assume the role, and may do more than that, so it is "
                "not trusted: name it with `--trusted`, or take the policy away."
            )
    if wishes.boundary:
        yield (
            f"Every role that Terraform makes needs the permissions boundary {wishes.boundary}, or "
            "its apply is denied."
        )
    else:
        yield (
            "The role may write roles, so it can give itself more; `--permissions-boundary` takes "
            "away most of that."
        )
