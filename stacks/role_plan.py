"""The roles of a service: their trust and their permissions, resolved from the tables."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from deploy_access.audit.catalogue import PERMISSION_RULES, REPOSITORY_RULES
from deploy_access.errors import InvalidValue, Problem, reject
from deploy_access.github.enterprise_server import check_server
from deploy_access.github.former_names import names_under
from deploy_access.github.issuer import Issuer
from deploy_access.github.repository import GithubRepo
from deploy_access.iam.limits import SESSION_SECONDS

from .ecr_tables import EcrTable
from .github_defaults import no_owner
from .origins import origins
from .part_plans import RolePlan
from .role_names import deploy_role_name, push_role_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deploy_access.acceptance import Acceptance
    from deploy_access.github.subject import Subject

    from . import environments_model as tables
    from .github_tables import GithubTable
    from .role_settings import RoleSettings
    from .service_tables import ServiceEnvironmentTable
    from .subject_entry import SubjectEntry
    from .table import GithubRepositoryTable

T = TypeVar("T")

_NOBODY = (GithubRepo("OWNER/NAME", subject_format="legacy").environment("refused"),)


def github_repository(github: GithubTable, name: str, table: GithubRepositoryTable) -> GithubRepo:
    """
    Return the repository called *name*, with the owner and the defaults of `[github]`.

    Raises:
        InvalidValue: The owner is not known, GitHub cannot have such a repository, or its server
            has no ids in subjects.
    """
    reject(_check_owner(github, name))
    full_name = name if "/" in name else f"{github.owner}/{name}"
    # The id in `[github]` is that of its own owner; a repository of another one has its own.
    owner, _, _ = full_name.partition("/")
    is_ours = owner == github.owner
    has_our_id = is_ours and table.repo_id is not None
    keys = table.include_claim_keys
    repository = GithubRepo(
        full_name,
        owner_id=table.owner_id or (github.owner_id if has_our_id else None),
        repo_id=table.repo_id,
        subject_format=table.subject_format or github.subject_format,
        former_names=table.former_names,
        **({} if keys is None else {"include_claim_keys": keys}),
    )
    if is_ours and github.former_names:
        repository = _with_former_owners(repository, github.former_names)
    if github.issuer is not None:
        reject(check_server([repository.anything()], Issuer(github.issuer)))
    return repository


def _with_former_owners(repository: GithubRepo, owners: Sequence[str]) -> GithubRepo:
    """Add the names that *repository* had while its owner was called otherwise."""
    found = [
        name
        for owner in owners
        for name in names_under(owner, repository.owner_id, repository.name, repository.format)
    ]
    return replace(repository, former_names=(*repository.former_names, *found))


def stand_in_source(github: GithubTable, name: str) -> GithubRepo:
    """Return a repository in place of one that is refused, so that its subjects are checked too."""
    owner, _, own = name.rpartition("/")
    try:
        return GithubRepo(f"{owner or github.owner}/{own}", subject_format="legacy")
    except InvalidValue:
        return GithubRepo("OWNER/NAME", subject_format="legacy")


def deploy_role(
    file: tables.EnvironmentsModel, service: str, environment: str, source: GithubRepo
) -> RolePlan:
    """
    Return the role that deploys a service to an environment.

    Raises:
        InvalidValue: Nobody is trusted, or a repository that a subject names cannot be.
    """
    subjects = trusting_table(file, service, environment).subjects
    return _deploy_role(file, service, environment, _subjects(file.github, source, subjects))


def stand_in_deploy_role(
    file: tables.EnvironmentsModel, service: str, environment: str
) -> RolePlan:
    """Return a role in place of one whose trust is refused, so that the rest is checked too."""
    return _deploy_role(file, service, environment, _NOBODY)


def _deploy_role(
    file: tables.EnvironmentsModel, service: str, environment: str, subjects: tuple[Subject, ...]
) -> RolePlan:
    here = file.services[service].environments[environment]
    default = file.environments[environment]
    trusting = trusting_table(file, service, environment)
    # The nearest first. The list of policies is taken whole from one table: a list that added to
    # another could not take anything away from it.
    nearest = (here, file.services[service], default)
    giving = next((table for table in nearest if table.managed_policies is not None), here)
    boundaries = [table.permissions_boundary for table in nearest]
    account = file.accounts[default.account]
    return RolePlan(
        name=deploy_role_name(file, service, environment),
        path=here.role_path or file.services[service].role_path or "/",
        subjects=subjects,
        trusted_roles=tuple(people.role for people in here.trusted_roles),
        trusted_users=here.trusted_users,
        audience=_first([table.audience for table in nearest]),
        audiences=account.audiences,
        accept=_accepted(trusting, giving, here),
        max_session_duration=_first([table.max_session_duration for table in nearest])
        or SESSION_SECONDS[0],
        permissions_boundary=_first([*boundaries, account.permissions_boundary]),
        managed_policies=giving.managed_policies or (),
        trust_policy_quota=account.trust_policy_quota,
        managed_policies_quota=account.managed_policies_quota,
        origins=_origins(file, service, environment),
    )


def _origins(file: tables.EnvironmentsModel, service: str, environment: str) -> dict[str, str]:
    here, default = file.services[service].environments[environment], file.environments[environment]
    layers = {
        f"services.{service}.environments.{environment}": here,
        f"services.{service}": file.services[service],
        f"environments.{environment}": default,
        f"accounts.{default.account}": file.accounts[default.account],
    }
    keys = {
        key: key for key in ("managed_policies", "permissions_boundary", "audience", "audiences")
    }
    found = origins(layers, {**keys, "name": "role_name"}, default=next(iter(layers)))
    return {**found, "subjects": trust_entry(file, service, environment)}


def trusting_table(
    file: tables.EnvironmentsModel, service: str, environment: str
) -> tables.EnvironmentTable | ServiceEnvironmentTable:
    """Return the table whose list of subjects is in force for a deployment."""
    here = file.services[service].environments[environment]
    return file.environments[environment] if here.subjects is None else here


def trust_entry(file: tables.EnvironmentsModel, service: str, environment: str) -> str:
    """Return the entry that holds the list of subjects of a deployment, or that should."""
    if file.services[service].environments[environment].subjects is not None:
        return f"services.{service}.environments.{environment}.subjects"
    return f"environments.{environment}.subjects"


def push_role(file: tables.EnvironmentsModel, service: str, source: GithubRepo) -> RolePlan:
    """
    Return the role that pushes to a shared repository.

    The settings of a service's roles are for deploying, so this role gets none of them.

    Raises:
        InvalidValue: As with `deploy_role`.
    """
    ecr = file.services[service].ecr or EcrTable()
    return _push_role(file, service, _subjects(file.github, source, ecr.subjects))


def stand_in_push_role(file: tables.EnvironmentsModel, service: str) -> RolePlan:
    """Return a role in place of one whose trust is refused, so that the rest is checked too."""
    return _push_role(file, service, _NOBODY)


def _push_role(
    file: tables.EnvironmentsModel, service: str, subjects: tuple[Subject, ...]
) -> RolePlan:
    ecr, entry = file.services[service].ecr or EcrTable(), f"services.{service}.ecr"
    account = file.accounts[ecr.account or ""]
    return RolePlan(
        name=push_role_name(file, service),
        subjects=subjects,
        trusted_roles=(),
        trusted_users=(),
        audience=ecr.audience,
        audiences=account.audiences,
        accept={rule: why for rule, why in ecr.accept.items() if rule not in REPOSITORY_RULES},
        max_session_duration=SESSION_SECONDS[0],
        permissions_boundary=account.permissions_boundary,
        managed_policies=(),
        trust_policy_quota=account.trust_policy_quota,
        managed_policies_quota=account.managed_policies_quota,
        origins={
            **origins({entry: ecr}, {"name": "push_role_name"}, default=entry),
            "audience": f"{entry}.audience",
            "audiences": f"accounts.{ecr.account}.audiences",
            "subjects": f"{entry}.subjects",
            "permissions_boundary": f"accounts.{ecr.account}.permissions_boundary",
        },
    )


def _accepted(
    trusting: RoleSettings, giving: RoleSettings, here: RoleSettings
) -> dict[str, str | Acceptance]:
    """Return the acceptances beside the lists that are in force; those of *here* always count."""
    # The two lists may come from two tables, and an acceptance is about the list beside it.
    trust = {rule: why for rule, why in trusting.accept.items() if rule not in PERMISSION_RULES}
    given = {rule: why for rule, why in giving.accept.items() if rule in PERMISSION_RULES}
    return {**trust, **given, **here.accept}


def _first(values: Sequence[T | None]) -> T | None:
    return next((value for value in values if value is not None), None)


def _subjects(
    github: GithubTable, source: GithubRepo, entries: Sequence[SubjectEntry] | None
) -> tuple[Subject, ...]:
    reject([] if entries else [_nobody()])
    return tuple(_subject(github, source, entry) for entry in entries or ())


def _subject(github: GithubTable, source: GithubRepo, entry: SubjectEntry) -> Subject:
    if entry.repository is not None:
        source = github_repository(github, entry.repository, entry)
    return entry.in_repository(source)


def _check_owner(github: GithubTable, name: str) -> list[Problem]:
    return [] if "/" in name or github.owner is not None else [no_owner(name)]


def _nobody() -> Problem:
    return Problem(
        what="No list says who may assume the role.",
        given=[],
        why="Trust is never guessed, and a role without it could not be assumed.",
        fix='Add a list, for example `subjects = [{ branch = "main" }]`.',
    )
