"""
Everything in one `cdktf.out`: its stacks, and the order that their dependencies ask for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.errors import UnreadableEstate
from sandbox.terraform.blocks import Json, parse
from sandbox.terraform.stack import Resource, Stack

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path


@dataclass(frozen=True, kw_only=True, eq=False)
class Estate:
    """
    The stacks of a `cdktf.out` by name.
    """

    out: Path
    stacks: Mapping[str, Stack]

    @property
    def accounts(self) -> tuple[str, ...]:
        """
        The accounts that any provider configuration manages.
        """
        found = {provider.account for stack in self for provider in stack.providers}
        return tuple(sorted(found))

    def __iter__(self) -> Iterator[Stack]:
        return iter(self.stacks.values())

    def resources(self, *types: str) -> Iterator[Resource]:
        """
        Yield the resources of these types in all stacks.
        """
        for stack in self:
            yield from stack.resources(*types)

    def data(self, *types: str) -> Iterator[Resource]:
        """
        Yield the data sources of these types in all stacks.
        """
        for stack in self:
            yield from stack.data(*types)

    def pick(self, names: Sequence[str]) -> Estate:
        """
        Return the estate with only the stacks of these names; no name means all.
        """
        unknown = [name for name in names if name not in self.stacks]
        if unknown:
            raise UnreadableEstate(
                f"There is no stack {', '.join(map(repr, unknown))} in {str(self.out)!r}, so it "
                f"cannot be run. The stacks there are: {', '.join(self.stacks)}."
            )
        kept = {name: stack for name, stack in self.stacks.items() if not names or name in names}
        return Estate(out=self.out, stacks=kept)


def read_estate(out: Path) -> Estate:
    """
    Read every stack that the manifest in *out* names.
    """
    manifest = _read_json(out / "manifest.json")
    entries: dict[str, Json] = manifest.get("stacks") or {}
    return Estate(out=out, stacks={name: _read_stack(out, name, entries[name]) for name in entries})


def _read_stack(out: Path, name: str, entry: Json) -> Stack:
    path = out / entry.get("synthesizedStackPath", f"stacks/{name}/cdk.tf.json")
    return Stack(
        name=name,
        path=path,
        document=_read_json(path),
        dependencies=tuple(entry.get("dependencies") or ()),
    )


def _read_json(path: Path) -> Json:
    try:
        return parse(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UnreadableEstate(
            f"There is no file {str(path)!r}, and the sandbox deploys what was synthesized. Run "
            "`python main.py` (or `cdktf synth`) first, or name another folder with `--out`."
        ) from None
    except ValueError as error:
        raise UnreadableEstate(
            f"The file {str(path)!r} is not Terraform JSON that can be checked: {error} "
            "Synthesize it again."
        ) from error
