"""YAML as one writes it by hand: comments, empty lines between parts, nothing wrapped."""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

_GAP = "an empty line"
_WIDE = 1_000_000  # the library folds lines at a width; none is ever this long


@dataclass(frozen=True, slots=True, kw_only=True)
class YamlEntry:
    """
    A key and its value.

    Attributes:
        key: The key.
        value: The value.
        before: Comments on lines of their own, before it.
        after: A comment behind it.
        gap: Whether an empty line is before it.
    """

    key: str
    value: Yaml
    before: tuple[str, ...] = ()
    after: str = ""
    gap: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """
    A list.

    Attributes:
        items: What is in it.
        apart: Whether empty lines are between them.
    """

    items: tuple[Yaml, ...]
    apart: bool = False


class Script(str):
    """A text of several lines, which keeps them."""

    __slots__ = ()


Yaml: TypeAlias = "str | float | bool | Items | tuple[YamlEntry, ...] | None"


def entry(key: str, value: Yaml, *before: str, after: str = "", gap: bool = False) -> YamlEntry:
    """Make an entry; *before* are comments before it."""
    return YamlEntry(key=key, value=value, before=before, after=after, gap=gap)


def render_yaml(entries: Sequence[YamlEntry], *, head: Sequence[str] = ()) -> str:
    """Write a document; *head* are comments at its top."""
    from ruamel.yaml import YAML  # noqa: PLC0415 - takes its time, and only this command needs it

    yaml: Any = YAML()
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.width = _WIDE
    stream = StringIO()
    yaml.dump(_mapping(tuple(entries), 0), stream)
    body = re.sub(rf"^ *# {_GAP}$", "", stream.getvalue(), flags=re.MULTILINE)
    return "".join(f"# {line}".rstrip() + "\n" for line in head) + body


def _mapping(entries: tuple[YamlEntry, ...], indent: int) -> Any:
    from ruamel.yaml.comments import CommentedMap  # noqa: PLC0415

    found: Any = CommentedMap()
    for one in entries:
        found[one.key] = _plain(one.value, indent)
        if one.after:
            found.yaml_add_eol_comment(one.after, one.key)
        before = [*([_GAP] if one.gap else []), *one.before]
        if before:
            found.yaml_set_comment_before_after_key(one.key, "\n".join(before), indent=indent)
    return found


def _items(items: Items, indent: int) -> Any:
    from ruamel.yaml.comments import CommentedSeq  # noqa: PLC0415

    found: Any = CommentedSeq(_plain(item, indent + 2) for item in items.items)
    for index in range(1, len(items.items)):
        if items.apart:
            found.yaml_set_comment_before_after_key(index, _GAP, indent=indent + 2)
    return found


def _plain(value: Yaml, indent: int) -> Any:
    """Make what the library writes, inside of something that is indented by *indent*."""
    if isinstance(value, Items):
        return _items(value, indent)
    if isinstance(value, tuple):
        return _mapping(value, indent + 2)
    if isinstance(value, Script):
        from ruamel.yaml.scalarstring import LiteralScalarString  # noqa: PLC0415

        return LiteralScalarString(value)
    return value
