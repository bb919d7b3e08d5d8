"""Python's garbage collector, switched off for the length of a command."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator


@contextmanager
def no_collection() -> Generator[None]:
    """Keep the collector off: it would walk over all that was read again and again."""
    # Reference counts free nearly everything: a command makes few cycles, and ends soon.
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.freeze()  # Otherwise the next object starts a walk over all that was read.
            gc.enable()
