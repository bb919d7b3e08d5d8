"""
The one door for files: a file that the user names, and a file inside a folder.

A device or a named pipe may have no end, or no beginning: such a file is refused before it is
opened. Only what the caller has opened already (`/dev/fd/63`, for `<(aws ...)`) may be a pipe.
"""

from __future__ import annotations

import os
import re
import stat
import sys
from contextlib import contextmanager
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

LIMIT = 256 * 1024 * 1024
"""The bytes that one input may have, after unpacking; no plan and no log of CloudTrail has more."""

STDIN = "-"

_CHUNK = 256 * 1024
# What bash and ksh (`/dev/fd`) and zsh on Linux (`/proc/self/fd`) write in place of `<(...)`.
_DESCRIPTOR = re.compile(r"/(?:dev|proc/self)/fd/(\d{1,9})|/dev/stdin")
_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def read_given(name: str | Path) -> bytes:
    """
    Return the bytes of a file that the user names; `-` is the standard input.

    Raises:
        InvalidValue: The file is not there, has more bytes than `LIMIT`, or is neither a regular
            file nor one that is open already: `-`, `/dev/stdin` and `/dev/fd/N`.
    """
    path = str(name)
    opened = _DESCRIPTOR.fullmatch(path)
    with _readable(path):
        if path == STDIN:
            return _read_all(sys.stdin.buffer.read, path)
        return _read_opened(path, int(opened[1] or 0)) if opened else _read_regular(path)


def read_inside(folder: Path, path: str) -> bytes:
    """
    Return the bytes of the regular file *path* inside *folder*.

    Raises:
        InvalidValue: The file is not there, is no regular file, has more bytes than `LIMIT`, or
            lies outside of the folder.
    """
    if not is_inside(folder, path):
        raise InvalidValue(_outside(folder, path))
    with _readable(str(folder / path)):
        return _read_regular(str(folder / path))


def project_of(folder: Path) -> Path:
    """Return the checkout that a folder is in, or the folder itself where it is in none."""
    whole = folder.resolve()
    return next((above for above in (whole, *whole.parents) if (above / ".git").exists()), whole)


def is_inside(folder: Path, path: str) -> bool:
    """Whether *path* is relative and leads to a place in *folder*, also by symbolic links."""
    parts = PurePosixPath(path).parts
    windows = PureWindowsPath(path)
    if not parts or "\0" in path or ".." in windows.parts or windows.anchor:
        return False
    # Only a symbolic link can lead out from here, and most paths have none.
    steps = ("/".join(parts[:end]) for end in range(1, len(parts) + 1))
    if not any((folder / step).is_symlink() for step in steps):
        return True
    try:
        return (folder / path).resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # links in a circle
        return False


def shown_name(name: str | Path) -> str:
    """Return how reports call the file, with `?` for what is no text in its name."""
    text = str(name)
    return "stdin" if text == STDIN else text.encode(errors="replace").decode()


@contextmanager
def _readable(path: str) -> Generator[None]:
    """Raise what the system says of a file as an `InvalidValue` that names it."""
    try:
        yield
    except InvalidValue:
        raise
    except (OSError, ValueError) as error:
        raise InvalidValue(_unreadable(path, error)) from error


def _read_opened(path: str, descriptor: int) -> bytes:
    """
    Read what the caller has opened.

    A pipe is read where it is open: opening it anew by its name would wait for a second writer. A
    regular file is opened anew, so that it is read from its start.
    """
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return _read_regular(path)
    return _read_all(lambda size: os.read(descriptor, size), path)


def _read_regular(path: str) -> bytes:
    found = Path(path).stat()
    if not stat.S_ISREG(found.st_mode):
        raise InvalidValue(_special(path, found.st_mode))
    if found.st_size > LIMIT:
        raise InvalidValue(_too_large(path))
    with open(path, "rb", buffering=0, opener=_open_at_once) as file:
        return _read_all(file.read, path)


def _open_at_once(path: str, flags: int) -> int:
    """Open a file that never waits: some files of `/proc` have no end, and wait for a next line."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _read_all(read: Callable[[int], bytes | None], path: str) -> bytes:
    """Read to the end, whatever size the file claims to have, and no further than the limit."""
    chunks: list[bytes] = []
    size = 0
    while chunk := read(_CHUNK):
        size += len(chunk)
        if size > LIMIT:
            raise InvalidValue(_too_large(path))
        chunks.append(chunk)
    return b"".join(chunks)


def _unreadable(path: str, error: Exception) -> Problem:
    return Problem(
        what="There is nothing to read.",
        given=shown_name(path),
        why=f"The file cannot be opened: {getattr(error, 'strerror', None) or error}.",
        fix="Name a file that is there, or `-` for the standard input.",
    )


def _special(path: str, mode: int) -> Problem:
    kind = _KINDS.get(stat.S_IFMT(mode), "no regular file")
    return Problem(
        what=f"There is {kind} where a file belongs.",
        given=shown_name(path),
        why="Only a regular file has a size and an end; reading anything else may never end.",
        fix="Name a file, or hand over what a program prints as `-` or as `<(...)`.",
    )


def _too_large(path: str) -> Problem:
    return Problem(
        what=f"The input has more than {LIMIT // 1024**2} MiB.",
        given=shown_name(path),
        why="Terraform and AWS write nothing so large, and reading it could take all memory.",
        fix="Split it, or name another file.",
    )


def _outside(folder: Path, path: str) -> Problem:
    return Problem(
        what="A path leads out of its folder.",
        given=path,
        why=f"It is to be a file inside of {str(folder)!r}, and this would be a file of something "
        "else.",
        fix="Put the file itself into the folder.",
    )
