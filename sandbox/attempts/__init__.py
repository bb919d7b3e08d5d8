"""
Deploy jobs against the gate: those that are let through, and those that are refused.
"""

from .attempt_run import attempt_all

__all__ = ["attempt_all"]
