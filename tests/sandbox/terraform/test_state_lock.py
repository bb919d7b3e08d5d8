"""
The lock of a state: seen when it is taken and freed, and read off Terraform's error.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from sandbox_estates import stack, write_out
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request, Response

from sandbox.server.process_identity import ProcessIdentity
from sandbox.server.working_folder import WorkingFolder
from sandbox.terraform.run_record import RunRecord, note_lock, read_run, remove_run
from sandbox.terraform.sandbox_estate import read_sandbox_estate
from sandbox.terraform.state_lock import held_lock, lock_watcher

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

STATE = {"bucket": "states", "key": "a/web.tfstate", "region": "eu-central-1"}
INFO = json.dumps({"ID": "5b2a", "Operation": "OperationTypeApply", "Path": "states/a/web.tfstate"})
RUN = RunRecord(command="apply", process=ProcessIdentity(pid=1, started="boot/1"))


@pytest.fixture
def run(tmp_path: Path) -> tuple[Path, Callable[[Request, Response], None]]:
    """
    Record a run of one stack, and return its folder and the watcher.
    """
    document = stack("web", backend={"s3": STATE})
    estate = read_sandbox_estate(write_out(tmp_path / "out", {"web": document}))
    folder = WorkingFolder(tmp_path / "box")
    folder.stack("web").mkdir(parents=True)
    RUN.write(folder.stack("web"))
    return folder.stack("web"), lock_watcher(estate, folder)


def request(method: str, path: str, body: Any = None, target: str = "") -> Request:
    """
    Return a request as Terraform's backend makes it.
    """
    headers = [("X-Amz-Target", f"DynamoDB_20120810.{target}")] if target else []
    data = body if isinstance(body, str) else json.dumps(body)
    return EnvironBuilder(path=path, method=method, data=data, headers=headers).get_request(Request)


OBJECT = "/states/a/web.tfstate.tflock"
ITEM = {"LockID": {"S": "states/a/web.tfstate"}, "Info": {"S": INFO}}
KEY = {"LockID": ITEM["LockID"]}
TAKEN = {
    "S3": request("PUT", OBJECT, INFO),
    "DynamoDB": request("POST", "/", {"Item": ITEM}, "PutItem"),
}
FREED = {
    "S3": request("DELETE", OBJECT),
    "DynamoDB": request("POST", "/", {"Key": KEY}, "DeleteItem"),
}


@pytest.mark.parametrize("kind", TAKEN)
def test_lock_that_is_taken_and_freed(
    run: tuple[Path, Callable[[Request, Response], None]], kind: str
) -> None:
    """
    The record of a run has the lock while the run has it.
    """
    folder, watch = run
    watch(TAKEN[kind], Response(status=200))
    taken = read_run(folder)
    watch(FREED[kind], Response(status=204 if kind == "S3" else 200))
    freed = read_run(folder)

    assert (taken and taken.lock, freed) == ("5b2a", RUN)


@pytest.mark.parametrize(
    ("seen", "status"),
    [
        pytest.param(TAKEN["S3"], 412, id="a lock that another has"),
        pytest.param(TAKEN["S3"], 403, id="no right to lock"),
        pytest.param(request("PUT", OBJECT, "{"), 200, id="no JSON"),
        pytest.param(request("PUT", OBJECT, {"ID": "5b2a"}), 200, id="no path"),
        pytest.param(
            request("PUT", "/states/b.tfstate.tflock", INFO.replace("a/web", "b")), 200, id="other"
        ),
        pytest.param(request("PUT", "/states/a/web.tfstate", INFO), 200, id="a state"),
        pytest.param(request("GET", OBJECT), 200, id="a read"),
        pytest.param(request("POST", "/", {"Item": {"LockID": 1}}, "PutItem"), 200, id="a digest"),
        pytest.param(request("POST", "/", "[", "DeleteItem"), 200, id="no JSON to free"),
    ],
)
def test_what_is_no_lock_of_the_run(
    run: tuple[Path, Callable[[Request, Response], None]], seen: Request, status: int
) -> None:
    """
    Nothing is noted of what takes no lock of the stack.
    """
    folder, watch = run
    watch(seen, Response(status=status))

    assert read_run(folder) == RUN


def test_lock_without_a_run(tmp_path: Path) -> None:
    """
    A lock that no recorded run takes is not noted, and a record that is no record is none.
    """
    note_lock(tmp_path, "5b2a")
    assert read_run(tmp_path) is None
    for text in ("", "{}", '{"process": {"pid": "1"}}', "[]"):
        (tmp_path / "run.json").write_text(text)
        assert read_run(tmp_path) is None
    remove_run(tmp_path)
    assert not list(tmp_path.iterdir())


ERROR = """\
Error: Error acquiring the state lock

Error message: operation error S3: PutObject, https response error StatusCode: 412
Lock Info:
  ID:        5b2a8a0e-6a0e-4b8e-9d0e-0e6a0e4b8e9d
  Path:      states/web.tfstate
  Operation: OperationTypeApply
  Who:       ann@laptop
  Version:   1.11.4
  Created:   2026-11-29 03:04:05.012345678 +0000 UTC
  Info:

Terraform acquires a state lock to protect the state from being written
by multiple users at the same time.
"""


def test_who_holds_a_lock() -> None:
    """
    Terraform's error becomes the owner, the age of the lock and the command that frees it.
    """
    now = datetime(2026, 11, 29, 3, 46, 50, tzinfo=UTC)

    assert held_lock("web", ERROR, now) == (
        "The state of stack 'web' is locked by ann@laptop, for 42 minutes (OperationTypeApply, "
        "since 2026-11-29 03:04:05.012345678 +0000 UTC), so nothing was changed. Two at once would "
        "overwrite each other's state. Run this again when that run is over. If it is over and has "
        "left the lock, unlock the state in the folder of the stack: "
        "`terraform force-unlock 5b2a8a0e-6a0e-4b8e-9d0e-0e6a0e4b8e9d`."
    )
    unread = held_lock("web", ERROR.replace("2026-11-29 ", ""), now)
    assert unread
    assert "for a time that is not known" in unread


@pytest.mark.parametrize(
    "text",
    ["Error: creating IAM Role (web): AccessDenied", "Error acquiring the state lock: no bucket"],
)
def test_another_error(text: str) -> None:
    """
    An error that names no owner stays as it is.
    """
    assert held_lock("web", text, datetime(2026, 11, 29, tzinfo=UTC)) is None
