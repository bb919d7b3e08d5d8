"""
The value of an argument in HCL, as Terraform's JSON would have it.

What is written out becomes a value. All else becomes `${expression}`, without its comments.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.terraform.hcl_cursor import Cursor
from deploy_access.terraform.hcl_literals import (
    CONSTANTS,
    heredoc_text,
    read_number,
    template_text,
)
from deploy_access.terraform.hcl_tokens import NESTED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.terraform.hcl_tokens import Token

_OPENING = {"(", "[", "{"}
_QUOTED = {"string", "heredoc"}


class HclValues(Cursor):
    """The values in the tokens of a file."""

    def value_of(self, start: int, end: int, *, are_names: bool = False, depth: int = 0) -> object:
        """
        Return the value that the tokens from *start* to *end* write.

        Args:
            start: The number of the first token.
            end: The number of the token after the last one.
            are_names: Whether it is a name or has names in it, which JSON has without `${}`.
            depth: In how many objects and lists it stands.

        Raises:
            NotUnderstoodError: An escape or a number is none of HCL's.
        """
        first = self.tokens[start]
        if end - start == 1 and first.kind in {"string", "heredoc", "number"}:
            return _literal(first)
        if end - start == 1 and first.text in CONSTANTS and not are_names:
            return CONSTANTS[first.text]
        if end - start == 2 and first.text == "-" and self.tokens[start + 1].kind == "number":  # noqa: PLR2004
            return -read_number(self.tokens[start + 1].text)
        is_whole = self.closing.get(start) == end - 1 and depth < NESTED
        if is_whole and first.text in {"[", "{"} and not self._is_for(start):
            return self._container(start, end, are_names, depth + 1)
        text = self._written(start, end)
        return text if are_names else f"${{{text}}}"

    def _container(self, start: int, end: int, are_names: bool, depth: int) -> object:
        parts = list(self._parts(start + 1, end - 1, ends_at_line=self.tokens[start].text == "{"))
        if self.tokens[start].text == "[":
            return [self.value_of(*part, are_names=are_names, depth=depth) for part in parts]
        found: dict[str, object] = {}
        for first, last in parts:
            sign = self._assigns(first, last)
            if sign in {first, last}:
                return f"${{{self._written(start, end)}}}"
            key = self._key(first, sign, are_names)
            at = self._skipped(sign + 1, last)
            found[key] = self.value_of(at, last, are_names=are_names, depth=depth)
        return found

    def _parts(self, start: int, end: int, *, ends_at_line: bool) -> Iterator[tuple[int, int]]:
        """List where each member of a list or an object begins and ends."""
        first = at = self._skipped(start, end)
        while at < end:
            token = self.tokens[at]
            is_end = token.text == "," if token.kind == "sign" else token.kind == "newline"
            if is_end and (token.text == "," or self._ends_here(at, end, ends_at_line)):
                if first < at:
                    yield first, at
                first = at = self._skipped(at + 1, end)
                continue
            at = self.closing.get(at, at) + 1
        last = end
        while last > first and self.tokens[last - 1].kind == "newline":
            last -= 1
        if first < last:
            yield first, last

    def _ends_here(self, at: int, end: int, ends_at_line: bool) -> bool:
        """Whether a new line ends a member: in an object, and in a list before its `,`."""
        following = self._skipped(at, end)
        if ends_at_line:
            # The value of a key may stand in the next line.
            return self.tokens[at - 1].text not in {"=", ":"}
        return following < end and self.tokens[following].text == ","

    def _skipped(self, at: int, end: int) -> int:
        while at < end and self.tokens[at].kind == "newline":
            at += 1
        return at

    def _assigns(self, start: int, end: int) -> int:
        """Return the number of the `=` or `:` that follows a key; *end* where there is none."""
        at = start
        while at < end and self.tokens[at].text not in {"=", ":"}:
            at = self.closing.get(at, at) + 1
        return min(at, end) if self._skipped(at + 1, end) < end else end

    def _key(self, start: int, end: int, are_names: bool) -> str:
        token = self.tokens[start]
        if end - start == 1 and token.kind == "string":
            return template_text(token.text[1:-1])
        is_plain = end - start == 1 and token.kind in {"name", "number"}
        text = self._written(start, end)
        return text if is_plain or are_names else f"${{{text}}}"

    def _is_for(self, start: int) -> bool:
        at = start + 1
        while self.tokens[at].kind == "newline":
            at += 1
        # An object may have a key of that name.
        return self.tokens[at].text == "for" and self.tokens[at + 1].text not in {"=", ":"}

    def _written(self, start: int, end: int) -> str:
        """Return the source of tokens without comments, one of which could hold a brace."""
        first, last = self.tokens[start], self.tokens[end - 1]
        text = self.source[first.start : last.end]
        if "#" not in text and "//" not in text and "/*" not in text:
            return text
        pieces: list[str] = []
        at = first.start
        for token in self.tokens[start:end]:
            gap = self.source[at : token.start]
            pieces += (gap if gap.isspace() or not gap else " ", token.text)
            at = token.end
        return "".join(pieces)


def _literal(token: Token) -> object:
    if token.kind == "string":
        return template_text(token.text[1:-1])
    return heredoc_text(token.text) if token.kind == "heredoc" else read_number(token.text)
