"""Where each stack deploys: an account's settings, and what an environment overrides of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.errors import Problem
from deploy_access.iam.role_arn import parse_role
from deploy_access.partition import partition_of
from stacks import environments as tables
from stacks.estate import S3State, Target

if TYPE_CHECKING:
    from stacks.mistakes import Mistakes


def account_target(file: tables.Environments, name: str) -> Target:
    """Where the stacks of an account deploy that belong to no environment."""
    return _target(file, name, None)


def environment_target(file: tables.Environments, name: str) -> Target:
    """Where the stacks of an environment deploy: its own settings before its account's."""
    environment = file.environments[name]
    return _target(file, environment.account, environment)


def account_stack(name: str) -> str:
    """Name the stack of an account."""
    return f"account-{name}"


def check_assumed_roles(file: tables.Environments, mistakes: Mistakes) -> None:
    """Refuse every role that Terraform would take on in another account than the stacks'."""
    for name, account in file.accounts.items():
        mistakes.add(f"accounts.{name}.assume_role", *_elsewhere(file, name, account.assume_role))
    for name, environment in file.environments.items():
        found = _elsewhere(file, environment.account, environment.assume_role)
        mistakes.add(f"environments.{name}.assume_role", *found)


def _elsewhere(file: tables.Environments, account: str, role: str | None) -> list[Problem]:
    ours = file.accounts[account].id
    if role is None or not role.startswith("arn:") or parse_role(role)["account"] == ours:
        return []
    return [
        Problem(
            what="This role is in another account than the stacks that are deployed with it.",
            given=role,
            why=f"It is in {parse_role(role)['account']}, and `accounts.{account}` is {ours}: "
            "Terraform refuses to touch any other account than that.",
            fix=f"Name a role of {ours}; its name or `path/name` is enough.",
        )
    ]


def _target(file: tables.Environments, name: str, environment: tables.Environment | None) -> Target:
    account = file.accounts[name]
    here = environment or account
    region = here.region or account.region
    assume_role = here.assume_role or account.assume_role
    return Target(
        account_stack=account_stack(name),
        account=account.id,
        region=region,
        assume_role=_role_arn(assume_role, account.id, region) if assume_role else None,
        state=_state(file.states[here.state or account.state]),
        tags={**account.tags, **here.tags},
    )


def _role_arn(role: str, account: str, region: str) -> str:
    if role.startswith("arn:"):
        return role
    partition = partition_of(region)
    return f"arn:{partition.name if partition else 'aws'}:iam::{account}:role/{role}"


def _state(state: tables.State) -> S3State | None:
    if isinstance(state, tables.LocalState):
        return None
    return S3State(
        bucket=state.bucket,
        region=state.region,
        key_prefix=state.key_prefix,
        kms_key=state.kms_key,
        role_arn=state.role_arn,
    )
