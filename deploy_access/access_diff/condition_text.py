"""Conditions as short English phrases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.iam.operators import read_operator
from deploy_access.iam.references import has_wildcard
from deploy_access.iam.width import by_width

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deploy_access.iam.policy import Condition

# After an operator that is negated, `is` becomes `is not`.
_WORDS = {
    "arnequals": "is",
    "arnlike": "is like",
    "binaryequals": "is",
    "bool": "is",
    "dateequals": "is",
    "dategreaterthan": "is after",
    "dategreaterthanequals": "is at or after",
    "datelessthan": "is before",
    "datelessthanequals": "is at or before",
    "ipaddress": "is in",
    "numericequals": "is",
    "numericgreaterthan": "is more than",
    "numericgreaterthanequals": "is at least",
    "numericlessthan": "is less than",
    "numericlessthanequals": "is at most",
    "stringequals": "is",
    "stringequalsignorecase": "is, in any case of letters,",
    "stringlike": "is like",
}
_OF_SET = {"forallvalues": "every value of ", "foranyvalue": "a value of "}


def phrase(condition: Condition, prefix: str = "") -> str:
    """
    Return a condition as a phrase, for example `aud is sts.amazonaws.com`.

    Args:
        condition: The condition.
        prefix: The beginning of the provider's keys, which is left out.
    """
    key = condition.key
    if prefix and key.lower().startswith(f"{prefix.lower()}:"):
        key = key[len(prefix) + 1 :]
    values = " or ".join(by_width(dict.fromkeys(condition.values))) or "nothing"
    found = read_operator(condition.operator)
    if found is None:
        return f"{condition.operator} {key}: {values}"
    if found.base == "null":
        absent = " or ".join("absent" if v.lower() == "true" else "there" for v in condition.values)
        return f"{key} is {absent}"
    verb = _WORDS[found.base].replace("is", "is not", 1) if found.negated else _WORDS[found.base]
    is_like = found.base == "arnequals" and any(map(has_wildcard, condition.values))
    of = _OF_SET.get(found.set_operator or "", "")
    optional = ", if there is one" if found.if_exists else ""
    return f"{of}{key} {verb}{' like' if is_like else ''} {values}{optional}"


def phrases(conditions: Iterable[Condition], prefix: str = "") -> tuple[str, ...]:
    """Return conditions as phrases, sorted, each once."""
    return tuple(sorted({phrase(condition, prefix) for condition in conditions}))


def joined(names: Iterable[str], most: int = 3) -> str:
    """List names, the widest few of many."""
    listed = by_width(sorted(set(names)))
    more = f" and {len(listed) - most} more" if len(listed) > most else ""
    return ", ".join(listed[:most]) + more
