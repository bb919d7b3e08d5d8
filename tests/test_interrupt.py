"""Signals: the first one ends what runs, and none comes in the middle of cleaning up."""

from __future__ import annotations

import os
import signal

import pytest

from deploy_access.interrupt import HANDLED, InterruptedBySignal, interruptible, uninterrupted

pytestmark = pytest.mark.usefixtures("interruptible")


@pytest.fixture(autouse=True)
def as_it_was() -> None:
    """Let the signals that a test raises end nothing but what it tries."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


@pytest.mark.parametrize("number", HANDLED)
def test_the_first_signal_ends_what_runs(number: signal.Signals) -> None:
    """It is an exception with its number, and a second one does not come into the end."""
    before = signal.getsignal(number)
    done: list[str] = []

    def run() -> None:
        with interruptible():
            try:
                os.kill(os.getpid(), number)
            finally:
                os.kill(os.getpid(), number)
                done.append("removed")

    with pytest.raises(InterruptedBySignal) as found:
        run()

    assert (found.value.number, str(found.value)) == (number, number.name)
    assert done == ["removed"]
    assert signal.getsignal(number) == before


def test_what_the_caller_ignores_stays_ignored() -> None:
    """`nohup` ignores a closed terminal, and so does what it starts."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with interruptible(), uninterrupted():
        os.kill(os.getpid(), signal.SIGHUP)

    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN


def test_cleaning_up_is_not_interrupted() -> None:
    """A signal that comes while things are removed is heard when they are gone."""
    done: list[str] = []

    def run() -> None:
        with interruptible():
            with uninterrupted():
                os.kill(os.getpid(), signal.SIGTERM)
                done.append("removed")
            done.append("not reached")

    with pytest.raises(InterruptedBySignal):
        run()

    assert done == ["removed"]
