"""Zip files as a run leaves them behind, honest and otherwise."""

from __future__ import annotations

import io
import json
import stat
import warnings
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

if TYPE_CHECKING:
    from collections.abc import Mapping

STACK = "stacks/web-prod/cdk.tf.json"


def manifest(needs: Mapping[str, list[str]] | None = None, **paths: str) -> str:
    """Render a manifest that names each stack's file, and what some of the stacks depend on."""
    named = paths or {"web-prod": STACK}
    stacks = {
        name: {
            "name": name,
            "synthesizedStackPath": path,
            "dependencies": (needs or {}).get(name, []),
        }
        for name, path in named.items()
    }
    return json.dumps({"stacks": stacks, "version": "0.21.0"})


HONEST = {"manifest.json": manifest(), STACK: '{"resource": {}}'}


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """Put *files* into a zip file."""
    return zipped_entries([(ZipInfo(name), text) for name, text in files.items()])


def zipped_entries(entries: list[tuple[ZipInfo, Any]]) -> bytes:
    """Put entries into a zip file, also twice the same."""
    target = io.BytesIO()
    with warnings.catch_warnings(), ZipFile(target, "w", ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore", UserWarning)  # a name that is there twice is meant
        for info, content in entries:
            archive.writestr(info, content, ZIP_DEFLATED)
    return target.getvalue()


def special(name: str, kind: int, content: str = "/etc/passwd") -> bytes:
    """Put a file of another kind, for example a symbolic link, beside the honest ones."""
    info = ZipInfo(name)
    info.create_system = 3
    info.external_attr = (kind | stat.S_IRWXU) << 16
    others = [(ZipInfo(other), text) for other, text in HONEST.items() if other != name]
    return zipped_entries([*others, (info, content)])


def understated(files: Mapping[str, str | bytes], *, size: int) -> bytes:
    """Let the archive say that its last file, once unpacked, has *size* bytes."""
    raw = bytearray(zipped(files))
    entry = raw.rindex(b"PK\x01\x02")
    raw[entry + 24 : entry + 28] = size.to_bytes(4, "little")
    return bytes(raw)
