"""
Packages of jsii that are written by hand: one JavaScript file, and the types that Python calls.

jsii runs the main file of what it loads. So a package reaches also a Node that runs already, which
an option would not.
"""

from __future__ import annotations

import io
import json
import tarfile
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import jsii
from jsii.errors import JSIIError

if TYPE_CHECKING:
    from collections.abc import Mapping

_VERSION = "1.0.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class JsiiPackage:
    """
    A package that travels along with this one.

    Attributes:
        name: Its name in Node.
        script: Its JavaScript.
        types: Its classes as jsii's assembly describes them, by their full names.
    """

    name: str
    script: Path
    types: Mapping[str, object] = field(default_factory=dict[str, object])

    def load(self) -> bool:
        """Return whether jsii's Node runs the script now; what fails is only slower."""
        with TemporaryDirectory() as folder:
            tarball = Path(folder, f"{self.script.stem}.tar")
            try:
                self._write(tarball)
                jsii.load(self.name, _VERSION, str(tarball))
            except (OSError, RuntimeError, JSIIError):
                return False
        return True

    def _write(self, tarball: Path) -> None:
        # jsii caches a package by the hash of its bytes, so these hold no time and no user.
        with tarfile.open(tarball, "w") as archive:
            for name, content in self._files().items():
                info = tarfile.TarInfo(f"package/{name}")
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))

    def _files(self) -> dict[str, bytes]:
        identity = {"name": self.name, "version": _VERSION}
        # jsii has had this one schema since 0.10.
        assembly = {"schema": "jsii/0.10.0", "jsiiVersion": "5.9.0", "types": self.types}
        return {
            "package.json": json.dumps({**identity, "main": self.script.name}).encode(),
            ".jsii": json.dumps({**identity, **assembly}).encode(),
            self.script.name: self.script.read_bytes(),
        }
