"""One role, as an entry of `environments.toml` that leaves it what it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.adopt.deployments import find_deployment
from deploy_access.adopt.existing import REPOSITORY
from deploy_access.adopt.model import Leftover, NotTaken, RoleEntry
from deploy_access.adopt.role_policies import held_by, joined
from deploy_access.adopt.trust import read_trust
from deploy_access.audit.attached_policies import check_attached, may_write
from deploy_access.errors import InvalidValue
from deploy_access.iam.arns import Arn
from deploy_access.iam.documents import read_policy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy_access.adopt.existing import Existing, Inventory
    from deploy_access.adopt.permissions import Permissions
    from deploy_access.adopt.role_policies import Held
    from deploy_access.adopt.trust import Trust

AS_BEFORE = "It was so before it was taken over."
_SHOWN = 3
"""The actions of a policy that are named."""
_NOTHING_DEPLOYED = "It may call nothing of ECS; a workflow that deploys needs the table `ecs`."


def role_entry(
    role: Existing, inventory: Inventory, images: Mapping[str, str]
) -> RoleEntry | NotTaken | None:
    """
    Return the entry of a role; None for one that no token of GitHub reaches.

    Args:
        role: The role.
        inventory: All that is there.
        images: The repository of images of a role, by name, where the user says it.
    """
    name = role.text("name")
    try:
        trust = read_trust(read_policy(role.text("assume_role_policy")).policy)
    except InvalidValue:
        reasons = ("its trust policy cannot be read",)
        return NotTaken(account=role.account, name=name, reasons=reasons)
    if trust is None:
        return None
    reasons = _reasons(trust)
    if reasons:
        return NotTaken(account=role.account, name=name, reasons=reasons)
    entry = RoleEntry(role=role, trust=trust)
    held = held_by(role, inventory)
    allows = joined(held)
    _place_images(entry, allows, inventory, images)
    _sort_policies(entry, held, allows)
    _accept(entry)
    entry.never = [*trust.never, *entry.never]
    _note_unsaid(entry, inventory)
    return entry


def _note_unsaid(entry: RoleEntry, inventory: Inventory) -> None:
    """Note what no file says of a role, and the command that does."""
    if (entry.account, entry.name) not in inventory.whole:
        entry.notes.append(
            "No file lists its policies, so none is taken over; "
            "`aws iam get-account-authorization-details` does."
        )
    if "max_session_duration" not in entry.role.values:
        entry.notes.append(
            "No file says how long its sessions may last, so an hour is written; "
            "`aws iam list-roles` does."
        )


def _reasons(trust: Trust) -> tuple[str, ...]:
    reasons = [*trust.reasons]
    if len(trust.providers) > 1:
        reasons.append(f"it trusts several issuers: {', '.join(trust.providers)}")
    if not trust.lines:
        lost = " ".join([*trust.lost, *trust.never])
        reasons.append(f"nobody whom it trusts has a key: {lost}")
    return tuple(dict.fromkeys(reasons))


def _place_images(
    entry: RoleEntry, allows: Permissions, inventory: Inventory, images: Mapping[str, str]
) -> None:
    """Find the repository that the role pushes to."""
    wanted = images.get(entry.name)
    known = [one for one in inventory.of(REPOSITORY) if one.account == entry.account]
    named = sorted(allows.pushes)
    if wanted is not None:
        named = [arn for arn in named if arn.endswith(f":repository/{wanted}")]
        found = next((one for one in known if one.id == wanted), None)
        _place(entry, wanted, found.region if found else "", found)
    elif named:
        _place_named(entry, named, known)
    elif allows.pushes_anywhere:
        _guess(entry, known)
    entry.reads_layers = bool(entry.repository) and allows.reads_layers


def _place_named(entry: RoleEntry, named: list[str], known: list[Existing]) -> None:
    ours = [arn for arn in map(Arn.parse, named) if arn and arn.account_id == entry.account]
    if not ours:
        entry.notes.append(f"It pushes to another account ({', '.join(named)}); no key says that.")
        return
    mine = _names_on_github(entry)
    best = min(ours, key=lambda arn: (arn.resource.partition("/")[2] not in mine, arn.resource))
    name = best.resource.partition("/")[2]
    found = next((one for one in known if (one.id, one.region) == (name, best.region)), None)
    _place(entry, name, best.region, found)
    others = [arn for arn in named if not arn.endswith(f":repository/{name}")]
    if others:
        entry.notes.append(f"It pushes to more than one; no key says that: {', '.join(others)}.")


def _names_on_github(entry: RoleEntry) -> set[str]:
    """Return what the repositories that the role trusts are called, as ECR spells names."""
    return {line.repository.rpartition("/")[2].lower() for line in entry.lines}


def _guess(entry: RoleEntry, known: list[Existing]) -> None:
    """Take the one repository that can be meant, where images may be pushed to any."""
    mine = _names_on_github(entry)
    same = [one for one in known if one.id in mine] or (known if len(known) == 1 else [])
    if len(same) == 1:
        _place(entry, same[0].id, same[0].region, same[0])
        return
    entry.notes.append(
        f"It may push to every repository; say to which it does: `--image {entry.name}=REPOSITORY`."
    )


def _place(entry: RoleEntry, name: str, region: str, found: Existing | None) -> None:
    entry.image = "create" if found else "existing"
    entry.repository, entry.region, entry.found = name, region, found
    if found is None:
        entry.notes.append(
            f"No file says that there is a repository {name}, so it is not taken over; "
            "`aws ecr describe-repositories` of its region does."
        )


def _sort_policies(entry: RoleEntry, held: list[Held], allows: Permissions) -> None:
    """Decide about each policy: it is rewritten, it is kept, or it stays as it is."""
    entry.deployment = find_deployment(entry, held, allows)
    entry.never += [
        f"`{arn}` lacks its cluster, so no call matches it." for arn in allows.without_cluster
    ]
    # A role without images has nothing to deploy.
    reaches_ecs = allows.deploys or any("ECS" in one.arn for one in held)
    if entry.image != "none" and not reaches_ecs:
        entry.never.append(_NOTHING_DEPLOYED)
    rewritten = entry.deployment.policy.id if entry.deployment and entry.deployment.policy else ""
    entry.managed = tuple(one.arn for one in held if not one.is_inline and one.arn != rewritten)
    for one in held:
        if one.is_inline and not _rewrite(entry, one):
            entry.stays.append(_stays(entry, one))


def _rewrite(entry: RoleEntry, one: Held) -> bool:
    """Take an inline policy for that of the push, where the entry gives all that it allows."""
    if entry.push_policy is None and one.allows.has_push and _is_covered(entry, one):
        entry.push_policy = one.source
        return True
    return False


def _is_covered(entry: RoleEntry, one: Held) -> bool:
    """Whether the entry gives all that a policy allows."""
    allows = one.allows
    ends = all(arn.endswith(f":repository/{entry.repository}") for arn in allows.pushes)
    pushes = not allows.has_push or (bool(entry.repository) and ends and not allows.pushes_anywhere)
    deploys = not allows.deploys or entry.deployment is not None
    return one.is_wholly_known and pushes and deploys


def _stays(entry: RoleEntry, one: Held) -> Leftover:
    if _is_covered(entry, one):
        return one.leftover("What is taken over allows all of it.", is_covered=True)
    others = one.allows.others or ["what the entry has no key for"]
    more = len(others) - _SHOWN
    shown = ", ".join(others[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
    return one.leftover(f"It allows {shown}.", is_covered=False)


def _accept(entry: RoleEntry) -> None:
    rules = {rule for line in entry.lines for rule in line.refused_by}
    rules |= {
        found.finding.rule
        for arn in entry.managed
        for found in check_attached(arn)
        if found.finding.severity != "note"
    }
    writes = entry.image != "none" or entry.deployment or any(map(may_write, entry.managed))
    if writes and any(line.writes_for_pull_requests for line in entry.lines):
        rules.add("pull-request-write")
    entry.accept = dict.fromkeys(sorted(rules), AS_BEFORE)
