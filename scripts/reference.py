# ruff: noqa: INP001 - a script, in no package
"""
Write `docs/reference.md`: every construct with every keyword, from signatures and docstrings.

`make reference` runs it. Docstrings are Google's style: https://google.github.io/styleguide/pyguide.html
"""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import constructs_lib
from constructs_lib import DeployRoleBase, EcrRepoBase, OidcProviderBase, github

from constructs import Construct  # isort: skip - after the library, which starts Node

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import ModuleType

PAGE = Path(__file__).parent.parent / "docs" / "reference.md"
OURS = ("constructs_lib.", "deploy_access.")
# What the constructs call of each other; a program has no need of them.
INTERNAL = {
    "check_may_write",
    "check_totals",
    "destinations",
    "element",
    "made",
    "name_in",
    "note_attachment",
    "note_name",
    "puller_arns",
    "to_dict",
    "trust",
}
# Kinds of what the page describes, which a program does not make by their own name.
BASES = {DeployRoleBase, EcrRepoBase, OidcProviderBase, constructs_lib.AwsTarget}

HEAD = """\
# Reference

Every construct, value and function with every keyword, as `make reference` writes it from the code.
[The constructs](constructs.md) says what they are for. What has no default is required; a name with
`=` is passed as a keyword.

## On AWS

These are imported from `deploy_access.constructs`.
"""
GITHUB = """\
## On GitHub

These are imported from `constructs_lib.github`, with the extra `github`.
"""
# What the constructs take alike, where a docstring does not say more.
_ALIKE = {
    "scope": "Where it is in the tree.",
    "id": "Its name there; part of its address in Terraform's state.",
    "provider": "An aliased AWS provider.",
}
_SELF = {"self", "cls"}
_SECTION = re.compile(r"^(Args|Attributes|Raises|Returns|Yields):$", re.MULTILINE)
_ITEM = re.compile(r"^    (\S[^:\n]*): ", re.MULTILINE)


@dataclass(frozen=True)
class Doc:
    """
    A docstring, taken apart.

    Attributes:
        text: The docstring, without its indentation.
    """

    text: str

    @cached_property
    def _parts(self) -> list[str]:
        return _SECTION.split(self.text)

    @property
    def summary(self) -> str:
        """What stands before the first section."""
        return self._parts[0].strip()

    def section(self, name: str) -> dict[str, str]:
        """Return the items of a section, each in one line."""
        found = dict(zip(self._parts[1::2], self._parts[2::2], strict=True)).get(name, "")
        items = _ITEM.split(found)
        return {
            item: " ".join(text.split())
            for item, text in zip(items[1::2], items[2::2], strict=True)
        }


def public(module: ModuleType) -> Iterator[tuple[str, object]]:
    """List what a module publishes and a program calls, but for the provider's own classes."""
    for name in module.__all__:
        thing = getattr(module, name)
        # A constant such as `LIBRARY_TYPES` has no keywords.
        if callable(thing) and thing not in BASES and thing.__module__.startswith(OURS):
            yield name, thing


def calls(thing: object) -> Iterator[tuple[str, Callable[..., object]]]:
    """List the calls of a class that a program makes, or the function itself."""
    if not inspect.isclass(thing):
        assert callable(thing)
        yield thing.__name__, thing
        return
    for name, member in inspect.getmembers(thing, callable):
        if name.startswith("_") or name in INTERNAL or not _is_ours(thing, name):
            continue
        yield name, member
    if issubclass(thing, Construct) or not _has_named_constructors(thing):
        yield thing.__name__, thing.__init__


def _is_ours(thing: type, name: str) -> bool:
    """Whether a class of this repository defines the member, not jsii or Python."""
    owner = next(each for each in thing.__mro__ if name in vars(each))
    return owner.__module__.startswith(OURS)


def _has_named_constructors(thing: type) -> bool:
    """Whether a value is made by class methods, so that its fields are not what people write."""
    return any(isinstance(member, classmethod) for member in vars(thing).values())


def keywords(call: Callable[..., object]) -> list[str]:
    """List the keywords that a call takes."""
    parameters = inspect.signature(call).parameters.values()
    return [each.name for each in parameters if each.kind is each.KEYWORD_ONLY]


def render() -> str:
    """Return the page."""
    parts = [HEAD, *_things(constructs_lib), GITHUB, *_things(github)]
    return "\n".join(parts)


