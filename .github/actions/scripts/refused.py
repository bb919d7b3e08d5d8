"""What stops an action, in a sentence for its log."""

from __future__ import annotations


class Refused(Exception):
    """The action stops here; the text says why, and never holds more than names and numbers."""
