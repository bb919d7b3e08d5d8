"""
The unpacking of synthesized stacks that untrusted code wrote.

Only `manifest.json` and, in `stacks/NAME`, what Terraform would load are written, as plain files of
a limited size, and the manifest may name only `stacks/NAME/cdk.tf.json`.
"""

from __future__ import annotations

import io
import re
import stat
from typing import IO, TYPE_CHECKING
from zipfile import BadZipFile, ZipFile, ZipInfo

from refused import Refused

from deploy_access.errors import InvalidValue
from deploy_access.input_file import LIMIT
from deploy_access.terraform.loaded_names import is_loaded
from deploy_access.terraform.manifest import MANIFEST, read_manifest

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

# Far more than an organization's stacks need, and little enough for the disk of a runner.
FILES = 5_000
_FILE = re.compile(r"stacks/[A-Za-z0-9_][A-Za-z0-9_.-]{0,200}/([A-Za-z0-9_.#-]{1,200})")
# The kinds of files: none, as Windows writes it, or a regular one; no link.
_PLAIN = {0, stat.S_IFREG}
_CHUNK = 65_536
_ENCRYPTED = 0x1


def unpack(raw: bytes, folder: Path) -> int:
    """
    Unpack the zip file *raw* into *folder*, which must not exist yet.

    Returns:
        The number of files.

    Raises:
        Refused: It is no zip file, or holds a file that does not belong there.
    """
    try:
        with ZipFile(io.BytesIO(raw)) as archive:
            files = _checked(archive.infolist())
            left = LIMIT
            for info in files:
                with archive.open(info) as source:
                    left -= _write(source, folder / info.filename, left)
    except (BadZipFile, NotImplementedError, EOFError, ValueError, OSError) as error:
        raise Refused(f"The artifact cannot be unpacked: {type(error).__name__}.") from error
    _check_manifest(folder, {info.filename for info in files})
    return len(files)


def _checked(files: list[ZipInfo]) -> list[ZipInfo]:
    if len(files) > FILES:
        raise Refused(f"The artifact has more than {FILES} files.")
    names: set[str] = set()
    for info in files:
        if not _is_expected(info.filename) or info.filename.casefold() in names:
            raise Refused(f"The artifact has a file that does not belong: {info.filename[:100]!r}.")
        if stat.S_IFMT(info.external_attr >> 16) not in _PLAIN or info.flag_bits & _ENCRYPTED:
            raise Refused(f"The artifact has no plain file: {info.filename[:100]!r}.")
        names.add(info.filename.casefold())
    return files


def _is_expected(name: str) -> bool:
    found = _FILE.fullmatch(name)
    return name == MANIFEST or (found is not None and is_loaded(found[1]))


def _write(source: IO[bytes], path: Path, most: int) -> int:
    """Write at most *most* bytes, counted here: the size in the archive may be false."""
    path.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    with path.open("xb") as target:
        while chunk := source.read(_CHUNK):
            written += len(chunk)
            if written > most:
                raise Refused(f"The artifact has more than {LIMIT // 1024**2} MiB when unpacked.")
            target.write(chunk)
    return written


def _check_manifest(folder: Path, files: Collection[str]) -> None:
    if MANIFEST not in files:
        raise Refused("The artifact has no manifest.json.")
    try:
        stacks = read_manifest(folder, "")
    except InvalidValue:
        raise Refused("The artifact's manifest.json is not as CDKTF writes it.") from None
    for stack in stacks:
        if stack.path != f"stacks/{stack.name}/cdk.tf.json" or stack.path not in files:
            raise Refused(f"The manifest names a file that is not there: {stack.path[:100]!r}.")
