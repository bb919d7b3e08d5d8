"""
The working folder: where every file that the sandbox writes lies, `.sandbox/` by default.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.errors import SandboxError

if TYPE_CHECKING:
    from pathlib import Path

    from sandbox.estate import Estate
    from sandbox.stack import Stack

DEFAULT_STATE = "terraform.tfstate"

# Says that everything in the folder is ours to remove.
MARKER = ".deploy-access-sandbox"


@dataclass(frozen=True, slots=True)
class Folder:
    """
    The names of the files in the working folder.

    Stacks lie as deep as in `cdktf.out`, so that a relative path such as
    `../../../terraform.web-prod.tfstate` stays inside.
    """

    root: Path

    @property
    def record(self) -> Path:
        """
        Which server is running; the server ends when this file goes away.
        """
        return self.root / "server.json"

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
        Where Terraform is asked which provider it finds.
        """
        return self.root / "provider"

    @property
    def terraform_config(self) -> Path:
        """
        The configuration of Terraform itself: where the provider lies.
        """
        return self.root / "terraform.rc"

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
        Make the folder and what is the same in every sandbox.
        """
        if not self.is_ours and self.root.is_dir() and any(self.root.iterdir()):
            raise SandboxError(
                f"The folder {str(self.root)!r} holds files that the sandbox did not write, and it "
                "removes everything in its working folder. Name a folder that is empty or new."
            )
        self.home.mkdir(parents=True, exist_ok=True)
        self.empty.touch()
        (self.root / MARKER).touch()

    def copy(self, estate: Estate) -> None:
        """
        Copy every stack, byte by byte, so that `cdktf.out` stays as it was synthesized.
        """
        for stack in estate:
            target = self.stack(stack.name)
            target.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(stack.path, target / "cdk.tf.json")
            assets = stack.path.parent / "assets"
            if assets.is_dir():
                shutil.copytree(assets, target / "assets", dirs_exist_ok=True)

    def state_override(self, stack: Stack) -> Path | None:
        """
        Return where a local state goes if the stack's own path leads out of the folder.

        CDKTF's default backend names an absolute path: used here, it would overwrite the state of
        what is really deployed.
        """
        if stack.backend.type != "local":
            return None
        path = self.stack(stack.name) / str(stack.backend.body.get("path") or DEFAULT_STATE)
        if path.resolve().is_relative_to(self.root.resolve()):
            return None
        return self.root.resolve() / f"terraform.{stack.name}.tfstate"

    def remove(self) -> None:
        """
        Remove the folder with all that runs left in it.
        """
        if self.is_ours:
            shutil.rmtree(self.root, ignore_errors=True)
