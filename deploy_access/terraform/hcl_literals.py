"""The numbers and the escapes of Terraform's expressions."""

from __future__ import annotations

import json
import re
from math import inf
from sys import float_info

from deploy_access.terraform.hcl_tokens import NotUnderstoodError

_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_HALF = re.compile(r"\\u[dD][89a-fA-F]")
# Terraform computes with 512 bits; a number of more digits is none that a name or a policy has.
DIGITS = 150


def unescape(text: str) -> str:
    """
    Resolve the escapes of a quoted string, which are those of JSON.

    Raises:
        NotUnderstoodError: JSON does not have one of them.
    """
    return _ESCAPE.sub(_unescaped, text) if "\\" in text else text


def _unescaped(match: re.Match[str]) -> str:
    if _HALF.match(match[0]):  # one half of a character that takes two, which nothing can write
        raise NotUnderstoodError(match[0])
    try:
        return str(json.loads(f'"{match[0]}"'))
    except ValueError as error:
        raise NotUnderstoodError(match[0]) from error


def read_number(text: str) -> int | float:
    """
    Read a number, which may begin with zeros and have an exponent.

    Terraform writes the same text for `01`, `1.0` and `1` where a text belongs.

    Raises:
        NotUnderstoodError: It has more digits than a number of Python keeps.
    """
    mantissa, _, power = text.lower().partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    if not digits:
        return 0
    if not 0 < float(text) < inf or len(digits) > DIGITS:
        raise NotUnderstoodError(text)
    scale = int(power or 0) - len(fraction)
    if scale >= 0:
        return int(digits) * 10**scale
    if not digits[scale:].strip("0"):
        return int(digits[:scale])
    if len(digits.rstrip("0")) > float_info.dig:
        raise NotUnderstoodError(text)
    return float(text)
