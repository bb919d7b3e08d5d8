"""
The gate before moto: it refuses what AWS would refuse, where moto grants everything.
"""

from .gate import Gate

__all__ = ["Gate"]
