"""Numbers and escapes of Terraform's expressions, as Terraform itself converts them to texts."""

from __future__ import annotations

import pytest
from reading_files import read

from deploy_access.terraform.hcl import parse_expression
from deploy_access.terraform.hcl_nodes import LiteralValue, Raw


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("0", 0),
        ("00", 0),
        ("01", 1),
        ("007", 7),
        ("-01", -1),
        ("1.0", 1),
        ("01.50", 1.5),
        ("1e3", 1000),
        ("1E+3", 1000),
        ("100e-2", 1),
        ("125e-2", 1.25),
        ("1.25e1", 12.5),
        ("1e21", 10**21),
        ("1e100", 10**100),
        ("0e99999999999999999999", 0),
        ("9" * 150, int("9" * 150)),
    ],
)
def test_numbers(written: str, value: float) -> None:
    """A number may begin with zeros and have an exponent; it is whole where it can be."""
    assert parse_expression(written) == LiteralValue(value)


@pytest.mark.parametrize(
    "written",
    [
        *(
            "0x10",
            "1.",
            "1.e3",
            "1_000",
            "1e",
            "+1",
            "٣",
            "1e999",
            "1e-999",
            "0.1234567890123456789",
        ),
        *("1e99999999999999999999", "1e-99999999999999999999", "9" * 151, "9" * 10_000),
    ],
)
def test_what_is_no_number_of_this_reader(written: str) -> None:
    """What HCL does not read, or only with more digits than this, is kept as it is written."""
    assert parse_expression(written) == Raw(written)


@pytest.mark.parametrize("index", ["9" * 151, "9" * 10_000])
def test_an_index_of_many_digits(index: str) -> None:
    """An index behind a dot has no more digits than any other number."""
    assert parse_expression(f"a.b.{index}") == Raw(f"a.b.{index}")


@pytest.mark.parametrize(
    ("name", "read_as"),
    [
        ("${01}", "1"),
        ("web-${007}", "web-7"),
        ("${1e3}", "1000"),
        ("${-1}", "-1"),
        ("${0.00001}", "0.00001"),
        (1e3, "1000"),
        (1.0, "1"),
        (1.5, "1.5"),
        ('${"\\u00e4"}', "ä"),
        ('${"\\ud800"}', '${"\\ud800"}'),
        ('${"\\ud83d\\ude00"}', '${"\\ud83d\\ude00"}'),
    ],
)
def test_a_name_of_them(name: object, read_as: str) -> None:
    """A role's name is the text that Terraform makes of what is written."""
    estate = read(resource={"aws_iam_role": {"R": {"name": name, "assume_role_policy": "{}"}}})

    assert [role.name for role in estate.roles] == [read_as]
