"""The stages of a repository: its roles in the order of their jobs, with the refs they trust."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from deploy_access.github.subject_claim import matches
from deploy_access.iam.references import has_wildcard
from deploy_access.workflow.server import has_feature, read_version
from deploy_access.workflow.step_value import is_known

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from deploy_access.workflow.deployer import Deployer, Trusted
    from deploy_access.workflow.options import Options
    from deploy_access.workflow.server import Feature

# What comes first in most companies; anything else stands between the last two lines.
_ORDER = (
    ("dev", "develop", "development", "sandbox"),
    ("test", "testing", "qa", "int", "integration", "uat"),
    ("stg", "stage", "staging", "preprod", "pre-production"),
    (),
    ("prod", "production", "prd", "live"),
)
_ELSE = _ORDER.index(())
ENVIRONMENT_WORDS = {name for names in _ORDER for name in names}
"""What environments are usually called."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Ref:
    """
    A ref that a role trusts.

    Attributes:
        kind: What sort it is; `pull_request` for that event.
        name: Its short name; a pattern of IAM's when `is_pattern`.
        is_pattern: Whether `*` and `?` in it are wildcards.
    """

    kind: Literal["branch", "tag", "pull_request"]
    name: str
    is_pattern: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """
    A role that a job uses, and the environment or the refs that it trusts.

    Attributes:
        deployer: The role.
        repository: The repository that the workflow is in, `owner/name`.
        environment: The GitHub environment, or None.
        label: What its environment is called, in names and files.
        refs: The refs that it trusts; None where the ref does not matter.
        trusted: The subjects that let it in.
        service: Which service of the repository it is for; nothing where there is one.
        builds: Whether it only pushes what other stages deploy: those of its service, or all.
    """

    deployer: Deployer
    repository: str
    environment: str | None
    label: str
    refs: frozenset[Ref] | None
    trusted: tuple[Trusted, ...]
    service: str = ""
    builds: bool = False

    def hint(self, key: str) -> str:
        """Return what the metadata says of a text; nothing where it does not."""
        found = self.deployer.hints.get(key)
        return found if isinstance(found, str) else ""

    @property
    def is_on_server(self) -> bool:
        """Whether its workflows run on a GitHub Enterprise Server."""
        return any(one.issuer.is_server for one in self.trusted)

    def has(self, feature: Feature) -> bool:
        """Whether the GitHub that its workflows run on has it, as far as it is known."""
        version = read_version(self.deployer.hints.get("server_version"))
        return not self.is_on_server or has_feature(version, feature)

    @property
    def is_useful(self) -> bool:
        """Whether its role pushes or deploys."""
        return bool(self.deployer.images or self.deployer.targets)


def stages_of(deployers: Sequence[Deployer], options: Options) -> dict[str, list[Stage]]:
    """Return the stages of each repository, whatever role is asked for."""
    found: dict[str, list[Stage]] = {}
    for deployer in deployers:
        for repository in _repositories(deployer, options):
            found.setdefault(repository, []).extend(_stages(deployer, repository))
    return dict(sorted(found.items()))


def _repositories(deployer: Deployer, options: Options) -> list[str]:
    """Name the repositories that a role trusts; one that is asked for may match a pattern."""
    names = dict.fromkeys(f"{one.owner}/{one.name}" for one in deployer.trusted)
    if options.repo is not None:
        return [options.repo] if any(matches(name, options.repo) for name in names) else []
    return [name for name in names if not re.search(r"[*?]", name)]


def _stages(deployer: Deployer, repository: str) -> Iterator[Stage]:
    """Make a stage for each environment, or one for all refs."""
    trusted = [t for t in deployer.trusted if matches(f"{t.owner}/{t.name}", repository)]
    environments = [t for t in trusted if t.kind == "environment" and not t.is_pattern]
    for name in dict.fromkeys(one.value for one in environments):
        of_it = tuple(one for one in environments if one.value == name)
        yield Stage(
            deployer=deployer,
            repository=repository,
            environment=name,
            label=name,
            refs=_asked_refs(of_it),
            trusted=of_it,
        )
    others = tuple(t for t in trusted if t.kind != "environment")
    if others and not environments:
        yield Stage(
            deployer=deployer,
            repository=repository,
            environment=None,
            label=_hinted(deployer),
            refs=_refs(others),
            trusted=others,
        )


