"""
The services of a repository: which roles deploy one and the same, and which role builds for them.

A repository may hold several services, each with its own way through the environments. A hint
`service` says whose a role is. Without it, roles belong together when they deploy ECS services of
one name, or have one name themselves, but for the words of environments.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, TypeAlias

from deploy_access.workflow.stages import ENVIRONMENT_WORDS
from deploy_access.workflow.step_value import is_known, slug

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from deploy_access.workflow.stages import Stage

_Key: TypeAlias = tuple[str, str]
# What roles are called after besides their service.
_PURPOSES = {"ci", "deploy", "deployer", "github", "push", "role"}


def with_services(stages: Sequence[Stage]) -> list[Stage]:
    """
    Return the stages of a repository with their services, and with who builds for others.

    A repository of one service has no name for it, but where a hint says one. A builder without
    a service builds for all of them.
    """
    builders = _builders(stages)
    groups = _groups([one for one in stages if id(one) not in builders])
    names = dict(zip(map(id, groups), _names(groups), strict=True))
    service_of = {id(stage): names[id(group)] for group in groups for stage in group}
    return [
        replace(one, builds=True, service=_served(builders[id(one)], service_of))
        if id(one) in builders
        else replace(one, service=service_of[id(one)])
        for one in stages
    ]


def _served(waiting: Iterable[Stage], service_of: dict[int, str]) -> str:
    """Name the one service that a role builds for; nothing where it builds for several."""
    found = {service_of[id(one)] for one in waiting}
    return next(iter(found)) if len(found) == 1 else ""


def _builders(stages: Sequence[Stage]) -> dict[int, list[Stage]]:
    """
    Find the roles that only push, where others only deploy, with the stages they build for.

    One whose images nobody deploys builds for nobody, if all that wait have another. Of several
    that nothing tells apart each may be meant, which is refused later.
    """
    pushing = [one for one in stages if one.deployer.images and not one.deployer.targets]
    waiting = [one for one in stages if one.deployer.targets and not one.deployer.images]
    if not waiting:
        return {}
    found = {id(one): _waiting_for(one, pushing, waiting) for one in pushing}
    served = {id(one) for those in found.values() for one in those}
    if all(id(one) in served for one in waiting):
        return {key: those for key, those in found.items() if those}
    return {key: those or waiting for key, those in found.items()}


def _waiting_for(builder: Stage, pushing: Sequence[Stage], waiting: Sequence[Stage]) -> list[Stage]:
    """List the stages that deploy what a role pushes: by hint, by output, or by name."""
    rivals = [one for one in pushing if one.hint("service") == builder.hint("service")]
    mine = [one for one in waiting if one.hint("service") == builder.hint("service")]
    if len(rivals) == 1:
        return mine or ([] if builder.hint("service") else list(waiting))
    pushed = {images.name for images in builder.deployer.images}
    named = [one for one in mine if pushed & one.deployer.repository_names]
    keys = _name_keys(pushed, set())
    return named or [one for one in mine if keys & _keys(one, set())]


def _groups(stages: Sequence[Stage]) -> list[list[Stage]]:
    """Put the stages of one service together; where nothing is deployed twice, all are one."""
    words = {one.environment.lower() for one in stages if one.environment} | ENVIRONMENT_WORDS
    named = _joined([_Group(keys=_keys(one, words), stages=[one]) for one in stages])
    groups = [part for group in named for part in _parts(group, words)]
    hinted = [one for one in groups if one.hint]
    others = [one for one in groups if not one.hint]
    if not any(_overlap(a, b, words) for a, b in combinations(others, 2)):
        others = [_Group(keys=set(), stages=[s for one in others for s in one.stages])]
    return [one.stages for one in [*hinted, *others] if one.stages]


@dataclass(slots=True, kw_only=True)
class _Group:
    keys: set[_Key]
    stages: list[Stage]

    @property
    def hint(self) -> str:
        return self.stages[0].hint("service") if self.stages else ""


def _joined(groups: list[_Group]) -> list[_Group]:
    """Join groups that have a key in common."""
    found: list[_Group] = []
    for group in groups:
        alike = [one for one in found if one.keys & group.keys]
        keys = group.keys.union(*(one.keys for one in alike))
        stages = [*(stage for one in alike for stage in one.stages), *group.stages]
        found = [one for one in found if one not in alike]
        found.append(_Group(keys=keys, stages=stages))
    return found


def _parts(group: _Group, words: set[str]) -> list[_Group]:
    """
    Split a group by the names of its roles, where one name is that of several ECS services.

    Two clusters of one environment, account and region have a service each, also of one name.
    """
    alike = combinations(group.stages, 2)
    if group.hint or not any(_are_two(one, other, words) for one, other in alike):
        return [group]
    by_role = [
        _Group(keys={("role", _root(one.deployer.name, words))}, stages=[one])
        for one in group.stages
    ]
    return _joined(by_role)


def _are_two(one: Stage, other: Stage, words: set[str]) -> bool:
    clusters = [
        {(t.account, t.region): t.cluster for t in s.deployer.targets} for s in (one, other)
    ]
    shared = clusters[0].keys() & clusters[1].keys()
    apart = any(clusters[0][place] != clusters[1][place] for place in shared)
    return apart and _environment(one, words) == _environment(other, words)


def _overlap(one: _Group, other: _Group, words: set[str]) -> bool:
    """Whether both have a role for one environment, so that they cannot be its steps."""
    places = [{_environment(stage, words) for stage in group.stages} for group in (one, other)]
    return bool(places[0] & places[1])


def _environment(stage: Stage, words: set[str]) -> str:
    """Name the environment of a role: GitHub's, a hint's, or the one that its name has."""
    in_name = [word for word in _words(stage.deployer.name) if word in words]
    return stage.label.lower() or (in_name[0] if len(in_name) == 1 else "")


def _keys(stage: Stage, words: set[str]) -> set[_Key]:
    """Return what the roles of one service have in common."""
    if stage.hint("service"):
        return {("hint", stage.hint("service"))}
    deployer = stage.deployer
    names = deployer.service_names or {images.name for images in deployer.images}
    return {("role", _root(deployer.name, words)), *_name_keys(names, words)}


def _name_keys(names: Iterable[str], words: set[str]) -> set[_Key]:
    return {("name", _root(name, words)) for name in names if is_known(name)}


def _root(name: str, words: set[str]) -> str:
    """Leave the words of environments out of a name; one that has no others keeps them."""
    return "-".join(word for word in _words(name) if word not in words) or name.lower()


def _words(name: str) -> list[str]:
    return [word for word in re.split(r"[^a-z0-9]+", name.lower()) if word]


def _names(groups: Sequence[Sequence[Stage]]) -> list[str]:
    """Name each service: as a hint does, after its one ECS service or image, or after its role."""
    if len(groups) == 1:
        return [groups[0][0].hint("service")]
    found = _distinct(
        [_name(group) for group in groups], [_role_name(group[0]) for group in groups]
    )
    return _distinct(found, [f"{name}-{index}" for index, name in enumerate(found, 1)])


def _role_name(stage: Stage) -> str:
    """Name a service after a role: without what it is there for, and where."""
    return _root(stage.deployer.name, ENVIRONMENT_WORDS | _PURPOSES)


def _distinct(names: Sequence[str], instead: Sequence[str]) -> list[str]:
    """Replace names that become one in a file's name."""
    slugs = [slug(one) for one in names]
    pairs = zip(names, instead, strict=True)
    return [name if slugs.count(slug(name)) == 1 else other for name, other in pairs]


def _name(group: Sequence[Stage]) -> str:
    known = [name for stage in group for name in _own_names(stage) if is_known(name)]
    words = ENVIRONMENT_WORDS | {stage.label.lower() for stage in group}
    roots = {_root(name, words) for name in known}
    hint = group[0].hint("service")
    if hint or len(roots) != 1:
        return hint or _role_name(group[0])
    return known[0] if len(set(known)) == 1 else next(iter(roots))


def _own_names(stage: Stage) -> Iterator[str]:
    deployer = stage.deployer
    yield from sorted(deployer.service_names or {images.name for images in deployer.images})
