"""The roles that plan and apply in an account, resolved from `[infra]` and the account's tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.bootstrap.infra_permissions import check_apply
from deploy_access.bootstrap.terraform_state import TerraformState
from deploy_access.errors import InvalidValue, Problem, reject

from .infra_table import in_account
from .part_plans import InfraPlan
from .role_plan import github_repository, stand_in_source
from .stack_target import account_target, environment_target
from .workflow_hints import infra_hints

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deploy_access.github.repository import GithubRepo
    from deploy_access.github.subject import Subject

    from . import environments_model as tables
    from .error_collector import ErrorCollector
    from .estate_plan import S3State, Target
    from .subject_entry import SubjectEntry


def infra_plan(
    file: tables.EnvironmentsModel, account: str, errors: ErrorCollector
) -> InfraPlan | None:
    """Return the pair of roles of an account, or None where it has none."""
    table = file.infra
    if table is None or not table.is_in(account):
        return None
    name = table.repository
    target = account_target(file, account)
    _check_environments(file, account, errors)
    if target.assume_role is None:
        errors.add(f"accounts.{account}.assume_role", _no_role())
    state = _state(file, account, target, errors)
    source = errors.attempt("infra", lambda: github_repository(file.github, name, table))
    source = source or stand_in_source(file.github, name)
    plan = errors.attempt("infra.plan", lambda: _subjects(file, account, source, table.plan))
    apply = errors.attempt("infra.apply", lambda: _applying(file, account, source, table.apply))
    if target.assume_role is None or plan is None or apply is None:
        return None
    return InfraPlan(
        entry="infra",
        name=table.name_in(account),
        plan_subjects=plan,
        apply_subjects=apply,
        terraform_role=target.assume_role,
        state=state,
        audience=table.audience,
        permissions_boundary=file.accounts[account].permissions_boundary,
        accept=table.accept,
        workflow=infra_hints(file, table.workflow),
        origins={"longest_name": "infra.name", "audience": "infra.audience"},
    )


def _subjects(
    file: tables.EnvironmentsModel,
    account: str,
    source: GithubRepo,
    entries: Sequence[SubjectEntry],
) -> tuple[Subject, ...]:
    reject([] if entries else [_nobody()])
    found: list[Subject] = []
    for entry in entries:
        other = entry.repository
        here = source if other is None else github_repository(file.github, other, entry)
        found.append(in_account(entry, account).in_repository(here))
    return tuple(found)


def _applying(
    file: tables.EnvironmentsModel,
    account: str,
    source: GithubRepo,
    entries: Sequence[SubjectEntry],
) -> tuple[Subject, ...]:
    subjects = _subjects(file, account, source, entries)
    reject(check_apply("apply", subjects))
    return subjects


def _state(
    file: tables.EnvironmentsModel, account: str, target: Target, errors: ErrorCollector
) -> TerraformState | None:
    """Return where the states of an account are; None for files, and after a refusal."""
    if target.state is None:
        return None
    entry = f"states.{file.accounts[account].state}"
    found = target.state
    if target.assume_role is not None and found.role_arn != target.assume_role:
        errors.add(f"{entry}.role_arn", _other_role(account, found, target.assume_role))
    try:
        return TerraformState(
            bucket=found.bucket, key_prefix=found.key_prefix, kms_key=found.kms_key
        )
    except InvalidValue as error:
        errors.add(f"{entry}.key_prefix", *error.problems)
        return None


def _check_environments(
    file: tables.EnvironmentsModel, account: str, errors: ErrorCollector
) -> None:
    ours = account_target(file, account)
    for name, table in file.environments.items():
        if table.account == account:
            target = environment_target(file, name)
            if target.assume_role != ours.assume_role:
                errors.add(f"environments.{name}.assume_role", *_apart("role", target.assume_role))
            if target.state != ours.state:
                errors.add(f"environments.{name}.state", *_apart("state", table.state))


def _apart(what: str, given: object) -> Iterator[Problem]:
    yield Problem(
        what=f"This environment has another {what} of Terraform's than its account, which "
        "`[infra]` deploys.",
        given=given,
        why="The roles of `[infra]` are for one role and one state of an account, so the stacks "
        "of this environment would be denied.",
        fix="Leave it out, or leave the account out of `infra.accounts`.",
    )


def _no_role() -> Problem:
    return Problem(
        what="The key `assume_role` is missing, which `[infra]` needs.",
        given=None,
        why="The apply role may do nothing but become the role that Terraform assumes.",
        fix='Add `assume_role = "terraform"`: `deploy-access bootstrap` makes that role.',
    )


def _other_role(account: str, state: S3State, role: str) -> Problem:
    return Problem(
        what=f"The states of `accounts.{account}` are kept by the role that deploys there, for "
        "`[infra]`.",
        given=state.role_arn,
        why="The apply role may become that one role alone, so it could not read or write them.",
        fix=f'Write `role_arn = "{role}"`; accounts that share a bucket have a table of their own.',
    )


def _nobody() -> Problem:
    return Problem(
        what="This list says nobody.",
        given=[],
        why="A role that trusts nobody could not be assumed.",
        fix="Leave it out for the default, or add an entry.",
    )
