"""Every operator of IAM, on one value, on none and on many."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from deploy_access.iam.conditions import check_condition
from deploy_access.iam.context import Context
from deploy_access.iam.operators import (
    read_operator,
    without_if_exists,
    without_set_operator,
)
from deploy_access.iam.outcome import Outcome
from deploy_access.iam.policy import Condition
from deploy_access.iam.policy_variables import Reader

if TYPE_CHECKING:
    from collections.abc import Callable

PASS, FAIL, UNKNOWN = Outcome.PASS, Outcome.FAIL, Outcome.UNKNOWN
Values = str | list[str] | None


def outcome(
    operator: str, wanted: str | list[str], held: Values, *, version: bool = True, **others: str
) -> Outcome:
    """Compare one key; *others* are further keys, `a_v` for `a:v`."""
    values: dict[str, str | list[str]] = {k.replace("_", ":"): v for k, v in others.items()}
    if held is not None:
        values["a:k"] = held
    listed = (wanted,) if isinstance(wanted, str) else tuple(wanted)
    condition = Condition(operator=operator, key="a:k", values=listed)
    return check_condition(condition, Reader(Context(values=values), version)).outcome


@pytest.mark.parametrize(
    ("operator", "wanted", "held", "expected"),
    [
        ("StringEquals", "a", "a", PASS),
        ("StringEquals", "a", "A", FAIL),
        ("StringEquals", "a*", "ab", FAIL),
        ("StringEquals", "a*", "a*", PASS),
        ("StringNotEquals", "a", "b", PASS),
        ("StringNotEquals", "a", "a", FAIL),
        ("StringEqualsIgnoreCase", "aB", "Ab", PASS),
        ("StringNotEqualsIgnoreCase", "aB", "Ab", FAIL),
        ("StringLike", "a*c", "abbc", PASS),
        ("StringLike", "a?c", "abc", PASS),
        ("StringLike", "a?c", "ac", FAIL),
        ("StringLike", "[ab]", "a", FAIL),
        ("StringLike", "", "", PASS),
        ("StringLike", "A*", "ab", FAIL),
        ("StringNotLike", "a*", "ab", FAIL),
        ("StringNotLike", "a*", "ba", PASS),
        ("ArnLike", "arn:aws:iam::*:role/*", "arn:aws:iam::1:role/a/b", PASS),
        ("ArnLike", "arn:aws:iam:*:role/a", "arn:aws:iam::1:role/a", FAIL),
        ("ArnLike", "arn:aws:s:r:1:a*c", "arn:aws:s:r:1:a:b:c", PASS),
        ("ArnEquals", "arn:aws:iam::1:role/*", "arn:aws:iam::1:role/a", PASS),
        ("ArnEquals", "not an arn", "not an arn", FAIL),
        ("ArnNotEquals", "arn:aws:iam::1:role/*", "arn:aws:iam::1:role/a", FAIL),
        ("ArnNotLike", "arn:aws:iam::1:role/*", "arn:aws:iam::2:role/a", PASS),
        ("ArnNotLike", "arn:aws:iam::1:role/*", "not an arn", FAIL),
        ("Bool", "true", "True", PASS),
        ("Bool", "false", "true", FAIL),
        ("Bool", "yes", "yes", FAIL),
        ("BinaryEquals", "QQ==", "QQ==", PASS),
        ("ArnLike", "arn:aws:s3:*", "arn:aws:s3:::b", FAIL),
        ("ArnNotLike", "arn:aws:s3:*", "arn:aws:s3:::b", FAIL),
        ("ArnLike", "arn:aws:s3:*:*:*", "arn:aws:s3:::b", PASS),
        ("ArnLike", "*", "arn:aws:s3:::b", FAIL),
        ("BinaryEquals", "QQ==", "Qg==", FAIL),
        ("BinaryEquals", "no base", "no base", FAIL),
        ("IpAddress", "10.0.0.0/8", "10.1.2.3", PASS),
        ("IpAddress", "10.0.0.7", "10.0.0.7", PASS),
        ("IpAddress", "10.0.0.0/8", "2001:db8::1", FAIL),
        ("IpAddress", "2001:db8::/32", "2001:db8::1", PASS),
        ("NotIpAddress", "10.0.0.0/8", "192.0.2.1", PASS),
        ("NotIpAddress", "10.0.0.0/8", "10.0.0.1", FAIL),
        ("NotIpAddress", "10.0.0.0/8", "no address", FAIL),
        ("NumericEquals", "1", "1.0", PASS),
        ("NumericNotEquals", "1", "2", PASS),
        ("NumericNotEquals", "1", "one", FAIL),
        ("NumericLessThan", "10", "9", PASS),
        ("NumericLessThan", "10", "10", FAIL),
        ("NumericLessThanEquals", "10", "10", PASS),
        ("NumericGreaterThan", "-1", "0.5", PASS),
        ("NumericGreaterThanEquals", "1", "0.5", FAIL),
        ("DateEquals", "2026-01-01T00:00:00Z", "2026-01-01", PASS),
        ("DateEquals", "2026-01-01T02:00+02:00", "1767225600", PASS),
        ("DateNotEquals", "2026-01-01", "2026-01-02", PASS),
        ("DateNotEquals", "2026-01-01", "tomorrow", FAIL),
        ("DateEquals", "2026-02-30", "2026-02-30", FAIL),
        ("DateLessThan", "2026-01-01", "2025-12-31T23:59:59.9Z", PASS),
        ("DateLessThanEquals", "2026-01-01", "2026-01-01T00:00:00Z", PASS),
        ("DateGreaterThan", "2026-01-01", "2026-01-01T00:00:00Z", FAIL),
        ("DateGreaterThanEquals", "2026-01", "2026-01-01", PASS),
        ("Null", "false", "a", PASS),
        ("Null", "true", "a", FAIL),
        ("Null", ["true", "false"], "a", PASS),
    ],
)
def test_one_value(operator: str, wanted: str | list[str], held: str, expected: Outcome) -> None:
    """An operator compares what the request holds with what the policy wants."""
    assert outcome(operator, wanted, held) is expected


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        ("StringEquals", FAIL),
        ("StringNotEquals", PASS),
        ("StringEqualsIfExists", PASS),
        ("StringNotEqualsIfExists", PASS),
        ("NumericLessThan", FAIL),
        ("NotIpAddress", PASS),
        ("Bool", FAIL),
        ("ForAllValues:StringEquals", PASS),
        ("ForAllValues:StringNotEquals", PASS),
        ("ForAnyValue:StringEquals", FAIL),
        ("ForAnyValue:StringNotEquals", FAIL),
        ("ForAnyValue:StringEqualsIfExists", FAIL),
        ("ForAllValues:StringEqualsIfExists", PASS),
    ],
)
def test_missing_key(operator: str, expected: Outcome) -> None:
    """Without the key the operator decides, whatever the policy wants."""
    assert outcome(operator, "x", None) is expected


@pytest.mark.parametrize(
    ("operator", "wanted", "held", "expected"),
    [
        ("ForAllValues:StringEquals", ["a", "b"], ["a", "b"], PASS),
        ("ForAllValues:StringEquals", ["a", "b"], ["a", "c"], FAIL),
        ("ForAllValues:StringNotEquals", ["a"], ["b", "c"], PASS),
        ("ForAllValues:StringNotEquals", ["a"], ["a", "c"], FAIL),
        ("ForAnyValue:StringLike", ["a*"], ["b", "ac"], PASS),
        ("ForAnyValue:StringLike", ["a*"], ["b", "c"], FAIL),
        ("ForAnyValue:StringNotEquals", ["a"], ["a", "b"], PASS),
        ("ForAnyValue:StringNotEquals", ["a", "b"], ["a", "b"], FAIL),
        ("StringEquals", ["a"], ["a", "b"], UNKNOWN),
        ("Null", ["false"], ["a", "b"], PASS),
        ("StringEquals", ["a", "b"], "b", PASS),
        ("StringNotEquals", ["a", "b"], "b", FAIL),
    ],
)
def test_many_values(operator: str, wanted: list[str], held: Values, expected: Outcome) -> None:
    """Values wanted are joined with OR, and NOR when negated; values held as the operator says."""
    assert outcome(operator, wanted, held) is expected


@pytest.mark.parametrize(
    ("operator", "wanted", "expected"),
    [
        ("StringEquals", "${a:v}", PASS),
        ("StringEquals", "${A:V}", PASS),
        ("StringEquals", "${a:missing}", FAIL),
        ("StringNotEquals", "${a:missing}", FAIL),
        ("StringEquals", ["${a:missing}", "x"], PASS),
        ("StringNotEquals", ["${a:missing}", "y"], FAIL),
        ("StringEquals", "${a:missing, 'x'}", PASS),
        ("StringEquals", "${a:v, 'y'}", PASS),
        ("StringLike", "${a:star}", FAIL),
        ("StringLike", "${*}", FAIL),
        ("NumericEquals", "${a:v}", FAIL),
    ],
)
def test_variables(operator: str, wanted: str | list[str], expected: Outcome) -> None:
    """A variable is its value and never a wildcard; without a value nothing is met."""
    assert outcome(operator, wanted, "x", a_v="x", a_star="*") is expected


def test_variables_of_an_old_version() -> None:
    """Before 2012-10-17 a variable is nothing but its letters."""
    assert outcome("StringEquals", "${a:v}", "x", version=False, a_v="x") is FAIL
    assert outcome("StringEquals", "${a:v}", "${a:v}", version=False, a_v="x") is PASS


@pytest.mark.parametrize(
    ("operator", "wanted", "held", "expected"),
    [
        ("StringEquals", "${var.x}", "a", UNKNOWN),
        ("StringNotEquals", "${var.x}", "a", UNKNOWN),
        ("StringEquals", "${var.x}", "${var.x}", PASS),
        ("StringEquals", "a-${var.x}", "b-c", FAIL),
        ("StringEquals", ["${var.x}", "a"], "a", PASS),
        ("StringNotEquals", ["${var.x}", "a"], "a", FAIL),
        ("StringLike", "a*", "${var.x}", UNKNOWN),
        ("StringLike", "*", "${var.x}", PASS),
        ("StringLike", "?", "${var.x}", UNKNOWN),
        ("NumericEquals", "${var.x}", "1", UNKNOWN),
        ("Bool", "${var.x}", "true", UNKNOWN),
        ("Null", "${var.x}", "true", UNKNOWN),
        ("IpAddress", "${var.x}", "10.0.0.1", UNKNOWN),
        ("ArnLike", "${aws_iam_role.x.arn}", "arn:aws:iam::1:role/x", UNKNOWN),
        ("ArnLike", "${aws_iam_role.x.arn}", "${aws_iam_role.x.arn}", PASS),
        ("ArnLike", "arn:aws:iam::${var.x}:role/a", "arn:aws:iam::1:role/b", FAIL),
        ("ArnLike", "arn:aws:iam::${var.x}:role/a", "arn:aws:iam::1:role/a", UNKNOWN),
        ("StringEquals", '${jsonencode({a = "}"})}', "a", UNKNOWN),
        ("StringEquals", "${provider::aws::arn_parse(x)}", "a", UNKNOWN),
        ("StringEquals", "${unclosed", "${unclosed", PASS),
    ],
)
def test_references(operator: str, wanted: str | list[str], held: str, expected: Outcome) -> None:
    """What Terraform fills in equals itself, and leaves open what depends on it."""
    assert outcome(operator, wanted, held) is expected


def test_a_key_that_nobody_has_spoken_of_is_unknown() -> None:
    """An unknown key is neither met nor failed, and a variable of it is opaque."""
    reader = Reader(Context(values={"a:k": "x"}, unknown=["aws:*"]))
    by_key = Condition(operator="StringEquals", key="AWS:SourceIp", values=("x",))
    by_variable = Condition(operator="StringEquals", key="a:k", values=("${aws:username}",))

    assert check_condition(by_key, reader).outcome is UNKNOWN
    assert not check_condition(by_key, reader).key_known
    assert check_condition(by_variable, reader).outcome is UNKNOWN


@pytest.mark.parametrize(
    "name", ["StringMatches", "NullIfExists", "ForSomeValues:StringEquals", "", "StringEquals "]
)
def test_operators_that_iam_does_not_have(name: str) -> None:
    """A condition with an operator that does not exist is never met."""
    condition = Condition(operator=name, key="a:k", values=("x",))
    check = check_condition(condition, Reader(Context(values={"a:k": "x"})))

    assert read_operator(name) is None
    assert (check.outcome, check.operator_known) == (FAIL, False)


def test_case_does_not_matter_in_names() -> None:
    """Operators and keys are found in any case."""
    assert outcome("forallvalues:stringequalsifexists", "x", ["x"]) is PASS


# From AWS's page on condition operators: each without what negates it, and with it.
BASES = {
    **{f"String{end}": f"StringNot{end}" for end in ("Equals", "EqualsIgnoreCase", "Like")},
    **{f"Arn{end}": f"ArnNot{end}" for end in ("Equals", "Like")},
    **{f"{kind}Equals": f"{kind}NotEquals" for kind in ("Numeric", "Date")},
    "IpAddress": "NotIpAddress",
    **{
        f"{kind}{end}": ""
        for kind in ("Numeric", "Date")
        for end in ("LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")
    },
    "Bool": "",
    "BinaryEquals": "",
}


@pytest.mark.parametrize("spell", [str, str.lower, str.upper], ids=["AWS", "lower", "upper"])
@pytest.mark.parametrize("if_exists", ["", "IfExists"])
@pytest.mark.parametrize("before", ["", "ForAllValues:", "ForAnyValue:"])
def test_every_operator_taken_apart(
    before: str, if_exists: str, spell: Callable[[str], str]
) -> None:
    """Each operator of AWS is read in any spelling, with whatever stands around it."""
    for base, negation in BASES.items():
        for written in filter(None, (base, negation)):
            found = read_operator(spell(f"{before}{written}{if_exists}"))
            assert found is not None, written
            assert (found.base, found.negated) == (base.lower(), written == negation)
            assert found.set_operator == (before.lower().rstrip(":") or None)
            assert found.if_exists == bool(if_exists)
            assert found.is_for_all == (before == "ForAllValues:")
            assert found.is_pattern == (base in {"StringLike", "ArnLike", "ArnEquals"})
            assert found.is_textual == base.startswith(("String", "Arn"))
            assert found.needs_value == (
                written == base and not if_exists and before != "ForAllValues:"
            )


def test_null_needs_no_value() -> None:
    """`Null` asks about the key."""
    found = read_operator("Null")

    assert found is not None
    assert (found.base, found.compare, found.needs_value) == ("null", None, False)


@pytest.mark.parametrize(
    ("name", "without_set", "without_optional"),
    [
        ("ForAllValues:StringLike", "StringLike", "ForAllValues:StringLike"),
        ("forallvalues:stringlikeifexists", "stringlikeifexists", "forallvalues:stringlike"),
        ("StringEqualsIfExists", "StringEqualsIfExists", "StringEquals"),
        ("IfExists", "IfExists", "IfExists"),
    ],
)
def test_a_part_left_out(name: str, without_set: str, without_optional: str) -> None:
    """What is left is spelled as it was."""
    assert without_set_operator(name) == without_set
    assert without_if_exists(name) == without_optional
