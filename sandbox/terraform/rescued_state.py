"""
The state that Terraform could not write, kept for the next run.

It stands in `errored.tfstate` in the folder of the stack, and is printed where the disk does not
take that file either. Without it the next run would make again what is there already:
https://developer.hashicorp.com/terraform/cli/state/recover
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import TYPE_CHECKING

from .run_record import UNWRITTEN_STATE

if TYPE_CHECKING:
    from pathlib import Path

_PRINTED = re.compile(r'^\{\n  "version": \d+,\n.*?^\}\n', re.MULTILINE | re.DOTALL)
_KEPT = (
    "What Terraform made is in its state, which is kept in the sandbox: the next run of the stack "
    "writes it first. Run the step again when the cause is gone."
)


def keep_state(text: str, folder: Path, reserve: Path) -> str:
    """
    Keep a state that Terraform has not written, and return *text* with a line that says so.

    A state that it printed is taken out of *text* and written in the room of *reserve*.
    """
    printed = _PRINTED.search(text)
    if printed and _is_state(printed[0]):
        try:
            reserve.unlink(missing_ok=True)
            (folder / UNWRITTEN_STATE).write_text(printed[0], encoding="utf-8")
        except OSError:
            return text
        text = text.replace(printed[0], "").strip()
    return f"{text}\n\n{_KEPT}" if kept_state(folder) else text


def kept_state(folder: Path) -> Path | None:
    """
    Return the file of a state that is still to be written; one that is cut off is removed.
    """
    path = folder / UNWRITTEN_STATE
    with suppress(OSError, UnicodeDecodeError):
        if _is_state(path.read_text(encoding="utf-8")):
            return path
        path.unlink()
    return None


def _is_state(text: str) -> bool:
    try:
        return "lineage" in json.loads(text)
    except (ValueError, TypeError):
        return False