def _refs(trusted: Iterable[Trusted]) -> frozenset[Ref] | None:
    found: set[Ref] = set()
    for one in trusted:
        match one.kind:
            case "any" | "anything but":
                return None
            case "environment":
                continue
            case kind:
                found.add(Ref(kind=kind, name=one.value, is_pattern=one.is_pattern))
    return frozenset(found)


def _asked_refs(trusted: Iterable[Trusted]) -> frozenset[Ref] | None:
    """Read the refs that a condition beside an environment asks for; None where it is any."""
    asked = [one.ref for one in trusted if one.ref]
    refs = [_ref(value, like=claim.is_pattern) for claim in asked for value in claim.values]
    known = [ref for ref in refs if ref]
    return frozenset(known) if known and len(known) == len(refs) else None


def _ref(text: str, *, like: bool) -> Ref | None:
    """Read a whole ref, as the claim has it; None where it is no branch and no tag alone."""
    kinds: tuple[Literal["branch", "tag"], ...] = ("branch", "tag")
    for kind, start in zip(kinds, ("refs/heads/", "refs/tags/"), strict=True):
        if text.startswith(start):
            name = text.removeprefix(start)
            return Ref(kind=kind, name=name, is_pattern=like and has_wildcard(name))
    return None


def labelled(stages: Sequence[Stage]) -> list[Stage]:
    """Name what has no environment by what its role's name has and others of its service lack."""
    return [one if one.label else replace(one, label=_label(one, stages)) for one in stages]


def _label(stage: Stage, stages: Sequence[Stage]) -> str:
    others = [one for one in stages if one.service == stage.service and not one.builds]
    useful = [one for one in others if one.is_useful] or others
    return _short(stage.deployer.name, [one.deployer.name for one in useful])


def _short(name: str, names: list[str]) -> str:
    words = [one.split("-") for one in dict.fromkeys([name, *names])]
    if len(words) == 1 or not is_known(name):
        return name
    start = _common(words)
    end = _common([one[start:][::-1] for one in words])
    own = name.split("-")
    return "-".join(own[start : len(own) - end]) or name


def _common(words: list[list[str]]) -> int:
    """Count the words that all lists begin with."""
    count = 0
    for column in zip(*words, strict=False):
        if len(set(column)) > 1:
            break
        count += 1
    return count


def _hinted(deployer: Deployer) -> str:
    hint = deployer.hints.get("environment")
    return hint if isinstance(hint, str) else ""


def is_builder(stage: Stage, stages: Iterable[Stage]) -> bool:
    """Whether it builds for one of *stages*: they deploy what its role pushes."""
    return stage.builds and any(
        one.deployer.targets and not one.deployer.images and stage.service in {"", one.service}
        for one in stages
    )


def chosen(stages: Sequence[Stage], options: Options) -> list[Stage]:
    """
    Return the stages that are asked for, in the order of their jobs.

    Roles that neither push nor deploy are left out, unless there are no others.
    """
    found = [one for one in stages if not options.roles or one.deployer.name in options.roles]
    found = [one for one in found if one.is_useful] or found
    found = _kept(found, [one for one in found if _serves(one, options)])
    wanted = options.environments
    if wanted:
        found = _kept(found, [one for one in found if one.label in wanted])
        return sorted(found, key=lambda s: wanted.index(s.label) if s.label in wanted else -1)
    order = {one.service: index for index, one in enumerate(stages)}
    return sorted(
        found,
        key=lambda s: (not is_builder(s, found), order[s.service], rank(s.label), s.label),
    )


def _serves(stage: Stage, options: Options) -> bool:
    names = {stage.service, *stage.deployer.service_names}
    return not options.services or bool(names & {*options.services})


def _kept(stages: Sequence[Stage], wanted: Sequence[Stage]) -> list[Stage]:
    """Keep what is wanted, and who builds for it; who builds for others is wanted for them."""
    direct = [one for one in wanted if not is_builder(one, stages)]
    return [one for one in stages if one in direct or is_builder(one, direct)]


def rank(label: str) -> int:
    """Return the place of an environment of this name: the later, the greater."""
    for index, names in enumerate(_ORDER):
        if label.lower() in names:
            return index
    return _ELSE


def kind_of(stage: Stage) -> str:
    """Say what the role of a stage does."""
    deployer = stage.deployer
    if any(target.services for target in deployer.targets):
        return "deploy"
    if deployer.targets:
        return "run"
    return "push" if deployer.images else "check"
