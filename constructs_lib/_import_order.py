"""The advice for a program that imports `constructs_lib` too late for its fast start."""

import inspect
import os
import subprocess
import sys
import warnings
from pathlib import Path
from types import FrameType

import deploy_access
from constructs_lib._jsii_node import bundled_path

# jsii 1.142 calls every version before this one end-of-life, each time it starts.
OLDEST_NODE = 22
# It works without any setting of the sorter, which the settings in docs/constructs.md do not.
FIRST_LINE = "import constructs_lib  # isort: skip"
# Frames of the import itself, between the line to move and this module.
_LIBRARY = str(Path(__file__).parent)
_DOOR = str(Path(deploy_access.__file__ or "").with_name("constructs.py"))
_MACHINERY = ("<frozen importlib", str(Path(sys.modules["contextlib"].__file__ or "")))


def warn_when_late(package: str) -> None:
    """
    Warn once, at the line to move, when *package* or an old Node was loaded before this library.

    What was loaded cannot be taken back. A Node that jsii takes for supported is no reason: then a
    program that imports `cdktf` first is as fast as any.
    """
    losses = [*_whole_package(package), *_old_node()]
    if not losses:
        return
    frame = _importer()
    warnings.warn_explicit(
        f"`constructs_lib` is imported too late. {' '.join(losses)} Write `{FIRST_LINE}` above "
        "`cdktf` and all providers. isort and Ruff leave that line where it is.",
        RuntimeWarning,
        frame.f_code.co_filename if frame else __file__,
        frame.f_lineno if frame else 0,
    )


def _whole_package(package: str) -> list[str]:
    if package not in sys.modules:
        return []
    return [f"All of `{package}` is loaded, not only what is used, which takes many seconds."]


def _old_node() -> list[str]:
    version = _version_of_users_node()
    if version is None:
        return []
    major = version.removeprefix("v").partition(".")[0]
    if not major.isdecimal() or int(major) >= OLDEST_NODE:
        return []
    return [
        f"jsii runs the Node {version} of this machine, which is end-of-life, not this library's."
    ]


def _version_of_users_node() -> str | None:
    """Return the version of the Node that jsii has started in place of ours, if it has."""
    # jsii starts Node when the first of its packages is imported; all of them need `constructs`.
    if "constructs" not in sys.modules or "JSII_NODE" in os.environ or bundled_path() is None:
        return None
    try:
        done = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def _importer() -> FrameType | None:
    """Return the frame of the program's own import of this library."""
    # `stacklevel` cannot count a chain of imports.
    frame = inspect.currentframe()
    while frame and frame.f_code.co_filename.startswith((_LIBRARY, _DOOR, *_MACHINERY)):
        frame = frame.f_back
    return frame
