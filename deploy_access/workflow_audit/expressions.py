"""
GitHub's expressions `${{ … }}`, as far as the files and `--var` say what they are.

What is not known stays as it is written. Source:
https://docs.github.com/actions/reference/workflows-and-actions/expressions
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    Known = Mapping[str, str]

_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}", re.DOTALL)
_NAME = re.compile(r"(?:github\.event\.)?(env|inputs|matrix|secrets|vars)\.([\w-]+)", re.IGNORECASE)
_LITERAL = re.compile(r"'((?:[^']|'')*)'")
_SETTINGS = ("secrets", "vars", "inputs")


def resolve(text: str, known: Known) -> str:
    """Put in what is known; keys of *known* are names in small letters, such as `vars.role`."""

    def value(found: re.Match[str]) -> str:
        return _first(found[1].split("||"), known) or found[0]

    return _EXPRESSION.sub(value, text) if "${{" in text else text


def _first(operands: list[str], known: Known) -> str | None:
    """Return the first value of `a || b` that is not empty; None where one before is not known."""
    for operand in operands:
        value = _value(operand.strip(), known)
        if value is None or value:
            return value
    return None


def _value(operand: str, known: Known) -> str | None:
    literal, name = _LITERAL.fullmatch(operand), _NAME.fullmatch(operand)
    if literal:
        return literal[1].replace("''", "'")
    return known.get(f"{name[1]}.{name[2]}".lower()) if name else None


def is_open(text: str) -> bool:
    """Whether something in it is not known."""
    return "${{" in text


def open_settings(text: str) -> tuple[str, ...]:
    """Name the variables, secrets and inputs that it hangs on."""
    names = _NAME.findall(" ".join(_EXPRESSION.findall(text)))
    return tuple(dict.fromkeys(name for kind, name in names if kind.lower() in _SETTINGS))


def pattern_of(text: str) -> re.Pattern[str]:
    """Return what the text may become."""
    parts = _EXPRESSION.split(text)[::2]
    return re.compile(".*".join(map(re.escape, parts)), re.DOTALL)
