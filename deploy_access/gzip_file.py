"""Bytes that gzip has packed, no further than the limit of one input."""

from __future__ import annotations

import zlib

from deploy_access.errors import InvalidValue, Problem
from deploy_access.input_file import LIMIT

_MAGIC = b"\x1f\x8b"
# zlib's number for the largest window, with the header and the checksum of gzip.
_GZIP = 16 + zlib.MAX_WBITS


def is_packed(raw: bytes) -> bool:
    """Whether the bytes begin as gzip's do; a name says less, as browsers unpack and keep it."""
    return raw.startswith(_MAGIC)


def unpack(raw: bytes, name: str) -> bytes:
    """
    Return what gzip has packed, in one piece or in several that were written one after another.

    Raises:
        InvalidValue: It is cut off or damaged, or unpacks to more bytes than `LIMIT`.
    """
    parts: list[bytes] = []
    left, size = raw, 0
    while is_packed(left):
        unpacker = zlib.decompressobj(_GZIP)
        try:
            # One byte more than is allowed, so that what is just too large is seen.
            parts.append(unpacker.decompress(left, LIMIT + 1 - size))
        except zlib.error as error:
            raise InvalidValue(_damaged(name, f"{error}")) from error
        size += len(parts[-1])
        if size > LIMIT:
            raise InvalidValue(_too_large(name))
        if not unpacker.eof:
            raise InvalidValue(_damaged(name, "it ends before its checksum"))
        left = unpacker.unused_data
    # Zeros behind the last piece are padding, which gzip allows.
    if left.strip(b"\0"):
        raise InvalidValue(_damaged(name, "something else follows"))
    return b"".join(parts)


def _damaged(name: str, why: str) -> Problem:
    return Problem(
        what="The gzip file is damaged or cut off.",
        given=name,
        why=f"It cannot be unpacked: {why}.",
        fix="Fetch it again; `gzip -t FILE` says whether it is whole.",
    )


def _too_large(name: str) -> Problem:
    return Problem(
        what=f"The file has more than {LIMIT // 1024**2} MiB when it is unpacked.",
        given=name,
        why="CloudTrail writes no file so large, and reading it could take all memory.",
        fix="Split it, or name another file.",
    )
