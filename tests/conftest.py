"""What all tests share: how long Hypothesis searches."""

from __future__ import annotations

from hypothesis import settings

# No deadline: a busy machine is no bug. `--hypothesis-profile thorough` searches longer.
settings.register_profile("quick", max_examples=50, deadline=None)
settings.register_profile("thorough", max_examples=2000, deadline=None)
settings.load_profile("quick")
