"""What a role deploys to ECS, as the table `ecs` says it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from deploy_access.adopt.model import Deployment
from deploy_access.adopt.role_policies import with_documents
from deploy_access.iam.arns import Arn

if TYPE_CHECKING:
    from deploy_access.adopt.existing import Existing
    from deploy_access.adopt.model import RoleEntry
    from deploy_access.adopt.permissions import Permissions
    from deploy_access.adopt.role_policies import Held

_EXECUTION = re.compile("exec", re.IGNORECASE)
_FAMILIES = (
    "Services may be pointed at task definitions of their own names alone: where a family is "
    "called otherwise, write `families`."
)


def find_deployment(entry: RoleEntry, held: list[Held], allows: Permissions) -> Deployment | None:
    """Return what the role deploys; None where it cannot be said by the table `ecs`."""
    if not allows.services or not _is_sayable(entry, allows):
        return None
    region, cluster = next(iter(allows.clusters)).split("/", 1)
    if entry.region and entry.region != region:
        entry.notes.append(
            f"It deploys to {region} and pushes to {entry.region}; no key says that."
        )
        return None
    entry.region = region
    entry.notes.append(_FAMILIES)
    found = _deployment(allows, cluster)
    policy = _policy(entry, held)
    return found if policy is None else replace(found, policy=policy, is_attached=True)


def _is_sayable(entry: RoleEntry, allows: Permissions) -> bool:
    if len(allows.clusters) > 1:
        entry.notes.append(f"It deploys to several clusters: {', '.join(sorted(allows.clusters))}.")
    elif not allows.passed:
        entry.never.append("It passes no role to tasks, so no task definition can be registered.")
    return len(allows.clusters) == 1 and bool(allows.passed)


def _deployment(allows: Permissions, cluster: str) -> Deployment:
    services = {
        arn.resource.split("/")[2]
        for arn in map(Arn.parse, sorted(allows.services))
        if arn and arn.resource.startswith(f"service/{cluster}/")
    }
    roles = [arn.resource.partition("/")[2] for arn in map(Arn.parse, sorted(allows.passed)) if arn]
    # Both lists end in one statement, so a wrong guess changes no access.
    execution = next((role for role in roles if _EXECUTION.search(role)), roles[0])
    return Deployment(
        cluster=cluster,
        services=tuple(sorted(services)),
        task_roles=tuple(role for role in roles if role != execution),
        execution_role=execution,
        reads_definition=allows.reads_definition,
    )


def _policy(entry: RoleEntry, held: list[Held]) -> Existing | None:
    """Return the managed policy that is rewritten: of this role alone, and known to the end."""
    for one in with_documents(held):
        pushes = all(arn.endswith(f":repository/{entry.repository}") for arn in one.allows.pushes)
        is_ours = one.allows.services and pushes and not one.allows.pushes_anywhere
        if is_ours and one.is_wholly_known and not one.is_shared and one.keeps_its_name:
            return one.document
    return None
