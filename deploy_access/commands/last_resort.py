"""The end of a command after an error that no part of it foresees: one line, no traceback."""

from __future__ import annotations

import os
import sys

TRACEBACK_VARIABLE = "DEPLOY_ACCESS_TRACEBACK"

# A message of a library may hold a whole document.
_LONGEST = 300


def unforeseen(error: Exception, given: str) -> str:
    """
    Return the line about an error that nothing foresees; *given* is the input that led to it.
    """
    said = " ".join(str(error).split())
    shown = said if len(said) <= _LONGEST else f"{said[:_LONGEST]}..."
    return (
        f"The input {given!r} led to an error that is not foreseen, {type(error).__name__}: "
        f"{shown or 'no message'}. The run ended there. Report it with what "
        f"{TRACEBACK_VARIABLE}=1 prints."
    )


def print_traceback(error: BaseException) -> None:
    """
    Print the traceback of *error* to the standard error output, if the environment asks for it.
    """
    if os.environ.get(TRACEBACK_VARIABLE):
        import traceback  # noqa: PLC0415 - loaded only when it is asked for

        traceback.print_exception(error)


def open_standard_streams() -> None:
    """
    Open `/dev/null` in place of a standard stream that the caller has closed.

    Python has None in its place, and the next file that is opened would get its number: what a
    program prints would be written into that file.
    """
    # In this order, because the system gives the lowest number that is free.
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115
