"""
Ctrl-C, SIGTERM and a closed terminal as one exception, so that every `finally` runs.
"""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator
    from types import FrameType

# SIGHUP is what a closed terminal sends.
HANDLED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class InterruptedBySignal(BaseException):
    """
    A signal asks the command to end.
    """

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(signal.Signals(number).name)


@contextmanager
def interruptible() -> Generator[None]:
    """
    Raise InterruptedBySignal at the first signal and ignore the next ones: cleaning up is short.
    """
    before = {number: signal.signal(number, _interrupt) for number in HANDLED}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt(number: int, _frame: FrameType | None) -> None:
    # A second Ctrl-C in the middle of the clean-up would leave processes behind.
    for handled in HANDLED:
        signal.signal(handled, signal.SIG_IGN)
    raise InterruptedBySignal(number)
