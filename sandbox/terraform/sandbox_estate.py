"""
The stacks of one `cdktf.out`, as the reader of `deploy_access` understands them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue, reject
from deploy_access.terraform.guard import check_beside, check_repeated
from deploy_access.terraform.known_providers import GITHUB, is_github
from deploy_access.terraform.manifest import MANIFEST
from deploy_access.terraform.reader import read_scopes
from deploy_access.terraform.sources import Reading

from ..errors import UnreadableEstate
from .default_target import DEFAULT_REGION, with_defaults
from .sandbox_stack import SandboxStack

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from deploy_access.terraform.estate import Role

    from .stack_resource import StackResource


@dataclass(frozen=True, kw_only=True, eq=False)
class SandboxEstate:
    """
    The stacks of a `cdktf.out`.

    Attributes:
        out: The folder.
        stacks: The stacks by name.
        roles: Every role that a stack makes or gives a policy to, with its policies.
        skipped: The names of the stacks of GitHub's side, which are not run.
    """

    out: Path
    stacks: Mapping[str, SandboxStack]
    roles: tuple[Role, ...]
    skipped: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[SandboxStack]:
        return iter(self.stacks.values())

    def region(self, account: str) -> str:
        """
        Return the region of the first provider that works in *account*, or the sandbox's own.
        """
        places = (provider.place for stack in self for provider in stack.providers)
        return next((one.region for one in places if one.account == account), DEFAULT_REGION)

    def resources(self, *types: str) -> Iterator[StackResource]:
        """
        Yield the resources of these types in all stacks.
        """
        for stack in self:
            yield from stack.resources(*types)

    def data(self, *types: str) -> Iterator[StackResource]:
        """
        Yield the data sources of these types in all stacks.
        """
        for stack in self:
            yield from stack.data(*types)

    def pick(self, names: Sequence[str]) -> SandboxEstate:
        """
        Return the estate with only the stacks of these names; no name means all.
        """
        if skipped := [name for name in names if name in self.skipped]:
            raise UnreadableEstate(skipped_line(skipped))
        unknown = [name for name in names if name not in self.stacks]
        if unknown:
            raise UnreadableEstate(
                f"There is no stack {', '.join(map(repr, unknown))} in {str(self.out)!r}, so it "
                f"cannot be run. The stacks there are: {', '.join(self.stacks)}."
            )
        kept = {name: stack for name, stack in self.stacks.items() if not names or name in names}
        return replace(self, stacks=kept)


def read_sandbox_estate(out: Path) -> SandboxEstate:
    """
    Read every stack that the manifest in *out* names.

    Raises:
        UnreadableEstate: There is none, or it is not as CDKTF writes it.

    """
    if not (out / MANIFEST).is_file():
        raise UnreadableEstate(
            f"There is no file {str(out / MANIFEST)!r}, and the sandbox deploys what was "
            "synthesized. Run `python main.py` (or `cdktf synth`) first, or name another folder "
            "with `--out`."
        )
    try:
        written = Reading().sources(out)
        reject(p for one in written for p in check_repeated(one.stack or "", one.file.repeated))
        sources = [source for source in written if not is_github(source.file.content)]
        reject(p for one in sources for p in check_beside(one.stack or "", out, one.file.name))
        found, scopes = read_scopes(
            ((source.file, source.stack) for source in sources), with_defaults
        )
    except InvalidValue as error:
        raise UnreadableEstate(str(error)) from error
    stacks = [
        SandboxStack(
            name=source.stack or "",
            path=out / source.file.name,
            document=source.file.content,
            scope=scope,
            dependencies=source.dependencies,
        )
        for source, scope in zip(sources, scopes, strict=True)
    ]
    kept = {stack.name: stack for stack in stacks}
    skipped = tuple(name for source in written if (name := source.stack or "") not in kept)
    return SandboxEstate(out=out, stacks=kept, roles=found.roles, skipped=skipped)


def skipped_line(names: Iterable[str]) -> str:
    """
    Return what is said of the stacks that are skipped.
    """
    return (
        f"Skipped: {', '.join(names)}, GitHub's side (provider {GITHUB}). The sandbox is AWS "
        "alone, and nothing of it is made or compared here."
    )
