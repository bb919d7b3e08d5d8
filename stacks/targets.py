"""Where each stack deploys: an account's settings, and what an environment overrides of them."""

from __future__ import annotations

from deploy_access.partition import partition_of
from stacks import environments as tables
from stacks.estate import S3State, Target


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
