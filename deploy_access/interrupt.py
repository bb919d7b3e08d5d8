"""Ctrl-C, SIGTERM and a closed terminal as one exception, so that every `finally` runs."""

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
    """A signal asks the command to end."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(signal.Signals(number).name)


@contextmanager
def interruptible() -> Generator[None]:
    """Raise InterruptedBySignal at the first signal and ignore the next ones: the end is short."""
    # What the caller ignores stays ignored: `nohup` does that with SIGHUP.
    heard = [one for one in HANDLED if signal.getsignal(one) is not signal.SIG_IGN]
    before = {number: signal.signal(number, _interrupt) for number in heard}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def uninterrupted() -> Generator[None]:
    """Hold signals back while what was made is removed; they are heard after it."""
    # Not by a mask: that of one thread lets them through to the others.
    held: list[int] = []
    heard = [one for one in HANDLED if signal.getsignal(one) is not signal.SIG_IGN]
    before = {one: signal.signal(one, lambda number, _: held.append(number)) for one in heard}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for number in held:
            signal.raise_signal(number)


def _interrupt(number: int, _frame: FrameType | None) -> None:
    # A second Ctrl-C in the middle of the clean-up would leave processes behind.
    for handled in HANDLED:
        signal.signal(handled, signal.SIG_IGN)
    raise InterruptedBySignal(number)
