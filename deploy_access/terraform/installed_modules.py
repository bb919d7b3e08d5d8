"""
The modules of registries and of git that `terraform init` has put beside a root module.

Source: `internal/modsdir/manifest.go` of Terraform, which writes `.terraform/modules/modules.json`.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue
from deploy_access.input_file import is_inside
from deploy_access.json_file import read_json_inside
from deploy_access.json_shape import as_text, objects

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_PLACE = ".terraform/modules"
_MANIFEST = f"{_PLACE}/modules.json"
# Terraform writes `git::https://github.com/acme/role.git?ref=v1` for `github.com/acme/role?ref=v1`.
_HOW = re.compile(
    r"^(?:git::|hg::)?(?:https?://|ssh://)?(?:git@)?|\.git(?=$|[?/])|^registry\.terraform\.io/"
)
_EXACT = re.compile(r"=?\s*(\d+\.\d+\.\d+\S*)")


class InstalledModules:
    """
    The modules that lie beside a root module.

    Args:
        root: The folder where Terraform runs.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._entries = {as_text(one.get("Key")) or "": one for one in _entries(root)}

    def folder_of(self, key: str, call: Mapping[str, object]) -> str | None:
        """
        Return the folder of a module that is called, from the root; None where it is not there.

        Args:
            key: The calls that lead to it, as `web.role`.
            call: The arguments of the call. One that asks for another source or version than what
                was put there is of another module.
        """
        entry = self._entries.get(key)
        if entry is None:
            return None
        folder = posixpath.normpath(as_text(entry.get("Dir")) or "")
        is_own = folder.startswith(f"{_PLACE}/") and is_inside(self._root, folder)
        return folder if is_own and _is_asked_for(entry, call) else None


def _entries(root: Path) -> list[Mapping[str, object]]:
    if not (root / _MANIFEST).is_file():
        return []
    try:
        return list(objects(read_json_inside(root, _MANIFEST).content.get("Modules")))
    except InvalidValue:
        return []  # each call that needs it is listed as not read


def _is_asked_for(entry: Mapping[str, object], call: Mapping[str, object]) -> bool:
    there, asked = (_plain(as_text(one) or "") for one in (entry.get("Source"), call.get("source")))
    exact = _EXACT.fullmatch((as_text(call.get("version")) or "").strip())
    return there == asked and (exact is None or exact[1] == as_text(entry.get("Version")))


def _plain(source: str) -> str:
    """Return a source without how it is fetched."""
    before = None
    while source != before:
        before, source = source, _HOW.sub("", source)
    return source.replace(":", "/")
