"""
The progress of a run: what the sandbox says while it works.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Protocol

from rich.markup import escape
from rich.text import Text

if TYPE_CHECKING:
    from rich.console import Console
    from rich.status import Status


class Progress(Protocol):
    """
    The receiver of the progress of a run; it may be called from several threads.
    """

    def say(self, text: str) -> None:
        """
        Report one fact.
        """
        ...

    def begin(self, step: str, stack: str) -> None:
        """
        Report that a step has begun for a stack.
        """
        ...

    def finish(self, step: str, stack: str, result: str) -> None:
        """
        Report how the step ended for the stack.
        """
        ...

    def fail(self, step: str, stack: str) -> None:
        """
        Report that the step failed for the stack; the reason is raised.
        """
        ...


class Silence:
    """
    A progress that is not shown: for tests.
    """

    def say(self, text: str) -> None:
        """
        Say nothing.
        """

    def begin(self, step: str, stack: str) -> None:
        """
        Say nothing.
        """

    def finish(self, step: str, stack: str, result: str) -> None:
        """
        Say nothing.
        """

    def fail(self, step: str, stack: str) -> None:
        """
        Say nothing.
        """


class Display:
    """
    One line for each stack that is done; on a terminal also which ones are running.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._running: list[str] = []
        self._status: Status | None = None
        self._lock = threading.Lock()
        # A terminal gets lines that are broken at spaces; a file or a pipe has each in one piece.
        self._is_whole = not console.is_terminal

    def say(self, text: str) -> None:
        """
        Print a line.
        """
        self._console.print(text, markup=False, highlight=False, soft_wrap=self._is_whole)

    def begin(self, step: str, stack: str) -> None:
        """
        Show the stack among those that are running.
        """
        with self._lock:
            self._running.append(f"{step} {stack}")
            self._show()

    def finish(self, step: str, stack: str, result: str) -> None:
        """
        Print the stack with its result.
        """
        self._end(step, stack)
        self._print(("  ok    ", "green"), f"{step:<8} {stack:<24} ", (result, "dim"))

    def fail(self, step: str, stack: str) -> None:
        """
        Print the stack as failed.
        """
        self._end(step, stack)
        self._print(("  FAIL  ", "red"), f"{step:<8} {stack}")

    def close(self) -> None:
        """
        Restore the terminal.
        """
        with self._lock:
            self._running.clear()
            self._show()

    def _print(self, *parts: str | tuple[str, str]) -> None:
        self._console.print(Text.assemble(*parts), soft_wrap=self._is_whole)

    def _end(self, step: str, stack: str) -> None:
        with self._lock:
            self._running.remove(f"{step} {stack}")
            self._show()

    def _show(self) -> None:
        """
        Show what is running in the last line of a terminal, and nowhere else.
        """
        if not self._console.is_terminal:
            return
        if self._running and self._status is None:
            self._status = self._console.status("")
            self._status.start()
        if self._status and self._running:
            self._status.update(escape(", ".join(self._running)))
        elif self._status:
            self._status.stop()
            self._status = None
