"""The numbers, the escapes and the heredocs of Terraform's expressions."""

from __future__ import annotations

import json
import re
from math import inf
from sys import float_info

from deploy_access.terraform.hcl_tokens import NotUnderstoodError, braces_end

CONSTANTS = {"true": True, "false": False, "null": None}
"""The names that are values."""
MARK = re.compile(r"\$\$\{|%%\{|\$\{|%\{")
"""What begins an expression in a text, or is written in place of such a beginning."""

_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)", re.DOTALL)
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
    if match[1][0] == "U":
        return _of_code(match[1][1:])
    if _HALF.match(match[0]):  # one half of a character that takes two, which nothing can write
        raise NotUnderstoodError(match[0])
    try:
        return str(json.loads(f'"{match[0]}"'))
    except ValueError as error:
        raise NotUnderstoodError(match[0]) from error


def _of_code(digits: str) -> str:
    try:
        return chr(int(digits, 16))
    except (ValueError, OverflowError) as error:
        raise NotUnderstoodError(digits) from error


def template_text(quoted: str) -> str:
    """
    Return the text between two quotes as JSON has it: without escapes, with its expressions.

    Raises:
        NotUnderstoodError: It has an escape that HCL does not have.
    """
    if "\\" not in quoted:
        return quoted
    parts: list[str] = []
    at = 0
    while mark := MARK.search(quoted, at):
        end = mark.end()
        if mark[0] in {"${", "%{"}:
            end = braces_end(quoted, end)
        parts += (_plain(quoted[at : mark.start()]), quoted[mark.start() : end])
        at = end
    return "".join([*parts, _plain(quoted[at:])])


def _plain(text: str) -> str:
    """Resolve the escapes of a text, in which none of them makes an expression."""
    return MARK.sub(lambda found: f"{found[0][0]}{found[0]}", unescape(text))


def heredoc_text(source: str) -> str:
    """
    Return the text of a heredoc, which has no escapes; `<<-` takes off what all lines begin with.

    A blank line does not count, and the line of the closing marker neither.

    Source: `flushHeredocTemplateParts` in HCL's `hclsyntax/parser_template.go`.
    """
    lines = source.replace("\r\n", "\n").split("\n")[1:-1]
    if source.startswith("<<-"):
        spaces = [len(line) - len(line.lstrip()) for line in lines if line.strip()]
        least = min(spaces, default=0)
        lines = [line[least:] if line.strip() else line for line in lines]
    return "".join(f"{line}\n" for line in lines)


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
