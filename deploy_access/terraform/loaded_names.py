"""
Which files of its folder Terraform loads, and in which order, told by their names.

OpenTofu also loads `.tofu` files, in place of `.tf` files of the same name. Nothing in a folder
says which of the two will run, unless it has nothing that Terraform loads.

Sources: https://developer.hashicorp.com/terraform/language/files,
https://developer.hashicorp.com/terraform/language/files/override,
https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence,
https://opentofu.org/docs/language/files/ and `IsIgnoredFile` in Terraform's
`internal/configs/parser_config_dir.go`.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

LOCK = ".terraform.lock.hcl"
"""The file that says which versions of providers Terraform runs, with their hashes."""
_CONFIGURATION = (".tf", ".tf.json")
_TOFU = (".tofu", ".tofu.json")
_VALUES = (".tfvars", ".tfvars.json")
_FIRST = ("terraform.tfvars", "terraform.tfvars.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedNames:
    """
    The names of files in one folder.

    Attributes:
        configuration: The `.tf` and `.tf.json` that are merged with each other, sorted.
        overrides: Those that override them, each the ones before it.
        values: The files that set variables; a later file wins.
        tofu: What OpenTofu alone loads of a folder that Terraform loads too, and is not read.
        lock: The lock file, if there is one.
        unloaded: Values of variables that neither loads unless it is told to, sorted.
    """

    configuration: tuple[str, ...] = ()
    overrides: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    tofu: tuple[str, ...] = ()
    lock: tuple[str, ...] = ()
    unloaded: tuple[str, ...] = ()

    @property
    def read(self) -> tuple[str, ...]:
        """The files that are merged into the synthesized one, in this order."""
        return (*self.configuration, *self.overrides, *self.values)

    @property
    def all_read(self) -> tuple[str, ...]:
        """The files whose bytes count: those that are merged, and those of which only these do."""
        return (*self.read, *self.tofu, *self.lock)

    @property
    def is_module(self) -> bool:
        """Whether Terraform or OpenTofu finds a configuration."""
        return bool(self.configuration or self.overrides or self.tofu)


def loaded_names(names: Iterable[str], *, has_more: bool = False) -> LoadedNames:
    """
    Sort out the files of a folder by their names; all others are left out.

    Args:
        names: The names.
        has_more: Whether the folder has a configuration of Terraform that is not among them.
    """
    found = sorted(names)
    kept = [name for name in found if not _is_ignored(name)]
    read = [name for name in kept if name.endswith(_CONFIGURATION)]
    tofu = [name for name in kept if name.endswith(_TOFU)]
    if not (read or has_more):
        read, tofu = tofu, []
    values = [*(name for name in _FIRST if name in found), *filter(_is_automatic, found)]
    return LoadedNames(
        configuration=tuple(name for name in read if not _is_override(name)),
        overrides=tuple(filter(_is_override, read)),
        values=tuple(values),
        tofu=tuple(tofu),
        lock=tuple(name for name in found if name == LOCK),
        unloaded=tuple(name for name in found if name.endswith(_VALUES) and name not in values),
    )


def names_in(folder: Path, without: str | None = None) -> LoadedNames:
    """Sort out the files of a folder, but for *without*; Terraform skips folders in it."""
    with os.scandir(folder) as inside:  # much faster than `iterdir`, which has no kind
        names = {each.name for each in inside if not each.is_dir(follow_symlinks=False)}
    names.discard(without or "")
    return loaded_names(names, has_more=without is not None) if names else LoadedNames()


def is_loaded(name: str) -> bool:
    """Whether a file of this name changes what Terraform or OpenTofu does in its folder."""
    return loaded_names([name]) != LoadedNames()


def _is_ignored(name: str) -> bool:
    """Whether it is a hidden file, or what an editor leaves behind."""
    return name.startswith((".", "#")) and (name[0] == "." or name.endswith("#"))


def _is_override(name: str) -> bool:
    base = name.removesuffix(".json").removesuffix(".tf").removesuffix(".tofu")
    return base == "override" or base.endswith("_override")


def _is_automatic(name: str) -> bool:
    """Whether it sets variables by itself; a hidden file does so, too."""
    return name.endswith((".auto.tfvars", ".auto.tfvars.json"))
