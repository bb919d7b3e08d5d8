"""Values of parsed JSON, as the texts that Terraform makes of them."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy_access.json_shape import as_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("x", "x"),
        (True, "true"),
        (False, "false"),
        (7, "7"),
        (1.0, "1"),
        (-0.5, "-0.5"),
        (1e3, "1000"),
        (1e16, "10000000000000000"),
        (1.25e20, "125000000000000000000"),
        (-1.5e-7, "-0.00000015"),
        (None, None),
        ([], None),
        ({}, None),
    ],
)
def test_texts(value: object, text: str | None) -> None:
    """A number is written without an exponent, and a whole one without a point."""
    assert as_text(value) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_keeps_its_value(value: float) -> None:
    """The text of a number is the number, in digits, a sign and a point alone."""
    text = as_text(value)

    assert text is not None
    assert set(text) <= set("-.0123456789")
    assert float(Fraction(text)) == value
