"""
The stacks that a change touches, in the order in which to deploy them.

Deploys come first, each stack after those that it needs. Then the stacks that are gone are
destroyed, each before those that it needed. The order has two reasons: by then no stack uses what
is destroyed, and when a deploy fails nothing is lost yet. The price: a name that moves from one
stack to another is still taken when it is created. AWS refuses, and nothing is lost. (Move such a
resource with a `removed` and an `import` block.)
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Literal

from deploy_access.errors import InvalidValue, Problem
from deploy_access.json_shape import as_object
from deploy_access.terraform.blocks import read_module
from deploy_access.terraform.changed_stacks import is_changed, state_of
from deploy_access.terraform.provider_target import place_of
from deploy_access.terraform.scope import Scope
from deploy_access.terraform.symbols import Symbols

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from deploy_access.terraform.blocks import Module
    from deploy_access.terraform.provider_target import ProviderTarget
    from deploy_access.terraform.sources import StackFile

    Side = Mapping[str, StackFile]


MOST = 256
"""The most jobs of one matrix of GitHub Actions.

https://docs.github.com/en/actions/reference/limits
"""
Action = Literal["deploy", "destroy"]
Platform = Literal["aws", "github"]


_ACCOUNT_STACK = "account-"
# Plain words: they go into commands of a shell, into paths and into names of environments.
_NAME = re.compile(r"[A-Za-z0-9_][\w.-]*", re.ASCII)
_DIRECTORY = re.compile(r"(?!.*\.\.)[\w.-]+(/[\w.-]+)*", re.ASCII)
_REGION = re.compile(r"[a-z0-9-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """
    The stacks that a change touches, sorted.

    Attributes:
        deploy: Stacks of the head that are new, differ, or read outputs of such a stack.
        destroy: Stacks of the base whose state no stack of the head has.
    """

    deploy: tuple[str, ...]
    destroy: tuple[str, ...]


def plan_waves(
    base: Iterable[StackFile], head: Iterable[StackFile], platform: Platform | None = None
) -> tuple[tuple[MatrixEntry, ...], ...]:
    """
    Return the changed stacks in waves, in the order of their deployment.

    Args:
        base: The stacks that are deployed.
        head: The stacks that are to be.
        platform: Whose stacks are returned; all of them when left out.

    Returns:
        Waves, each of which needs the one before, with at most 256 entries each.

    Raises:
        InvalidValue: A file is of no stack, or a stack has no name that GitHub can show.
    """
    old, new = _by_name(base), _by_name(head)
    touched = find_touched(old, new)
    deploys = _levels(new, touched.deploy)
    destroys = reversed(_levels(old, touched.destroy))
    into, out_of = Places(new), Places(old)
    waves = (
        *((into.entry(name, "deploy") for name in wave) for wave in _cut(deploys)),
        *((out_of.entry(name, "destroy") for name in wave) for wave in _cut(destroys)),
    )
    asked = (tuple(e for e in wave if platform in {None, e.platform}) for wave in waves)
    return tuple(wave for wave in asked if wave)


def find_touched(base: Side, head: Side) -> Touched:
    """Return the stacks to deploy and the stacks to destroy."""
    deploy = {name for name, s in head.items() if name not in base or is_changed(base[name], s)}
    for name in _in_order(head):
        if _reads(head[name]) & deploy:
            deploy.add(name)
    # A stack of the head with the same state is the renamed stack: its resources live on.
    kept = {state_of(source) for source in head.values()} - {None}
    gone = [name for name in base if name not in head]
    destroy = [name for name in gone if state_of(base[name]) not in kept]
    return Touched(deploy=tuple(sorted(deploy)), destroy=tuple(sorted(destroy)))


def _by_name(sources: Iterable[StackFile]) -> dict[str, StackFile]:
    found: dict[str, StackFile] = {}
    for source in sources:
        if source.stack is None:
            raise InvalidValue(_of_no_stack(source.file.name))
        found[source.stack] = source
    return found


def _reads(source: StackFile) -> set[str]:
    """
    Return the stacks whose outputs *source* reads.

    An output gets its new value when its stack is applied, so *source* is deployed again too.
    """
    data = as_object(source.file.content.get("data"))
    return set(source.dependencies) if data.get("terraform_remote_state") else set()


def _levels(side: Side, wanted: Collection[str]) -> list[list[str]]:
    """Sort *wanted* into waves, each stack after those that it needs, also through other stacks."""
    level: dict[str, int] = {}
    waves: list[list[str]] = []
    for name in _in_order(side):
        before = (level[needed] for needed in side[name].dependencies if needed in side)
        # A stack that is not touched adds no wave, but passes on the waves of what it needs.
        level[name] = max(before, default=0) + (name in wanted)
        if name in wanted:
            waves += [[]] * (level[name] - len(waves))
            waves[level[name] - 1] = [*waves[level[name] - 1], name]
    return [sorted(wave) for wave in waves]


def _in_order(side: Side) -> list[str]:
    needs = {
        name: [needed for needed in source.dependencies if needed in side]
        for name, source in sorted(side.items())
    }
    return list(TopologicalSorter(needs).static_order())


def _cut(waves: Iterable[list[str]]) -> Iterable[list[str]]:
    for wave in waves:
        for start in range(0, len(wave), MOST):
            yield wave[start : start + MOST]


def _of_no_stack(name: str) -> Problem:
    return Problem(
        what="The file is of no stack.",
        given=name,
        why="Waves are made of the stacks that a manifest lists.",
        fix="Name a folder of synthesized stacks, for example `cdktf.out`.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixEntry:
    """
    One job of a matrix; every value is a plain word, so that a workflow can use it as it is.

    Attributes:
        stack: The stack.
        action: `deploy` what the head says, or `destroy` what the base says.
        platform: `github` for a stack of GitHub's side, which has GitHub's provider and not
            AWS's; else `aws`.
        account: The account that the stack deploys to, or an empty text; so at GitHub's side.
        region: Its region, or an empty text; so at GitHub's side.
        environment: What to have as the job's `environment:`: the NAME of the stack
            `account-NAME` of that account, else the account; empty when no account is known. At
            GitHub's side the name of the stack, as it is in no account.
        directory: Where the stack is in the `cdktf.out` of its side.
    """

    stack: str
    action: Literal["deploy", "destroy"]
    platform: Platform
    account: str
    region: str
    environment: str
    directory: str

    def as_dict(self) -> dict[str, str]:
        """Return the entry as `matrix.include` takes it."""
        return asdict(self)


class Places:
    """The accounts of one side's stacks, each read when it is needed."""

    def __init__(self, side: Mapping[str, StackFile]) -> None:
        self._side = side
        self._names: dict[str | None, str] = {}
        for name in side:
            if name.startswith(_ACCOUNT_STACK) and name != _ACCOUNT_STACK:
                self._names[self._place(name).account] = name.removeprefix(_ACCOUNT_STACK)

    def entry(self, stack: str, action: Literal["deploy", "destroy"]) -> MatrixEntry:
        """
        Return the entry of a stack.

        Raises:
            InvalidValue: Its name or folder is no plain word, so a shell could read more into it.
        """
        directory = self._side[stack].directory
        for text, form in ((stack, _NAME), (directory, _DIRECTORY)):
            if text and not form.fullmatch(text):
                raise InvalidValue(_no_word(text))
        place = self._place(stack)
        account, region = place.account or "", place.region or ""
        platform = self._platform(stack)
        return MatrixEntry(
            stack=stack,
            action=action,
            platform=platform,
            account=account,
            region=region if _REGION.fullmatch(region) else "",
            environment=stack if platform == "github" else self._names.get(account, account),
            directory=directory,
        )

    def _platform(self, stack: str) -> Platform:
        names = {name.partition(".")[0] for name in self._module(stack).providers}
        return "github" if "github" in names and "aws" not in names else "aws"

    def _module(self, stack: str) -> Module:
        return read_module(self._side[stack].file, stack)

    def _place(self, stack: str) -> ProviderTarget:
        module = self._module(stack)
        return place_of(Scope(module, Symbols(), {}), module.providers.get("aws", {}))


def _no_word(text: str) -> Problem:
    return Problem(
        what="A stack has a name that a workflow cannot take over.",
        given=text,
        why="Names go into commands and into the names of GitHub's environments.",
        fix="Use letters, digits, `-`, `_` and `.` only.",
    )
