"""
YAML as CloudFormation reads it, with the short forms of its functions.

The lines are kept, and the keys that stand twice.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, cast

if TYPE_CHECKING:
    from collections.abc import Hashable

# CloudFormation takes no longer template, and each line of it costs more than one of JSON.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
LONGEST = 1_048_576
# An alias stands for its anchor again, so that a page may have more values than memory holds.
_MOST, _DEEPEST = 200_000, 100
_TAG = "tag:yaml.org,2002:"
_BARE = {"Condition", "Ref"}
"""The functions whose long forms do not begin with `Fn::`."""


class YamlError(ValueError):
    """
    A text that is no YAML.

    Attributes:
        line: Where, from 1.
        why: Why, as a sentence.
    """

    def __init__(self, line: int, why: str) -> None:
        super().__init__(why)
        self.line, self.why = line, why


class YamlText(NamedTuple):
    """
    What a text says.

    Attributes:
        content: Its value; of equal keys the last one counts.
        repeated: The path of each key that stands twice in one object.
        lines: The line of each key, by its path: `Resources.Deploy.Properties`.
    """

    content: object
    repeated: tuple[str, ...]
    lines: dict[str, int]


def parse_yaml(text: str) -> YamlText:
    """
    Read YAML.

    Raises:
        YamlError: It is none, or is nested too deep or too large.
    """
    from ruamel.yaml import YAML  # noqa: PLC0415 - takes its time, and only a template needs it
    from ruamel.yaml.error import MarkedYAMLError, YAMLError  # noqa: PLC0415

    if len(text) > LONGEST:
        raise YamlError(1, "CloudFormation takes no template of more than 1 MiB.")
    yaml: Any = YAML(typ="safe", pure=True)
    try:
        node = yaml.compose(text)
        return _YamlReader().read(node)
    except MarkedYAMLError as error:
        marked: Any = error
        mark = marked.problem_mark or marked.context_mark
        why = f"There is a mistake: {marked.problem or marked.context}."
        raise YamlError(mark.line + 1 if mark else 1, why) from error
    except (YAMLError, ValueError) as error:
        if isinstance(error, YamlError):
            raise
        raise YamlError(1, f"There is a mistake: {str(error).splitlines()[0]}.") from error
    except RecursionError:
        raise YamlError(1, f"It has more than {_DEEPEST} levels.") from None


class _YamlReader:
    """Makes values of the nodes of a text."""

    def __init__(self) -> None:
        self.repeated: list[str] = []
        self.lines: dict[str, int] = {}
        self._made = 0

    def read(self, node: Any) -> YamlText:
        """Return what the text says; nothing for an empty one."""
        content = None if node is None else self._value(node, ())
        return YamlText(content, tuple(self.repeated), self.lines)

    def _value(self, node: Any, path: tuple[str, ...]) -> object:
        self._made += 1
        line = node.start_mark.line + 1
        if len(path) > _DEEPEST:
            raise YamlError(line, f"It has more than {_DEEPEST} levels.")
        if self._made > _MOST:
            raise YamlError(line, f"It has more than {_MOST} values.")
        tag = str(node.tag or "")
        if tag.startswith("!") and tag != "!":
            return self._function(tag[1:], node, path)
        return self._plain(node, path)

    def _plain(self, node: Any, path: tuple[str, ...]) -> object:
        if node.id == "mapping":
            return self._mapping(node, path)
        if node.id == "sequence":
            return [self._value(one, (*path, str(at))) for at, one in enumerate(node.value)]
        return _scalar(node)

    def _function(self, name: str, node: Any, path: tuple[str, ...]) -> object:
        """Return the long form of `!Name value`."""
        value = self._plain(node, path) if node.id != "scalar" else str(node.value)
        if name == "GetAtt" and isinstance(value, str):
            value = list(value.partition(".")[::2])
        return {name if name in _BARE else f"Fn::{name}": value}

    def _mapping(self, node: Any, path: tuple[str, ...]) -> dict[str, object]:
        found: dict[str, object] = {}
        merged: dict[str, object] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value) if key_node.id == "scalar" else "?"
            inner = (*path, key)
            value = self._value(value_node, inner)
            if key_node.tag == f"{_TAG}merge":
                merged |= _merged(value)
                continue
            place = ".".join(inner)
            if key in found:
                self.repeated.append(place)
            self.lines[place] = key_node.start_mark.line + 1
            found[key] = value
        return merged | found


def _merged(value: object) -> dict[str, object]:
    """Return what `<<` adds: an object, or several of which the first ones count."""
    found: dict[str, object] = {}
    for one in reversed(cast("list[object]", value) if isinstance(value, list) else [value]):
        found |= cast("dict[str, object]", one) if isinstance(one, dict) else {}
    return found


def _scalar(node: Any) -> str | int | bool | None:
    """Return a value as CloudFormation takes it, to which a date is a text."""
    text, tag = str(node.value), cast("Hashable", node.tag)
    if tag == f"{_TAG}null":
        return None
    if tag == f"{_TAG}bool":
        return text.lower() in {"true", "yes", "on"}
    is_number = tag == f"{_TAG}int" and text.isascii() and text.isdecimal() and len(text) < 19  # noqa: PLR2004
    # An account that begins with a zero keeps it.
    return int(text) if is_number and str(int(text)) == text else text
