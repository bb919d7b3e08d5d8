"""What all tests share: how long Hypothesis searches."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# No deadline, and no complaint about slow inputs: a busy machine is no bug.
# `--hypothesis-profile thorough` searches longer.
BUSY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("quick", BUSY, max_examples=50)
settings.register_profile("thorough", BUSY, max_examples=2000)
settings.load_profile("quick")
