"""
An AWS that says no: it stands before moto, which grants everything.
"""

from sandbox.gate.gate import Gate

__all__ = ["Gate"]
