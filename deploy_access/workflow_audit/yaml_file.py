"""
YAML as GitHub reads it: every scalar is a text, every value has its line.

`on` stays a word, as it is not where YAML 1.1 decides. A value that has several names by anchors is
one object here too, so that nothing grows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from deploy_access.errors import InvalidValue, Problem
from deploy_access.input_file import shown_name

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST = 256 * 1024
"""The bytes of a file: far more than any workflow has, and a second or two to read."""
_DEEPEST = 30


@dataclass(frozen=True, slots=True)
class YamlNode:
    """
    A value.

    Attributes:
        line: Its line, from 1: that of its key where it has one; 0 where it is not there.
        text: The text of a scalar; empty for any other value.
        items: The values of a list.
        entries: The values of a mapping by their keys.
    """

    line: int = 0
    text: str = ""
    items: tuple[YamlNode, ...] = ()
    entries: Mapping[str, YamlNode] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def is_there(self) -> bool:
        """Whether the file has it."""
        return self.line > 0

    def get(self, *keys: str) -> YamlNode:
        """Return what stands under the keys, one in the other; one that is not there otherwise."""
        found = self
        for key in keys:
            found = found.entries.get(key, _MISSING)
        return found

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts of a list, or the one text."""
        return tuple(item.text for item in self.items) if self.items else (self.text,) * self.is_one

    @property
    def is_one(self) -> bool:
        """Whether it is a scalar that says something."""
        return bool(self.text)


_MISSING = YamlNode()


def parse_yaml(raw: bytes, name: str) -> YamlNode:
    """
    Parse a file.

    Raises:
        InvalidValue: It is no YAML, has more than one document, or is too long or too deep.
    """
    from ruamel.yaml import YAML  # noqa: PLC0415 - takes its time, and only workflows need it
    from ruamel.yaml.error import YAMLError  # noqa: PLC0415

    if len(raw) > LONGEST:
        raise InvalidValue(_refused(name, f"It has {len(raw)} bytes, and {LONGEST} are read."))
    yaml: Any = YAML(typ="safe", pure=True)
    try:
        root = yaml.compose(raw.decode())
        found = _Reading().read(root, 0) if root else _MISSING
    except UnicodeDecodeError as error:
        raise InvalidValue(_refused(name, "It is not in UTF-8.")) from error
    except RecursionError as error:
        raise InvalidValue(_refused(name, "Its values lie too deep in each other.")) from error
    except (YAMLError, ValueError) as error:
        raise InvalidValue(_refused(name, _reason(error))) from error
    if not found.entries:
        raise InvalidValue(_refused(name, "At its top is no mapping."))
    return found


class _Reading:
    """One document; a value that is named again is read once."""

    def __init__(self) -> None:
        self._known: dict[int, YamlNode] = {}

    def read(self, node: Any, line: int, depth: int = 0) -> YamlNode:
        line = line or node.start_mark.line + 1
        if isinstance(node.value, str):
            return YamlNode(line, node.value if not node.tag.endswith(":null") else "")
        if id(node) not in self._known:
            if depth > _DEEPEST:
                raise RecursionError
            self._known[id(node)] = self._collection(node, line, depth + 1)
        return self._known[id(node)]

    def _collection(self, node: Any, line: int, depth: int) -> YamlNode:
        # A value that holds itself comes here again and again, and ends as too deep.
        if node.value and isinstance(node.value[0], tuple):
            entries = {
                key.value: self.read(value, key.start_mark.line + 1, depth)
                for key, value in node.value
                if isinstance(key.value, str)
            }
            return YamlNode(line, entries=entries)
        return YamlNode(line, items=tuple(self.read(item, 0, depth) for item in node.value))


def _reason(error: Exception) -> str:
    """Return what the parser says, with the line, in one sentence."""
    said = getattr(error, "problem", None) or str(error).partition("\n")[0]
    mark = getattr(error, "problem_mark", None)
    at = f"Line {mark.line + 1}: " if mark else ""
    return f"{at}{said.strip()}."


def _refused(name: str, why: str) -> Problem:
    return Problem(
        what="The file is no workflow.",
        given=shown_name(name),
        why=why,
        fix="GitHub would not run it either: mend it, or name other files.",
    )
