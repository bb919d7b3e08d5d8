"""What a disk refuses, in the errors of Python and of Node."""

from __future__ import annotations

import errno
import os

import pytest

from deploy_access.disk_refusal import disk_refusal, system_reason


def led_to(cause: Exception, error: Exception) -> Exception:
    """Return *error* as it is when it arose while *cause* was handled."""
    error.__context__ = cause
    return error


FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize(
    ("error", "said"),
    [
        pytest.param(FULL, "No space left on device", id="full"),
        pytest.param(
            OSError(errno.EROFS, "Read-only file system", "out"),
            "Read-only file system: out",
            id="a file",
        ),
        pytest.param(
            RuntimeError("Error: ENOSPC: no space left on device, write"),
            "No space left on device",
            id="Node",
        ),
        pytest.param(led_to(FULL, AttributeError("_process")), "No space left on device", id="led"),
        pytest.param(OSError(errno.ENOENT, "No such file", "out"), None, id="another file"),
        pytest.param(RuntimeError("ENOENT: no such file"), None, id="another of Node"),
        pytest.param(KeyError("ENOSPC"), None, id="a word"),
    ],
)
def test_disk_refusal(error: Exception, said: str | None) -> None:
    """Only what the disk refuses is said, also where it hides behind another error."""
    assert disk_refusal(error) == said


def test_system_reason() -> None:
    """An error without the words of the system is said in its own."""
    assert system_reason(OSError("cut off")) == "cut off"
