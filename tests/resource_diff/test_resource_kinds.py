"""Each row of `resource_kinds` has a sample, and says what is true of every row."""

from __future__ import annotations

import pytest
from kind_samples import SAMPLES

from deploy_access.resource_diff.resource_kinds import KINDS, kind_of


def test_every_row_has_a_sample() -> None:
    """No type is in the table without a resource with which the provider judges it."""
    assert SAMPLES.keys() == KINDS.keys()


@pytest.mark.parametrize("kind", KINDS)
def test_the_sample_shows_what_the_row_names(kind: str) -> None:
    """Each guard has its values in the sample, and the first is not the default."""
    shown = SAMPLES[kind][1]

    assert {guard.argument for guard in kind_of(kind).all_guards} <= shown.keys()
