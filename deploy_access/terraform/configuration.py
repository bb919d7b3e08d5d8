"""The module that Terraform makes of the files of one folder, with the modules that it calls."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from deploy_access.json_file import JsonFile

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# The instance of a block or of a module; places are those of the block that makes it.
_INSTANCE = re.compile(r'\["(?:[^"\\]|\\.)*"\]')
_LAST_STEP = re.compile(r"(?:\.[^.\[\]]*|\[[^\]]*\])$")


@dataclass(frozen=True, slots=True)
class Configuration(JsonFile):
    """
    The files of a folder, merged.

    Attributes:
        places: The file and the line of each block and argument, by its path in the module.
        calls: The modules of other folders that it calls, by the name of the call.
        folder: Where it is on the disk.
        path: What `path.module` is in it: its path from the folder where Terraform runs.
        root: That folder.
        tool: What deploys it, and so knows what stands for nothing before.
        made_up: The expressions that stand for names that the tool makes up.
    """

    places: Mapping[str, tuple[str, int]] = field(
        default_factory=lambda: MappingProxyType({}), compare=False
    )
    calls: Mapping[str, Configuration] = field(default_factory=lambda: MappingProxyType({}))
    folder: Path | None = field(default=None, compare=False)
    path: str = "."
    root: Path | None = field(default=None, compare=False)
    tool: str = "Terraform"
    made_up: frozenset[str] = frozenset()


def calls_of_file(file: JsonFile) -> Mapping[str, Configuration]:
    """Return the modules of other folders that a file calls."""
    return file.calls if isinstance(file, Configuration) else {}


def place_in(file: JsonFile, address: str) -> tuple[str, int]:
    """Return the file and the line of an address in a module; 0 where the line is not known."""
    places: Mapping[str, tuple[str, int]] = file.places if isinstance(file, Configuration) else {}
    found = _INSTANCE.sub("", address) if places else ""
    while found and found not in places:
        shorter = _LAST_STEP.sub("", found)
        found = shorter if shorter != found else ""
    return places.get(found, (file.name, 0))
