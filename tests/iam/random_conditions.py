"""
Conditions at random, made from what a request holds so that about half of them are met.

What they never hold is listed with its reason in `test_evaluator_differences.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    Values = dict[str, str | list[str]]

TYPE = re.compile(r"[a-z-]+[:/]")
STRINGS = (
    "StringEquals",
    "StringEqualsIgnoreCase",
    "StringLike",
    "StringNotEquals",
    "StringNotEqualsIgnoreCase",
    "StringNotLike",
)
ARNS = ("ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "StringLike", "StringNotLike")
ORDERS = (
    "Equals",
    "NotEquals",
    "LessThan",
    "LessThanEquals",
    "GreaterThan",
    "GreaterThanEquals",
)


@dataclass(frozen=True)
class Key:
    """
    A condition key with what its values can be.

    Attributes:
        operators: Those that fit its type.
        pool: Values of its type.
        many: Whether a request holds several of them.

    """

    name: str
    operators: tuple[str, ...]
    pool: tuple[str, ...]
    many: bool = False


DATES = (
    "2025-12-31T23:59:59Z",
    "2026-01-01T00:00:00Z",
    "2026-01-01T02:00:00+02:00",
    "2026-01-01",
    "2026-06-15T12:30:00.5Z",
    "2026-06-15T12:30Z",
)
COMMON = (
    Key("aws:CurrentTime", tuple(f"Date{order}" for order in ORDERS), DATES),
    Key("aws:SecureTransport", ("Bool",), ("true", "false", "True")),
    Key(
        "aws:SourceIp",
        ("IpAddress", "NotIpAddress"),
        ("10.0.0.7", "10.0.1.9", "192.0.2.1", "2001:db8::7", "2001:db8:1::9"),
    ),
)
NETWORKS = ("10.0.0.0/24", "10.0.0.0/8", "0.0.0.0/1", "192.0.2.1/32", "2001:db8::/32", "::/0")


def random_context(random: Random, keys: Sequence[Key]) -> Values:
    """Hold most of *keys*."""
    values: Values = {}
    for key in keys:
        if random.random() < 0.8:
            value = random.choice(key.pool)
            values[key.name] = random.sample(key.pool, random.randint(2, 3)) if key.many else value
    return values


def random_conditions(
    random: Random, keys: Sequence[Key], context: Values
) -> dict[str, dict[str, str | list[str]]]:
    """Ask about some of *keys*."""
    conditions: dict[str, dict[str, str | list[str]]] = {}
    for key in random.sample(keys, random.choice((0, 1, 1, 2, 2, 3))):
        operator, values = _condition(random, key, context)
        name = key.name.upper() if random.random() < 0.05 else key.name
        wanted = values[0] if len(values) == 1 and random.random() < 0.7 else values
        conditions.setdefault(operator, {})[name] = wanted
    return conditions


def _condition(random: Random, key: Key, context: Values) -> tuple[str, list[str]]:
    if random.random() < 0.1:
        missing = key.name not in context
        answer = missing if random.random() < 0.7 else not missing
        return "Null", [str(answer).lower()]
    operator = random.choice(key.operators)
    wanted = _wanted(random, key, operator, context)
    if key.many or random.random() < 0.2:
        operator = f"{random.choice(('ForAllValues', 'ForAnyValue'))}:{operator}"
    return operator + ("IfExists" if random.random() < 0.25 else ""), wanted


def _wanted(random: Random, key: Key, operator: str, context: Values) -> list[str]:
    """Choose one to three values, most often such that the condition is met."""
    held = context.get(key.name, random.choice(key.pool))
    values = held if isinstance(held, list) else [held]
    hits = random.random() < (0.2 if "Not" in operator else 0.8)
    found = values if hits else []
    if key.many and random.random() < 0.5:
        found = found[:1]
    if not found or random.random() < 0.3:
        found = [*found, random.choice(key.pool)]
    return [_written(random, value, operator, context) for value in found]


def _written(random: Random, value: str, operator: str, context: Values) -> str:
    if "IpAddress" in operator:
        alone = f"{value}/{128 if ':' in value else 32}"
        return random.choice(NETWORKS) if random.random() < 0.5 else alone
    if operator.startswith(("String", "ArnEquals", "ArnLike")) and random.random() < 0.12:
        return _variable(random, value, context)
    if "Like" in operator or operator.startswith("Arn"):
        return with_wildcards(random, value, whole="Not" in operator)
    if operator.endswith("IgnoreCase"):
        return random.choice((value, value.upper(), value.lower()))
    if operator.startswith("String"):
        return random.choice((value, value, value, value.swapcase(), f"{value}*"))
    return value


def _variable(random: Random, value: str, context: Values) -> str:
    """Write a part of *value* as a variable: one that has the value, one that may have none."""
    place = value.rindex(":") if value.startswith("arn:") else 0
    for key, held in context.items():
        if isinstance(held, str) and held in value[place:] and random.random() < 0.6:
            return value[:place] + value[place:].replace(held, f"${{{key}}}", 1)
    if not value.startswith("arn:") and random.random() < 0.5:
        return f"${{aws:PrincipalTag/missing, '{value}'}}"
    return value + random.choice(("${aws:username}", "${aws:PrincipalTag/none, 'x'}"))


def with_wildcards(random: Random, value: str, *, whole: bool = False) -> str:
    """
    Put wildcards into the last part of *value*, after its type, and for parts of an ARN.

    Now and then a wildcard stands for what would be two parts, which it never reaches over;
    not so when the ARN is to stay *whole*.
    """
    *parts, last = value.split(":", 5) if value.startswith("arn:") else [value]
    kind = TYPE.match(last) if parts and parts[2] != "s3" else None
    last = last[kind.end() :] if kind else last
    if parts and random.random() < 0.4:
        place = random.choice((3, 4))
        parts[place] = parts[place] and "*"
    for _ in range(random.choice((0, 1, 1, 2))):
        start = random.randint(0, len(last))
        end = min(len(last), start + random.choice((0, 1, 4, 30)))
        last = last[:start] + random.choice(("*", "*", "?", "**")) + last[end:]
    if random.random() < 0.05:
        last = last.replace("*", "${*}")
    if parts and parts[3] and parts[4].isdigit() and not whole and random.random() < 0.08:
        parts[3:5] = [f"{parts[3][:2]}*{parts[4][-1]}"]
    return ":".join([*parts, (kind[0] if kind else "") + last])
