"""
The gate before moto: it refuses what AWS would refuse, where moto grants everything.
"""

from sandbox.gate.gate import Gate

__all__ = ["Gate"]
