"""
The asset files of a stack: what CDKTF has copied into `assets` and a stack names.

The text of a file is searched, as a name may stand in any expression, for example in
`${filebase64sha256("assets/…")}`; also in files that are not read.
"""

from __future__ import annotations

import os
import re
from hashlib import blake2b
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from deploy_access.input_file import is_inside, read_inside

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

ASSETS = "assets"
"""The folder that CDKTF copies assets into, beside the stack's file."""
_GLANCE = f"{ASSETS}/".encode()
# A name ends where a text or an expression does. CDKTF makes names of letters, digits, `_`, `-`.
_NAMED = re.compile(rf"(?<![\w.-]){ASSETS}/[^\s\"'\\$%(){{}}\[\],]+".encode())


def named_assets(texts: Iterable[bytes]) -> tuple[str, ...]:
    """List the files and folders below `assets` that the *texts* of files name, sorted."""
    # A glance spares the text of most stacks from being searched.
    found = {name for text in texts if _GLANCE in text for name in _NAMED.findall(text)}
    return tuple(sorted(name.decode(errors="replace").rstrip("/") for name in found))


def asset_files(place: Path, name: str) -> tuple[str, ...]:
    """List the file, or the files of the folder, that *name* is in *place*, the stack's folder."""
    if not is_inside(place, name):
        return ()
    if (place / name).is_file():
        return (name,)
    walked = os.walk(place / name)
    files = (os.path.join(folder, file) for folder, _, inside in walked for file in inside)  # noqa: PTH118
    return tuple(sorted(PurePosixPath(os.path.relpath(file, place)).as_posix() for file in files))


def asset_digest(place: Path, name: str) -> bytes:
    """Return a digest of all files that *name* is; empty when there is none."""
    files = asset_files(place, name)
    parts = (part for file in files for part in (file.encode(), read_inside(place, file)))
    digest = blake2b()
    for part in parts:
        digest.update(blake2b(part).digest())
    return digest.digest() if files else b""
