"""Conditions as people say them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deploy_access.iam.patterns import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deploy_access.iam.policy import Condition

_OPERATOR = re.compile(
    r"((?P<set>forallvalues|foranyvalue):)?(?P<base>[a-z]+?)(?P<optional>ifexists)?"
)
_WORDS = {
    "arnequals": "is",
    "arnlike": "is like",
    "arnnotequals": "is not",
    "arnnotlike": "is not like",
    "binaryequals": "is",
    "bool": "is",
    "dateequals": "is",
    "datenotequals": "is not",
    "dategreaterthan": "is after",
    "dategreaterthanequals": "is at or after",
    "datelessthan": "is before",
    "datelessthanequals": "is at or before",
    "ipaddress": "is in",
    "notipaddress": "is not in",
    "numericequals": "is",
    "numericnotequals": "is not",
    "numericgreaterthan": "is more than",
    "numericgreaterthanequals": "is at least",
    "numericlessthan": "is less than",
    "numericlessthanequals": "is at most",
    "stringequals": "is",
    "stringequalsignorecase": "is, in any case of letters,",
    "stringlike": "is like",
    "stringnotequals": "is not",
    "stringnotequalsignorecase": "is not, in any case of letters,",
    "stringnotlike": "is not like",
}
_ARNS = {"arnequals", "arnnotequals"}
_OF_SET = {"forallvalues": "every value of ", "foranyvalue": "a value of "}


def phrase(condition: Condition, prefix: str = "") -> str:
    """
    Say a condition, for example `aud is sts.amazonaws.com`.

    Args:
        condition: The condition.
        prefix: What the keys of the provider begin with; it is left out.
    """
    key = condition.key
    if prefix and key.lower().startswith(f"{prefix.lower()}:"):
        key = key[len(prefix) + 1 :]
    values = " or ".join(dict.fromkeys(condition.values)) or "nothing"
    found = _OPERATOR.fullmatch(condition.operator.lower())
    base = found["base"] if found else ""
    if base == "null":
        absent = " or ".join("absent" if v.lower() == "true" else "there" for v in condition.values)
        return f"{key} is {absent}"
    if found is None or base not in _WORDS:
        return f"{condition.operator} {key}: {values}"
    optional = ", if there is one" if found["optional"] else ""
    like = " like" if base in _ARNS and any(has_wildcard(one) for one in condition.values) else ""
    of = _OF_SET.get(found["set"] or "", "")
    return f"{of}{key} {_WORDS[base]}{like} {values}{optional}"


def phrases(conditions: Iterable[Condition], prefix: str = "") -> tuple[str, ...]:
    """Say conditions, sorted."""
    return tuple(sorted({phrase(condition, prefix) for condition in conditions}))


def joined(names: Iterable[str], most: int = 3) -> str:
    """List names, the first few of many."""
    listed = sorted(set(names))
    more = f" and {len(listed) - most} more" if len(listed) > most else ""
    return ", ".join(listed[:most]) + more
