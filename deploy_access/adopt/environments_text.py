"""The entries of `environments.toml` that take over what is there."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from deploy_access.adopt.audiences import USUAL, audiences_of
from deploy_access.adopt.role_tables import put_role, service_ids
from deploy_access.adopt.toml_text import TomlText
from deploy_access.github.issuer import GITHUB_HOST
from deploy_access.iam.limits import (
    MANAGED_POLICIES_QUOTA,
    MANAGED_POLICIES_QUOTA_MOST,
    TRUST_POLICY_QUOTA,
    TRUST_POLICY_QUOTA_MOST,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy_access.adopt.model import AccountEntry, Adoption, RoleEntry

_STATE = "main"


def environments_text(found: Adoption, repositories: Mapping[str, str]) -> str:
    """
    Write the file.

    Args:
        found: What is taken over.
        repositories: The repository on GitHub of a role that names none, by the role's name.
    """
    toml = TomlText()
    toml.comment("Written by `deploy-access adopt`: what the account has is described as it is.")
    toml.comment("Names of tables may be changed before the first apply, and not afterwards.")
    toml.put("schema", 1)
    owner = _owner(found, repositories)
    _github(toml, found, owner)
    toml.table("states", _STATE)
    toml.comment("For a bucket, which a team needs: docs/bootstrap.md.")
    toml.put("type", "local")
    for account in found.accounts:
        _account(toml, account, found)
    _environments(toml, found)
    _services(toml, found, owner, repositories)
    return toml.text()


def _owner(found: Adoption, repositories: Mapping[str, str]) -> str:
    names = [repository_of(entry, repositories).partition("/")[0] for entry in found.roles]
    return max(sorted(set(names)), key=names.count) if names else ""


def repository_of(entry: RoleEntry, repositories: Mapping[str, str]) -> str:
    """Return the repository on GitHub that the service of a role is of."""
    named = [line.repository for line in entry.lines if not line.is_of_owner]
    return repositories.get(entry.name) or named[0]


def _github(toml: TomlText, found: Adoption, owner: str) -> None:
    if not found.roles:
        return
    toml.table("github")
    toml.put("owner", owner)
    lines = [line for entry in found.roles for line in entry.lines if line.owner == owner]
    ids = Counter(line.owner_id for line in lines if line.owner_id is not None)
    if ids:
        toml.put("owner_id", ids.most_common(1)[0][0])
    issuers = {account.issuer for account in found.accounts} - {GITHUB_HOST}
    if issuers:
        toml.put("issuer", f"https://{issuers.pop()}")


def _account(toml: TomlText, account: AccountEntry, found: Adoption) -> None:
    toml.table("accounts", account_key(account.id, found))
    toml.put("id", account.id)
    toml.put("region", account.region)
    toml.put("state", _STATE)
    for retired in account.retired:
        toml.comment(f"{retired} is left alone: it signs no tokens any more.")
    provider = account.provider
    if provider is not None:
        toml.put("import_existing", ["oidc_provider"])
        if audiences_of(account) != [USUAL]:
            toml.put("audiences", audiences_of(account))
    elif not account.is_listed:
        toml.comment("No file says which OIDC providers there are; a plan fails if it is missing.")
        toml.put("oidc_provider", "existing")
    _quotas(toml, [entry for entry in found.roles if entry.account == account.id])


def _quotas(toml: TomlText, roles: list[RoleEntry]) -> None:
    """Write what AWS has raised for an account, as its roles show."""
    if any(len(entry.managed) > MANAGED_POLICIES_QUOTA for entry in roles):
        toml.put("managed_policies_quota", MANAGED_POLICIES_QUOTA_MOST)
    if any(_trust_size(entry) > TRUST_POLICY_QUOTA for entry in roles):
        toml.put("trust_policy_quota", TRUST_POLICY_QUOTA_MOST)


def _trust_size(entry: RoleEntry) -> int:
    return len("".join(entry.role.text("assume_role_policy").split()))


def account_key(account: str, found: Adoption) -> str:
    """Name the table of an account: a file of one account has `main`."""
    return "main" if len(found.accounts) == 1 else account


def _environments(toml: TomlText, found: Adoption) -> None:
    regions = {account.id: account.region for account in found.accounts}
    homes = {entry.environment: (entry.account, entry.region) for entry in found.roles}
    for name, (account, region) in sorted(homes.items()):
        toml.table("environments", name)
        toml.put("account", account_key(account, found))
        if region != regions[account]:
            toml.put("region", region)


def _services(toml: TomlText, found: Adoption, owner: str, repositories: Mapping[str, str]) -> None:
    services: dict[str, list[RoleEntry]] = {}
    for entry in found.roles:
        services.setdefault(entry.service, []).append(entry)
    for service, entries in sorted(services.items()):
        repository = repository_of(entries[0], repositories)
        ids = service_ids(repository, entries)
        toml.table("services", service)
        toml.put("repository", _short(repository, owner))
        for key, value in ids.items():
            if key != "owner_id" or not repository.startswith(f"{owner}/"):
                toml.put(key, value)
        for entry in sorted(entries, key=lambda one: one.environment):
            put_role(toml, entry, repository, owner, ids)


def _short(repository: str, owner: str) -> str:
    return repository.removeprefix(f"{owner}/")
