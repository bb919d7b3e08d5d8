"""
Who gets in and who does not: deploy jobs against the gate.
"""

from sandbox.attempts.attempt_run import attempt_all

__all__ = ["attempt_all"]
