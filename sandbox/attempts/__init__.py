"""
Who gets in and who does not: deploy jobs against the gate.
"""

from sandbox.attempts.attempts import attempt_all

__all__ = ["attempt_all"]