def _things(module: ModuleType) -> Iterator[str]:
    for name, thing in sorted(public(module)):
        yield from _thing(name, thing)


def _thing(name: str, thing: object) -> Iterator[str]:
    doc = Doc(inspect.getdoc(thing) or "")
    yield f"### `{name}`\n\n{doc.summary}\n"
    found = dict(calls(thing))
    own = found.pop(name, None)
    meanings = meanings_in(thing)
    # The call by its own name first: it is what most programs write.
    if own is not None:
        yield from _table(own, {**_ALIKE, **meanings})
    yield from _raises(doc)
    for call, function in sorted(found.items()):
        yield from _method(name, call, function, meanings)
    if inspect.isclass(thing) and issubclass(thing, Construct):
        yield from _attributes(thing)


def _method(
    owner: str, name: str, call: Callable[..., object], of_class: Mapping[str, str]
) -> Iterator[str]:
    doc = Doc(inspect.getdoc(call) or "")
    yield f"#### `{owner}.{name}`\n\n{doc.summary}\n"
    yield from _table(call, meanings_of(call, of_class))
    yield from _raises(doc)


def meanings_in(thing: object) -> dict[str, str]:
    """Return what the parameters of a class or a function mean."""
    texts = [thing, thing.__init__] if inspect.isclass(thing) else [thing]
    docs = [Doc(inspect.getdoc(text) or "") for text in texts]
    parts = [one.section(name) for one in docs for name in ("Attributes", "Args")]
    return {name: text for part in parts for name, text in part.items()}


def meanings_of(call: Callable[..., object], of_class: Mapping[str, str]) -> dict[str, str]:
    """
    Return what the parameters of a method mean.

    A keyword means what it means for the class, and so does a value; a plain text of that name,
    as the one of `branch(name)`, need not.
    """
    parameters = inspect.signature(call).parameters.values()
    alike = {
        one.name: of_class[one.name]
        for one in parameters
        if one.name in of_class and (one.kind is one.KEYWORD_ONLY or one.annotation != "str")
    }
    return {**_ALIKE, **alike, **Doc(inspect.getdoc(call) or "").section("Args")}


def _table(call: Callable[..., object], meanings: Mapping[str, str]) -> Iterator[str]:
    """Write the parameters of a call; where the text above says all, no row has a meaning."""
    parameters = [
        one for one in inspect.signature(call).parameters.values() if one.name not in _SELF
    ]
    if not parameters:
        return
    is_said = any(one.name in meanings for one in parameters)
    yield f"| parameter | takes | default |{' meaning |' * is_said}"
    yield f"| --- | --- | --- |{' --- |' * is_said}"
    for one in parameters:
        meaning = f" {_cell(meanings.get(one.name, ''))} |" if is_said else ""
        yield f"| `{_shown(one)}` | {_type(one)} | {_default(one)} |{meaning}"
    yield ""


def _shown(one: inspect.Parameter) -> str:
    stars = {one.VAR_POSITIONAL: "*", one.VAR_KEYWORD: "**"}.get(one.kind, "")
    equals = "=" if one.kind is one.KEYWORD_ONLY else ""
    return f"{stars}{one.name}{equals}"


def _type(one: inspect.Parameter) -> str:
    """Write the type in words of Markdown's tables, in which a `|` ends a cell."""
    if one.annotation is one.empty:
        return ""
    text = str(one.annotation)
    if one.default is None:
        text = text.removesuffix(" | None")
    return f"`{text.replace(' | ', ' or ')}`"


def _default(one: inspect.Parameter) -> str:
    if one.default is one.empty:
        return ""
    return "left out" if one.default is None else f"`{one.default!r}`"


def _raises(doc: Doc) -> Iterator[str]:
    for error, when in doc.section("Raises").items():
        yield f"Raises `{error}`: {when}\n"


def _attributes(thing: type) -> Iterator[str]:
    """Write what can be read of a construct."""
    rows = [
        f"| `.{name}` | {_cell(_first(member))} |"
        for name, member in inspect.getmembers(thing, lambda one: isinstance(one, property))
        if not name.startswith("_") and name not in INTERNAL and _is_ours(thing, name)
    ]
    if rows:
        yield from ("| attribute | what it is |", "| --- | --- |", *rows, "")


def _first(member: object) -> str:
    return " ".join(Doc(inspect.getdoc(member) or "").summary.split())


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(render(), "utf-8")
