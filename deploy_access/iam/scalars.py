"""
Numbers, dates, addresses, booleans and bytes, as a policy writes them in texts.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import base64
import binascii
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

# AWS names no longest number. Forty digits hold every value of a key, and keep `Decimal` cheap.
_NUMBER = re.compile(r"[+-]?\d{1,40}(\.\d{1,40})?")
# The profile of ISO 8601 that AWS names: https://www.w3.org/TR/NOTE-datetime
_DATE = re.compile(
    r"(?P<year>\d{4})(-(?P<month>\d\d)(-(?P<day>\d\d)"
    r"(T(?P<hour>\d\d):(?P<minute>\d\d)(:(?P<second>\d\d)(\.(?P<fraction>\d{1,9}))?)?"
    r"(?P<zone>Z|[+-]\d\d:\d\d)?)?)?)?"
)


def read_number(text: str) -> Decimal | None:
    """Read an integer or a decimal number."""
    return Decimal(text) if _NUMBER.fullmatch(text) and text.isascii() else None


def read_date(text: str) -> Decimal | None:
    """
    Read a date, or seconds since 1970, as seconds since 1970.

    Four digits are a year, as W3C has it. AWS does not say what a time without a zone means; it
    is read as UTC.
    """
    if not text.isascii():
        return None
    found = _DATE.fullmatch(text)
    if found is None:
        return read_number(text)
    try:
        return _seconds({name: value for name, value in found.groupdict().items() if value})
    except (ValueError, OverflowError):
        return None


def read_bool(text: str) -> bool | None:
    """Read `true` or `false`, in any case."""
    return {"true": True, "false": False}.get(text.lower())


def read_address(text: str) -> IPv4Address | IPv6Address | None:
    """Read an IPv4 or IPv6 address."""
    try:
        return ip_address(text)
    except ValueError:
        return None


def read_network(text: str) -> IPv4Network | IPv6Network | None:
    """Read a CIDR block; an address alone is a block of one address."""
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


def read_bytes(text: str) -> bytes | None:
    """Read bytes in base 64."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def _seconds(parts: dict[str, str]) -> Decimal:
    numbers = {name: int(parts.get(name, least)) for name, least in _LEAST.items()}
    at = datetime(**numbers, tzinfo=UTC) - _offset(parts.get("zone", "Z"))  # pyright: ignore[reportArgumentType]
    whole = (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1)
    return whole + Decimal(f"0.{parts.get('fraction', '0')}")


_LEAST = {"year": 1, "month": 1, "day": 1, "hour": 0, "minute": 0, "second": 0}


def _offset(zone: str) -> timedelta:
    if zone == "Z":
        return timedelta()
    hours, minutes = int(zone[1:3]), int(zone[4:6])
    offset = timedelta(hours=hours, minutes=minutes)
    return -offset if zone.startswith("-") else offset
