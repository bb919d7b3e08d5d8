"""
The roles of synthesized stacks, with everything that a workflow needs to know of them.

What a role may do is read off its policies. The metadata adds what no policy says: the order of
services, and hints.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from deploy_access.json_shape import as_object, as_text, objects
from deploy_access.terraform.snapshot import read_snapshot
from deploy_access.terraform.sources import Reading
from deploy_access.workflow.deployer import Deployer
from deploy_access.workflow.deployment_groups import read_deployment_groups, with_waits
from deploy_access.workflow.permissions import read_images, read_targets
from deploy_access.workflow.task_definitions import read_task_definitions
from deploy_access.workflow.trusted import read_trusted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from deploy_access.terraform.blocks import Block, Module
    from deploy_access.terraform.estate import Estate, Role
    from deploy_access.workflow.deployer import EcsTarget, ImageRepository, TaskDefinition
    from deploy_access.workflow.deployment_groups import DeploymentGroup

_MUTABLE = {"MUTABLE", None}
CACHE_TAG = "buildcache"
"""The tag of a registry cache."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployerEstate:
    """
    The roles of the stacks, and those of them that GitHub may assume.

    Attributes:
        estate: All roles and providers, and what could not be read.
        deployers: The roles that trust GitHub, in the estate's order.
    """

    estate: Estate
    deployers: tuple[Deployer, ...]


def read_deployers(out: Path) -> DeployerEstate:
    """
    Read the stacks that were synthesized into *out*.

    Raises:
        InvalidValue: There is none, or it is not as CDKTF writes it.
    """
    snapshot = read_snapshot(Reading().stacks(out))
    scopes = [stack.scope for stack in snapshot.stacks.values()]
    read = _Stacks(
        estate=snapshot.estate,
        modules={name: stack.scope.module for name, stack in snapshot.stacks.items()},
        definitions=tuple(one for scope in scopes for one in read_task_definitions(scope)),
        groups=tuple(one for scope in scopes for one in read_deployment_groups(scope)),
    )
    made = [read.deployer(role) for role in read.estate.roles if role.trust is not None]
    return DeployerEstate(estate=read.estate, deployers=tuple(one for one in made if one.trusted))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stacks:
    """The stacks, read once for all roles."""

    estate: Estate
    modules: Mapping[str, Module]
    definitions: tuple[TaskDefinition, ...]
    groups: tuple[DeploymentGroup, ...]

    def deployer(self, role: Role) -> Deployer:
        """Return a role with its stacks, repositories, services and hints."""
        places = [role.where, *(policy.where for policy in role.policies)]
        stacks = tuple(dict.fromkeys(place.stack for place in places if place.stack))
        blocks = {name: list(self.modules[name].blocks) for name in stacks if name in self.modules}
        targets = read_targets(role, _policies(blocks.values()))
        return Deployer(
            role=role,
            stacks=stacks,
            trusted=read_trusted(role.trust),
            images=tuple(_with_tags(i, self.estate, self.modules) for i in read_images(role)),
            targets=tuple(map(self._with_stacks, targets)),
            hints=_hints(role, blocks),
            outputs={name: self.modules[name].outputs for name in blocks},
        )

    def _with_stacks(self, target: EcsTarget) -> EcsTarget:
        """Add what stacks make and the role has no say in: definitions, and waits of groups."""
        place = (target.account, target.region)
        here = tuple(one for one in self.definitions if (one.account, one.region) == place)
        return with_waits(replace(target, definitions=here), self.groups)


def _metadata(block: Block) -> Mapping[str, object]:
    return as_object(as_object(block.body.get("//")).get("deploy_access"))


def _policies(stacks: Iterable[list[Block]]) -> dict[str, Mapping[str, object]]:
    """List what the constructs left at each policy, by the policy's name."""
    policies = [b for blocks in stacks for b in blocks if b.type == "aws_iam_policy"]
    named = [(as_text(b.body.get("name")), b) for b in policies]
    return {name: _metadata(block) for name, block in named if name}


def _hints(role: Role, stacks: Mapping[str, list[Block]]) -> dict[str, object]:
    """Join the hints at the role and at what it is granted; those at the role win."""
    own: dict[str, object] = {}
    granted: dict[str, object] = {}
    for stack, blocks in stacks.items():
        for block in blocks:
            metadata = _metadata(block)
            hints = as_object(metadata.get("workflow"))
            if (stack, block.address) == (role.where.stack, role.where.address):
                own = dict(hints)
            elif metadata.get("role") == role.name:
                granted = {**hints, **granted}
    return {**granted, **own}


def _with_tags(
    images: ImageRepository, estate: Estate, modules: Mapping[str, Module]
) -> ImageRepository:
    """Return the repository with whether it takes the tag of a cache a second time."""
    places = [one.where for one in estate.repositories if one.arn == images.arn]
    for where in places:
        module = modules.get(where.stack or "")
        for block in module.blocks if module else ():
            if block.address == where.address:
                return replace(images, cache_tags=_takes_cache(block))
    return images


def _takes_cache(block: Block) -> bool:
    mutability = as_text(block.body.get("image_tag_mutability"))
    excluded = any(
        (as_text(one.get("filter")) or "").rstrip("*") in {CACHE_TAG, ""}
        for one in objects(block.body.get("image_tag_mutability_exclusion_filter"))
    )
    return (mutability in _MUTABLE or (mutability or "").startswith("MUTABLE_")) != excluded
