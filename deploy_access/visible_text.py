r"""
Texts in which every character is seen: one that draws nothing, or moves others, is an escape.

Three kinds are escaped. What Unicode counts as not printable, which Python knows: controls, formats
(`Cf`, such as U+202E), halves of surrogate pairs, and every space but the space. What a renderer
may leave out, `Default_Ignorable_Code_Point`, which Python does not know, so here is its table.
And U+2800, a Braille cell without a dot.

The attack that this prevents: https://trojansource.codes
Source of the table, Unicode 16.0:
https://www.unicode.org/Public/16.0.0/ucd/DerivedCoreProperties.txt
"""

from __future__ import annotations

import re

DEFAULT_IGNORABLE = (
    (0x00AD, 0x00AD),
    (0x034F, 0x034F),
    (0x061C, 0x061C),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFF8),
    (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),
)
"""The first and the last character of each range with `Default_Ignorable_Code_Point`."""
_EMPTY_BRAILLE = 0x2800
_DRAWS_NOTHING = re.compile(
    "[{}]".format(
        "".join(
            f"{chr(first)}-{chr(last)}"
            for first, last in (*DEFAULT_IGNORABLE, (_EMPTY_BRAILLE, _EMPTY_BRAILLE))
        )
    )
)
# Above it are the characters that an escape writes as `\U` with eight digits.
_BASIC = 0xFFFF


def is_visible(text: str) -> bool:
    """Whether *text* is one line in which every character is seen."""
    return text.isprintable() and (text.isascii() or not _DRAWS_NOTHING.search(text))


def escaped(text: str) -> str:
    r"""Return *text* on one line, with each character that is not seen written as `\u202e`."""
    return text if is_visible(text) else "".join(map(_shown, text))


def escaped_lines(text: str) -> str:
    """Return *text* with its lines, each of them escaped."""
    return "\n".join(map(escaped, text.split("\n")))


def _shown(char: str) -> str:
    if is_visible(char):
        return char
    code = ord(char)
    return f"\\u{code:04x}" if code <= _BASIC else f"\\U{code:08x}"
