"""The target of each stack: the settings of its account, with those of its environment on top."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.errors import Problem
from deploy_access.github.issuer import Issuer
from deploy_access.iam.role_arn import parse_role
from deploy_access.partition import partition_of

from .part_plans import S3State, Target
from .stack_names import account_stack
from .state_tables import LocalStateTable, StateTable

if TYPE_CHECKING:
    from . import environments_model as tables
    from .error_collector import ErrorCollector


def account_target(file: tables.EnvironmentsModel, name: str) -> Target:
    """Return the target of the stacks of an account that belong to no environment."""
    return _target(file, name, None)


def environment_target(file: tables.EnvironmentsModel, name: str) -> Target:
    """Return the target of the stacks of an environment: its settings before its account's."""
    environment = file.environments[name]
    return _target(file, environment.account, environment)


def issuer_of(file: tables.EnvironmentsModel) -> Issuer:
    """Return the issuer of the tokens that all roles trust."""
    return Issuer(file.github.issuer) if file.github.issuer else Issuer.github()


def account_id(file: tables.EnvironmentsModel, name: str) -> str:
    """Return the id of the account called *name*, or *name* where it is an id not in the file."""
    return file.accounts[name].id if name in file.accounts else name


def check_assumed_roles(file: tables.EnvironmentsModel, errors: ErrorCollector) -> None:
    """Add an error for each assumed role that is in another account than its stacks."""
    for name, account in file.accounts.items():
        found = _elsewhere(file, name, account.assume_role)
        if not errors.spoils(f"accounts.{name}.id"):
            errors.add(f"accounts.{name}.assume_role", *found)
    for name, environment in file.environments.items():
        found = _elsewhere(file, environment.account, environment.assume_role)
        account = f"accounts.{environment.account}.id"
        if not (errors.spoils(f"environments.{name}.account") or errors.spoils(account)):
            errors.add(f"environments.{name}.assume_role", *found)


def _elsewhere(file: tables.EnvironmentsModel, account: str, role: str | None) -> list[Problem]:
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


def _target(
    file: tables.EnvironmentsModel, name: str, environment: tables.EnvironmentTable | None
) -> Target:
    account = file.accounts[name]
    here = environment or account
    region = here.region or account.region
    assume_role = here.assume_role or account.assume_role
    return Target(
        account_stack=account_stack(name),
        account=account.id,
        region=region,
        assume_role=_role_arn(assume_role, account.id, region) if assume_role else None,
        state=state_place(file.states[here.state or account.state]),
        # The environment's tags win: they are the narrower ones.
        tags={**account.tags, **here.tags},
    )


def _role_arn(role: str, account: str, region: str) -> str:
    if role.startswith("arn:"):
        return role
    partition = partition_of(region)
    return f"arn:{partition.name if partition else 'aws'}:iam::{account}:role/{role}"


def state_place(state: StateTable) -> S3State | None:
    """Return the bucket that a table describes, or None for a file beside `cdktf.out`."""
    if isinstance(state, LocalStateTable):
        return None
    return S3State(
        bucket=state.bucket,
        region=state.region,
        key_prefix=state.key_prefix,
        kms_key=state.kms_key,
        role_arn=state.role_arn,
    )
