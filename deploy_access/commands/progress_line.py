"""One line of a terminal that says what a command does, once that takes longer than a second."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from deploy_access.activity import ACTIVITY
from deploy_access.visible_text import escaped

if TYPE_CHECKING:
    from collections.abc import Generator

_AFTER = 1.0
_EVERY = 0.1
_ERASE = "\r\x1b[2K"


@contextmanager
def progress_line() -> Generator[None]:
    """
    Show what is done, on the standard error output, and erase it in the end.

    Nothing of it is in a file or a pipe, in a log of CI, or on a terminal that cannot erase.
    """
    ACTIVITY.what = ""
    if not _is_wanted():
        yield
        return
    ended = threading.Event()
    line = threading.Thread(target=_show, args=(ended,), daemon=True)
    line.start()
    try:
        yield
    finally:
        ended.set()
        line.join()


def _is_wanted() -> bool:
    is_plain = os.environ.get("TERM", "dumb") == "dumb" or bool(os.environ.get("CI"))
    return not is_plain and sys.stderr.isatty()


def _show(ended: threading.Event) -> None:
    shown = ""
    if ended.wait(_AFTER):
        return
    while not ended.wait(_EVERY):
        now = ACTIVITY.what
        if now != shown:
            # In the last column it would begin a second line, which nothing erases.
            _print(_ERASE + escaped(now)[: _columns() - 1])
            shown = now
    if shown:
        _print(_ERASE)


def _print(text: str) -> None:
    print(text, end="", file=sys.stderr, flush=True)  # noqa: T201 - click.echo takes escapes away


def _columns() -> int:
    # A terminal that does not know its width says 0.
    return os.get_terminal_size(sys.stderr.fileno()).columns or 80
