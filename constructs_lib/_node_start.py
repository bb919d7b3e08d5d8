"""What Node needs of the machine to start, and what is said where the machine refuses it."""

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir

from jsii.errors import JSIIError

from deploy_access.disk_refusal import disk_refusal, system_reason
from deploy_access.errors import InvalidValue, Problem

# The variables of jsii that turn off what it keeps of each package between two runs, or move it.
CACHE = "JSII_RUNTIME_PACKAGE_CACHE"
CACHE_ROOT = "JSII_RUNTIME_PACKAGE_CACHE_ROOT"
# Where jsii 1.142 keeps it, below the home directory.
_CACHES = "Library/Caches/com.amazonaws.jsii" if sys.platform == "darwin" else ".cache/aws/jsii"
# How jsii begins the error about a cache that other users may change, for example below a home
# directory of another user in a container.
_CACHE_REFUSED = "Cannot use the jsii package cache"


@contextmanager
def explaining_start() -> Generator[None]:
    """
    Say in four parts what keeps Node from starting in this block.

    Raises:
        InvalidValue: A disk is full or read-only, or there is no folder that may be used. Other
            errors pass.
    """
    usual, sys.unraisablehook = sys.unraisablehook, _print_but_of_node
    try:
        yield
    except Exception as error:
        reason = _reason(error)
        if reason is None:
            sys.unraisablehook = usual
            raise
        # The hook stays: jsii lets go of that Node when the program ends.
        raise InvalidValue(_not_started(reason)) from error
    sys.unraisablehook = usual


def cache_settings() -> dict[str, str]:
    """
    Return what turns jsii's cache off where its folder cannot be written; otherwise nothing.

    With such a folder jsii stops; without the cache Node only starts in twice the time.
    """
    if CACHE in os.environ or CACHE_ROOT in os.environ:
        return {}
    folder = Path(os.path.expanduser("~"), _CACHES)  # noqa: PTH111 - never an error without a home
    nearest = next((path for path in (folder, *folder.parents) if path.exists()), Path())
    return {} if os.access(nearest, os.W_OK) else {CACHE: "disabled"}


def _print_but_of_node(found: "sys.UnraisableHookArgs") -> None:
    # jsii tells a Node to end that it could not start, and Python would print a traceback of that.
    if "_NodeProcess" not in str(found.exc_value):
        sys.__unraisablehook__(found)


def _reason(error: Exception) -> str | None:
    refused = disk_refusal(error)
    if refused:
        return f"The disk says: {refused}."
    if isinstance(error, JSIIError) and _CACHE_REFUSED in str(error):
        return str(error)
    # For example of Python, which finds no folder for temporary files.
    return f"{system_reason(error)}." if isinstance(error, OSError) else None


def _not_started(reason: str) -> Problem:
    return Problem(
        what="Node cannot start, so nothing is synthesized.",
        given=f"TMPDIR={_temporary()}, HOME={os.environ.get('HOME', '')}",
        why=f"It writes its program and its packages there. {reason}",
        fix="Make room, or name other folders: `TMPDIR` for the program, "
        f"`{CACHE_ROOT}` for the packages.",
    )


def _temporary() -> str:
    try:
        return gettempdir()
    except OSError:
        return os.environ.get("TMPDIR", "")
