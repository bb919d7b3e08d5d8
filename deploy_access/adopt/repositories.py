"""The repositories of images: which role's stack has each, and what of it is taken over."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING

from deploy_access.adopt.existing import LIFECYCLE, REPOSITORY_POLICY
from deploy_access.adopt.lifecycles import read_rules
from deploy_access.adopt.model import Leftover
from deploy_access.iam.arns import account_named
from deploy_access.iam.ecr_capabilities import PULL_ACTIONS
from deploy_access.json_shape import as_object, as_text, objects, texts

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from deploy_access.adopt.existing import Existing, Inventory, Key
    from deploy_access.adopt.model import RoleEntry

_EXPRESSED = {"AES256", "KMS"}
_MUTABILITIES = {
    f"{one}{end}" for one in ("IMMUTABLE", "MUTABLE") for end in ("", "_WITH_EXCLUSION")
}
_PULL = {action.lower() for action in PULL_ACTIONS}


def claim_repositories(
    roles: list[RoleEntry], inventory: Inventory, leave: Collection[str]
) -> None:
    """Give each repository to the first role that pushes to it; the others push to it by name."""
    owners: dict[Key, RoleEntry] = {}
    for entry in roles:
        found = entry.found
        if found is None:
            continue
        owner = owners.setdefault(found.key, entry)
        why = _why_not(found, leave) if owner is entry else f"The stack of {owner.name} has it."
        if why:
            entry.image, entry.found = "existing", None
            entry.notes.append(f"Repository {found.id} is pushed to by its name. {why}")
            continue
        _parts(entry, found, inventory)


def _why_not(found: Existing, leave: Collection[str]) -> str:
    """Say why a repository is not taken over; an empty text where it is."""
    kind, key = encryption(found)
    if kind not in _EXPRESSED or (kind == "KMS" and not key):
        return f"It is encrypted by {kind}, which no key says, and another would replace it."
    if found.id in leave:
        return "It is left alone, as you said."
    if mutability(found) not in _MUTABILITIES:
        return "Its tags are of a kind that no key says."
    return ""


def encryption(found: Existing) -> tuple[str, str]:
    """Return how a repository is encrypted, and the ARN of its key."""
    block = _block(found, "encryption_configuration")
    return as_text(block.get("encryption_type")) or "AES256", as_text(block.get("kms_key")) or ""


def scans(found: Existing) -> bool:
    """Whether images are scanned when they are pushed."""
    return _block(found, "image_scanning_configuration").get("scan_on_push") is True


def mutability(found: Existing) -> str:
    """Return which tags may move, in ECR's word; every one, where nothing is said."""
    return found.text("image_tag_mutability") or "MUTABLE"


def _block(found: Existing, name: str) -> Mapping[str, object]:
    return as_object(next(objects(found.values.get(name)), None))


def exclusions(found: Existing) -> list[str]:
    """List the tags for which the opposite of the mutability is true."""
    filters = objects(found.values.get("image_tag_mutability_exclusion_filter"))
    return [as_text(one.get("filter")) or "" for one in filters]


def _parts(entry: RoleEntry, found: Existing, inventory: Inventory) -> None:
    lifecycle = inventory.find(LIFECYCLE, found.account, found.id, found.region)
    if lifecycle is not None and read_rules(lifecycle) is None:
        entry.stays.append(_lifecycle_stays(lifecycle))
    else:
        entry.lifecycle = lifecycle
    policy = inventory.find(REPOSITORY_POLICY, found.account, found.id, found.region)
    if policy is None:
        return
    if pulling(policy) is None:
        entry.stays.append(_policy_stays(policy))
    else:
        entry.repository_policy = policy


def pulling(policy: Existing) -> list[str] | None:
    """Return the accounts that a repository policy lets pull; None where it says anything else."""
    try:
        statements = [*objects(as_object(json.loads(policy.text("policy"))).get("Statement"))]
    except ValueError:
        return None
    accounts: list[str] = []
    for statement in statements:
        found = _accounts(statement)
        if found is None:
            return None
        accounts += found
    return sorted(set(accounts)) if accounts else None


def _accounts(body: Mapping[str, object]) -> list[str] | None:
    actions = {action.lower() for action in texts(body.get("Action"))}
    principals = texts(as_object(body.get("Principal")).get("AWS"))
    is_plain = body.get("Effect") == "Allow" and not body.get("Condition")
    named = [account_named(principal) for principal in principals]
    if not is_plain or actions != _PULL or not named or None in named:
        return None
    return [one for one in named if one]


def _lifecycle_stays(lifecycle: Existing) -> Leftover:
    name = shlex.quote(lifecycle.id)
    return Leftover(
        name=f"the lifecycle policy of {lifecycle.id}",
        why="A rule of it says what no key does, such as a description.",
        command=f"aws ecr delete-lifecycle-policy --repository-name {name}",
    )


def _policy_stays(policy: Existing) -> Leftover:
    return Leftover(
        name=f"the policy of repository {policy.id}",
        why="It says more than that other accounts may pull, for which there is no key.",
        command=f"aws ecr delete-repository-policy --repository-name {shlex.quote(policy.id)}",
    )
