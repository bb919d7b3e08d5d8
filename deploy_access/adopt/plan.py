"""What is taken over of an inventory, and what is left alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from deploy_access.adopt.agreement import leave_contradicting
from deploy_access.adopt.audiences import choose_audiences
from deploy_access.adopt.existing import PROVIDER, REPOSITORY, ROLE
from deploy_access.adopt.model import AccountEntry, Adoption, NotTaken, RoleEntry
from deploy_access.adopt.names import put_names
from deploy_access.adopt.repositories import claim_repositories
from deploy_access.adopt.role_entry import role_entry
from deploy_access.errors import InvalidValue, Problem
from deploy_access.github.issuer import GITHUB_HOST, RETIRED_HOST

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from deploy_access.adopt.existing import Existing, Inventory


def _nothing() -> dict[str, str]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """
    What the user says beside the files.

    Attributes:
        region: The region of accounts for which no file says one.
        images: The repository of images of a role, by the name of the role.
        repositories: The repository on GitHub of a role that names none, `owner/name`.
        leave: Roles and repositories of images that are left alone, by name.
    """

    region: str = ""
    images: Mapping[str, str] = field(default_factory=_nothing)
    repositories: Mapping[str, str] = field(default_factory=_nothing)
    leave: frozenset[str] = frozenset()


def plan_adoption(inventory: Inventory, wishes: Wishes) -> Adoption:
    """
    Decide what is taken over.

    Raises:
        InvalidValue: The region of an account is not known, or a wish names what is not there.
    """
    found = Adoption()
    for role in inventory.of(ROLE):
        entry = role_entry(role, inventory, wishes.images)
        if entry is None or role.text("name") in wishes.leave:
            found.foreign_roles += 1
        elif isinstance(entry, NotTaken):
            found.not_taken.append(entry)
        else:
            _take(entry, wishes, found)
    _one_issuer(found)
    leave_contradicting(found)
    claim_repositories(found.roles, inventory, wishes.leave)
    found.accounts = [*_accounts(found, inventory, wishes)]
    choose_audiences(found)
    put_names(found.roles)
    _count(found, inventory)
    _check_names(inventory, wishes)
    return found


def _take(entry: RoleEntry, wishes: Wishes, found: Adoption) -> None:
    """Take a role over, if its file says of which repository on GitHub it is."""
    if entry.name in wishes.repositories or not all(line.is_of_owner for line in entry.lines):
        found.roles.append(entry)
        return
    owner = entry.lines[0].owner
    why = (
        f"it trusts every repository of {owner}, and an entry begins with one: "
        f"`--repository {entry.name}={owner}/NAME`"
    )
    found.not_taken.append(NotTaken(account=entry.account, name=entry.name, reasons=(why,)))


def _one_issuer(found: Adoption) -> None:
    """Leave alone what trusts another issuer than most roles: a file has one."""
    issuers = Counter(issuer_of(entry) for entry in found.roles)
    if len(issuers) < 2:  # noqa: PLR2004
        return
    ours = max(sorted(issuers), key=lambda one: issuers[one])
    for entry in [one for one in found.roles if issuer_of(one) != ours]:
        found.roles.remove(entry)
        why = f"it trusts `{issuer_of(entry)}`, and a file has one issuer: here `{ours}`"
        found.not_taken.append(NotTaken(account=entry.account, name=entry.name, reasons=(why,)))


def issuer_of(entry: RoleEntry) -> str:
    """Return the issuer that a role trusts from now on: a retired one signs no tokens."""
    host = entry.trust.providers[0]
    return GITHUB_HOST if host.startswith(RETIRED_HOST) else host


def _accounts(found: Adoption, inventory: Inventory, wishes: Wishes) -> Iterator[AccountEntry]:
    for account in sorted({entry.account for entry in found.roles}):
        own = [entry for entry in found.roles if entry.account == account]
        regions = Counter(entry.region for entry in own if entry.region)
        known = Counter(o.region for o in inventory.of(REPOSITORY) if o.account == account)
        region = next((one for one, _ in (*regions.most_common(1), *known.most_common(1))), "")
        region = region or wishes.region
        if not region:
            raise InvalidValue(_no_region(account))
        for entry in own:
            entry.region = entry.region or region
        issuer = issuer_of(own[0])
        arn = f":{account}:oidc-provider/"
        listed = [one for one in inventory.listed.get(account, ()) if arn in one]
        yield AccountEntry(
            id=account,
            region=region,
            provider=_provider(account, issuer, inventory),
            is_listed=account in inventory.listed,
            issuer=issuer,
            retired=tuple(sorted(one for one in listed if RETIRED_HOST in one)),
        )


def _provider(account: str, issuer: str, inventory: Inventory) -> Existing | None:
    for one in inventory.of(PROVIDER, "url", issuer):
        if one.account == account:
            return one
    return None


def _count(found: Adoption, inventory: Inventory) -> None:
    taken = {one.found.key for one in found.roles if one.found}
    found.foreign_repositories = sum(1 for o in inventory.of(REPOSITORY) if o.key not in taken)
    listed = {arn for arns in inventory.listed.values() for arn in arns}
    listed |= {one.id for one in inventory.of(PROVIDER)}
    used = {f":{one.id}:oidc-provider/{one.issuer}" for one in found.accounts}
    found.foreign_providers = sum(1 for arn in listed if not any(map(arn.endswith, used)))


def _check_names(inventory: Inventory, wishes: Wishes) -> None:
    roles = {one.text("name") for one in inventory.of(ROLE)}
    repositories = {one.id for one in inventory.of(REPOSITORY)}
    for option, names, known in (
        ("--image", wishes.images, roles),
        ("--repository", wishes.repositories, roles),
        ("--leave", wishes.leave, roles | repositories),
    ):
        unknown = sorted({*names} - known)
        if unknown:
            raise InvalidValue(_unknown(option, unknown, known))


def _unknown(option: str, names: list[str], known: Iterable[str]) -> Problem:
    return Problem(
        what=f"`{option}` names what no file has.",
        given=names,
        why="It would do nothing, and what was meant would be taken over otherwise.",
        fix=f"The files have {', '.join(sorted(known)[:10]) or 'none'}.",
    )


def _no_region(account: str) -> Problem:
    return Problem(
        what="No file says which region the account is used in.",
        given=account,
        why="Every stack has a region, and it is part of the ARNs in its policies.",
        fix="Add `--region REGION`, or pass what `aws ecr describe-repositories` prints.",
    )
