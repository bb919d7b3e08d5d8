"""
The working folder, `.sandbox/` by default: every file that the sandbox writes is in it.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import SandboxError

if TYPE_CHECKING:
    from pathlib import Path

# The sign that everything in the folder may be removed.
MARKER = ".deploy-access-sandbox"

# Bytes: a state of a stack with some thousand resources.
RESERVE = 1_000_000


@dataclass(frozen=True, slots=True)
class WorkingFolder:
    """
    The names of the files in the working folder.

    Stacks lie as deep as in `cdktf.out`, so that a relative path such as
    `../../../terraform.web-prod.tfstate` stays inside.
    """

    root: Path

    @property
    def record(self) -> Path:
        """
        The record of the running server, which ends when this file is removed.
        """
        return self.root / "server.json"

    @property
    def hold(self) -> Path:
        """
        The file that one sandbox at a time holds.
        """
        return self.root / "hold"

    @property
    def empty(self) -> Path:
        """
        An empty file, for programs that want to read a configuration.
        """
        return self.root / "empty"

    @property
    def home(self) -> Path:
        """
        An empty home directory.
        """
        return self.root / "home"

    @property
    def provider(self) -> Path:
        """
        The folder in which Terraform is asked which provider it finds.
        """
        return self.root / "provider"

    @property
    def terraform_config(self) -> Path:
        """
        The configuration file of Terraform's command line, which names the provider's mirror.
        """
        return self.root / "terraform.rc"

    @property
    def reserve(self) -> Path:
        """
        Room for a state that a full disk does not take.
        """
        return self.root / "reserve"

    def log(self, name: str) -> Path:
        """
        Return the file that a background process writes to.
        """
        return self.root / f"{name}.log"

    def stack(self, name: str) -> Path:
        """
        Return the folder that Terraform runs a stack in.
        """
        return self.root / "cdktf.out" / "stacks" / name

    @property
    def is_ours(self) -> bool:
        """
        Whether a sandbox made this folder.
        """
        return (self.root / MARKER).is_file()

    def create(self) -> None:
        """
        Make the folder with the files that every sandbox has.
        """
        if not self.is_ours and self.root.is_dir() and any(self.root.iterdir()):
            raise SandboxError(
                f"The folder {str(self.root)!r} holds files that the sandbox did not write, and it "
                "removes everything in its working folder. Name a folder that is empty or new."
            )
        self.home.mkdir(parents=True, exist_ok=True)
        self.empty.touch()
        self.reserve.write_bytes(bytes(RESERVE))
        (self.root / MARKER).touch()

    def clear(self) -> None:
        """
        Remove what an earlier sandbox left, but for what a new one needs; the hold stays.
        """
        kept = {self.root / MARKER, self.hold}
        for path in set(self.root.iterdir()) - kept:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
        self.create()

    def remove(self) -> None:
        """
        Remove the folder and everything in it, if a sandbox made it.
        """
        if self.is_ours:
            # A process that is ending may still write a file; the next start removes the rest.
            shutil.rmtree(self.root, ignore_errors=True)
