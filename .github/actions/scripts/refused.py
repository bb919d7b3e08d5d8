"""The error that stops an action, as a sentence for its log."""

from __future__ import annotations


class Refused(Exception):
    """The reason why the action stops; its text holds nothing but names and numbers."""
