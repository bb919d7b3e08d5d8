"""What keeps Node from starting, in four parts."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

import pytest
from jsii.errors import JSIIError

from constructs_lib import _node_start
from deploy_access.errors import InvalidValue

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        pytest.param(
            OSError(errno.ENOSPC, "No space left on device"),
            "The disk says: No space left on device.",
            id="full",
        ),
        pytest.param(
            FileNotFoundError(errno.ENOENT, "No usable temporary directory found in ['/tmp']"),
            "No usable temporary directory found in ['/tmp'].",
            id="no temporary folder",
        ),
        pytest.param(
            JSIIError("Cannot use the jsii package cache in /home/a: others may modify it."),
            "Cannot use the jsii package cache in /home/a: others may modify it.",
            id="the home of another user",
        ),
    ],
)
def test_refused(
    error: Exception, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folders are named, with what the machine says and what to do."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setenv("HOME", "/home/a")

    with pytest.raises(InvalidValue) as refused, _node_start.explaining_start():
        raise error

    assert str(refused.value) == (
        "Node cannot start, so nothing is synthesized. Got "
        f"'TMPDIR={tmp_path}, HOME=/home/a'. It writes its program and its packages there. "
        f"{reason} Make room, or name other folders: `TMPDIR` for the program, "
        "`JSII_RUNTIME_PACKAGE_CACHE_ROOT` for the packages."
    )


@pytest.mark.parametrize("error", [JSIIError("No such class"), ImportError("cdktf")])
def test_other_errors_pass(error: Exception) -> None:
    """What is no fault of the machine stays what it is."""
    with pytest.raises(type(error)) as passed, _node_start.explaining_start():
        raise error

    assert passed.value is error


@pytest.mark.parametrize("home", ["", "missing/home"], ids=["empty", "missing"])
def test_cache_stays_on(home: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home that can be written, or made, has the cache."""
    monkeypatch.setenv("HOME", str(tmp_path / home))
    monkeypatch.delenv(_node_start.CACHE, raising=False)
    monkeypatch.delenv(_node_start.CACHE_ROOT, raising=False)

    assert _node_start.cache_settings() == {}
