"""The one reader of the bytes of a file: HCL, JSON or the YAML of a template."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import TYPE_CHECKING

from deploy_access.activity import ACTIVITY
from deploy_access.input_file import shown_name
from deploy_access.json_file import parse_json
from deploy_access.terraform.hcl_file import HCL, parse_hcl
from deploy_access.terraform.state_file import shown_state
from deploy_access.terraform.template_file import is_yaml, parse_yaml_file, with_lines

if TYPE_CHECKING:
    from pathlib import Path

    from deploy_access.json_file import JsonFile

    Known = dict[tuple[bool, bytes], JsonFile]


def parse_file(raw: bytes, name: str) -> JsonFile:
    """
    Read the bytes of a file by the end of its name.

    Raises:
        InvalidValue: It is not what its name says: HCL, JSON or YAML.
    """
    if name.endswith(HCL):
        return parse_hcl(raw, name)
    if is_yaml(raw, name):
        return parse_yaml_file(raw, name)
    return with_lines(shown_state(parse_json(raw, name)), raw)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileParser:
    """
    Reads the files of one folder, and those of the same bytes once.

    Attributes:
        folder: The folder.
        is_relative: Whether files are called by their paths in it, as where two sides are compared.
        known: What was read before, by its bytes.
    """

    folder: Path
    is_relative: bool = False
    known: Known = field(default_factory=dict["tuple[bool, bytes]", "JsonFile"])

    def parse(self, raw: bytes, path: str) -> JsonFile:
        """Read the bytes of the file that has this path from the folder."""
        ACTIVITY.what = f"reading {path}"
        key = (path.endswith(HCL), blake2b(raw).digest())
        if key not in self.known:
            self.known[key] = parse_file(raw, self._whole(path))
        return replace(self.known[key], name=self.shown(path))

    def shown(self, path: str) -> str:
        """Return how reports call a path from the folder."""
        return shown_name(path) if self.is_relative else self._whole(path)

    def _whole(self, path: str) -> str:
        return shown_name(os.path.normpath(self.folder / path))
