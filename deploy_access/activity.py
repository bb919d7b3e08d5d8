"""What a command does at the moment, for the line about it on a terminal."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Activity:
    """
    What is done now.

    Attributes:
        what: A part of a sentence, such as `reading stacks/web/cdk.tf.json`; empty for nothing.
    """

    what: str = ""


ACTIVITY = Activity()
"""What this process does: the rooms that work set it, and only the outermost one shows it."""
