"""
Which files of its folder Terraform loads, and in which order, told by their names.

OpenTofu also loads `.tofu` files, in place of `.tf` files of the same name. Nothing in a folder
says which of the two will run.

Sources: https://developer.hashicorp.com/terraform/language/files,
https://developer.hashicorp.com/terraform/language/files/override,
https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence,
https://opentofu.org/docs/language/files/ and `IsIgnoredFile` in Terraform's
`internal/configs/parser_config_dir.go`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

LOCK = ".terraform.lock.hcl"
"""The file that says which versions of providers Terraform runs, with their hashes."""
_HCL = (".tf", ".tofu", ".tofu.json")
_VALUES = (".tfvars", ".tfvars.json")
_FIRST = ("terraform.tfvars", "terraform.tfvars.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedNames:
    """
    The names of files in one folder.

    Attributes:
        configuration: The `.tf.json` that are merged with each other, sorted.
        overrides: The `.tf.json` that override them, each the ones before it.
        values: The JSON that sets variables; a later file wins.
        hcl: What Terraform or OpenTofu loads and is not read here.
        lock: The lock file, if there is one.
        unloaded: Values of variables that neither loads unless it is told to, sorted.
    """

    configuration: tuple[str, ...] = ()
    overrides: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    hcl: tuple[str, ...] = ()
    lock: tuple[str, ...] = ()
    unloaded: tuple[str, ...] = ()

    @property
    def read(self) -> tuple[str, ...]:
        """The files that are merged into the synthesized one, in this order."""
        return (*self.configuration, *self.overrides, *self.values)


def loaded_names(names: Iterable[str]) -> LoadedNames:
    """Sort out the *names* of the files of a folder; all others are left out."""
    found = sorted(names)
    read = [name for name in found if name.endswith(".tf.json") and not _is_ignored(name)]
    values = [*(name for name in _FIRST if name in found), *filter(_is_automatic, found)]
    hcl = [name for name in found if name.endswith(_HCL) and not _is_ignored(name)]
    return LoadedNames(
        configuration=tuple(name for name in read if not _is_override(name)),
        overrides=tuple(filter(_is_override, read)),
        values=tuple(name for name in values if name.endswith(".json")),
        hcl=(*hcl, *(name for name in values if not name.endswith(".json"))),
        lock=tuple(name for name in found if name == LOCK),
        unloaded=tuple(name for name in found if name.endswith(_VALUES) and name not in values),
    )


def is_loaded(name: str) -> bool:
    """Whether a file of this name changes what Terraform or OpenTofu does in its folder."""
    return loaded_names([name]) != LoadedNames()


def _is_ignored(name: str) -> bool:
    """Whether it is a hidden file, or what an editor leaves behind."""
    return name.startswith((".", "#")) and (name[0] == "." or name.endswith("#"))


def _is_override(name: str) -> bool:
    base = name.removesuffix(".tf.json")
    return base == "override" or base.endswith("_override")


def _is_automatic(name: str) -> bool:
    """Whether it sets variables by itself; a hidden file does so, too."""
    return name.endswith((".auto.tfvars", ".auto.tfvars.json"))
