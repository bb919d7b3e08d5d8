"""
The lock of a state: who takes it, seen in the requests to the backend, and who holds it.

Sources: https://developer.hashicorp.com/terraform/language/backend/s3#state-locking,
https://developer.hashicorp.com/terraform/language/state/locking
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from deploy_access.json_shape import as_object, as_text

from ..server.folder_hold import age_text
from .run_record import note_lock

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.wrappers import Request, Response

    from ..server.working_folder import WorkingFolder
    from .sandbox_estate import SandboxEstate

_HELD = "Error acquiring the state lock"
_FIELD = r"^\s*{}:\s*(.+?)\s*$"
# A lock has some hundred bytes; a state is not looked into.
_LONGEST = 1 << 14
_OBJECT = ".tflock"
_PUT_ITEM = "DynamoDB_20120810.PutItem"
_DELETE_ITEM = "DynamoDB_20120810.DeleteItem"
_DONE = {HTTPStatus.OK, HTTPStatus.NO_CONTENT}


def lock_watcher(
    estate: SandboxEstate, folder: WorkingFolder
) -> Callable[[Request, Response], None]:
    """
    Return what notes each lock that a run of this sandbox takes and frees, in the run's record.

    It is told of every request of Terraform and its answer, so a lock that it notes was taken by
    Terraform in this sandbox and by no other.
    """
    stacks = {_state(stack.backend.body): stack.name for stack in estate}

    def watch(request: Request, answer: Response) -> None:
        if answer.status_code not in _DONE:
            return
        path, lock = _taken(request) or (_freed(request), None)
        stack = stacks.get(path)
        if stack:
            note_lock(folder.stack(stack), lock)

    return watch


def _state(body: object) -> str:
    backend = as_object(body)
    return f"{as_text(backend.get('bucket'))}/{as_text(backend.get('key'))}"


def _taken(request: Request) -> tuple[str, str] | None:
    """
    Return the state and the id of the lock that a request takes: an object of S3, or an item.
    """
    is_object = request.method == "PUT" and request.path.endswith(_OBJECT)
    is_item = request.headers.get("X-Amz-Target") == _PUT_ITEM
    if not (is_object or is_item) or len(request.get_data()) > _LONGEST:
        return None
    try:
        found = as_object(json.loads(request.get_data()))
        if is_item:
            item = as_object(as_object(found.get("Item")).get("Info"))
            found = as_object(json.loads(as_text(item.get("S")) or "null"))
    except ValueError:
        return None
    path, lock = as_text(found.get("Path")), as_text(found.get("ID"))
    return (path.removesuffix(_OBJECT), lock) if path and lock else None


def _freed(request: Request) -> str:
    """
    Return the state whose lock the request frees, or an empty text.
    """
    if request.method == "DELETE" and request.path.endswith(_OBJECT):
        return request.path.removeprefix("/").removesuffix(_OBJECT)
    if request.headers.get("X-Amz-Target") != _DELETE_ITEM:
        return ""
    try:
        key = as_object(as_object(json.loads(request.get_data())).get("Key"))
    except ValueError:
        return ""
    return as_text(as_object(key.get("LockID")).get("S")) or ""


def held_lock(stack: str, text: str, now: datetime) -> str | None:
    """
    Say who holds the lock that Terraform's error is about; None when it is about something else.
    """
    found = {name: re.search(_FIELD.format(name), text, re.MULTILINE) for name in _LOCK_FIELDS}
    if _HELD not in text or not found["ID"]:
        return None
    said = {name: match[1] if match else "?" for name, match in found.items()}
    return (
        f"The state of stack {stack!r} is locked by {said['Who']}, for "
        f"{_age(said['Created'], now)} ({said['Operation']}, since {said['Created']}), so nothing "
        "was changed. Two at once would overwrite each other's state. Run this again when that "
        "run is over. If it is over and has left the lock, unlock the state in the folder of the "
        f"stack: `terraform force-unlock {said['ID']}`."
    )


_LOCK_FIELDS = ("ID", "Who", "Created", "Operation")


def _age(created: str, now: datetime) -> str:
    try:
        then = datetime.strptime(created[:19], "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return "a time that is not known"
    return age_text((now - then).total_seconds())
