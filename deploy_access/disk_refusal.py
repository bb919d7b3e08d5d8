"""What a disk refuses while a program writes: it is full, read-only or broken."""

from __future__ import annotations

import errno
import os
import re

_CODES = ("EDQUOT", "EFBIG", "EIO", "ENOSPC", "EROFS")
# Node's errors have the code in their text alone.
_IN_NODE = re.compile(rf"\b(?P<code>{'|'.join(_CODES)}): ")


def disk_refusal(error: BaseException) -> str | None:
    """
    Return what the disk says in *error*, or in an error that led to it; None for other errors.

    An error of Python names the file, if it is known: `No space left on device: cdktf.out`.
    """
    current: BaseException | None = error
    # A clean-up that fails for want of the file, too, hides the error that says why.
    while current is not None:
        found = _said(current)
        if found:
            return found
        current = current.__cause__ or current.__context__
    return None


def system_reason(error: OSError) -> str:
    """
    Return what the system says in *error*, with the file that it is about, if it names one.
    """
    named = f": {error.filename}" if error.filename else ""
    return f"{error.strerror or error}{named}"


def _said(error: BaseException) -> str | None:
    if isinstance(error, OSError):
        return system_reason(error) if errno.errorcode.get(error.errno or 0) in _CODES else None
    found = _IN_NODE.search(str(error)) if isinstance(error, Exception) else None
    return os.strerror(getattr(errno, found["code"])) if found else None
