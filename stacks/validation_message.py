"""Messages for pydantic's errors, in four parts: what, what was given, why, what to do."""

from __future__ import annotations

import re
import reprlib
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue, suggest_name

from .error_location import dotted, find_location
from .file_words import in_keys
from .subject_entry import entry_of_text, key_of_ref
from .table_reference import MissingTable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pydantic import BaseModel, ValidationError
    from pydantic_core import ErrorDetails

    from .error_location import ErrorLocation, Path

# By pydantic's type of the error: https://docs.pydantic.dev/latest/errors/validation_errors/.
_KINDS = {
    "string_type": ("text in quotes", '"text"'),
    "int_type": ("a whole number", "42"),
    "bool_type": ("`true` or `false`, without quotes", "true"),
    "tuple_type": ("a list", '["one", "two"]'),
    "dict_type": ("a table", "{ key = ... }"),
    "model_type": ("a table", "{ key = ... }"),
}


def describe(error: ValidationError, root: type[BaseModel]) -> Iterator[str]:
    """
    Return one line for each mistake; each begins with the entry it is about.

    A missing table that several entries name is one mistake, at the place of the table.
    """
    found = [(place_of(each, root), each) for each in error.errors(include_url=False)]
    naming: dict[Path, list[str]] = {}
    for place, each in found:
        if missing := _missing_table(each):
            naming.setdefault(missing.table, []).append(place.entry)
    for place, each in found:
        missing = _missing_table(each)
        entries = naming[missing.table] if missing else []
        if missing is None or len(entries) == 1:
            yield from (f"{place.entry}: {words}" for words in _describe(each, place))
        elif place.entry == entries[0]:
            yield f"{dotted(missing.table)}: {missing.named_by(entries)}"


def _missing_table(found: ErrorDetails) -> MissingTable | None:
    error = found.get("ctx", {}).get("error")
    return error if isinstance(error, MissingTable) else None


def place_of(found: ErrorDetails, root: type[BaseModel]) -> ErrorLocation:
    """Return the place in the file of one of pydantic's errors."""
    # pydantic places an error about `type` at its table; the key is meant.
    tag = ("type",) if found["type"].startswith("union_tag") else ()
    return find_location(root, (*found["loc"], *tag))


def _describe(found: ErrorDetails, place: ErrorLocation) -> list[str]:
    refused = found.get("ctx", {}).get("error")
    if isinstance(refused, InvalidValue):
        return [str(in_keys(problem)) for problem in refused.problems]
    kind = found["type"]
    if kind in _KINDS:
        return [_wrong_kind(found, *_KINDS[kind])]
    return [_WORDS.get(kind, _unforeseen)(found, place)]


def _missing(_: ErrorDetails, place: ErrorLocation) -> str:
    why = (place.field.description if place.field else None) or "Nothing can stand in for it."
    return f"The key is missing. {why} Add it, for example {_example(place)}."


def _example(place: ErrorLocation) -> str:
    examples = place.field.examples if place.field else None
    value = examples[0] if examples else "..."
    return f"`{place.key} = {_toml(value)}`"


def _toml(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


def _unknown_key(found: ErrorDetails, place: ErrorLocation) -> str:
    # Only an entry of `subjects` has branches.
    is_ref = place.key == "ref" and "branch" in place.known
    hint = key_of_ref(str(found["input"])) if is_ref else suggest_name(place.key, place.known)
    return (
        f"There is no such key. Got {_given(found)}. What nobody reads would look as if it "
        f"worked. {hint}"
    )


def _wrong_kind(found: ErrorDetails, expected: str, example: str) -> str:
    given = found["input"]
    if found["type"] == "model_type" and isinstance(given, str):
        # A text in a list of tables is mostly a `sub`, as other tools take it.
        example = entry_of_text(given) or example
    return (
        f"This takes {expected}. Got {_given(found)}. What was meant instead would be a guess. "
        f"Write it like `{example}`."
    )


def _not_a_choice(found: ErrorDetails, place: ErrorLocation) -> str:
    return _choice(place.key, found["input"], found.get("ctx", {}).get("expected", ""))


def _not_a_type(found: ErrorDetails, _: ErrorLocation) -> str:
    context = found.get("ctx", {})
    return _choice("type", context["tag"], context["expected_tags"])


def _choice(key: str, given: object, expected: str) -> str:
    """Return the message for a wrong choice; pydantic has the choices only as `'a' or 'b'`."""
    names = re.findall(r"'([^']+)'", expected)
    wanted = " or ".join(f"`{choice}`" for choice in names or [expected.lower()])
    is_name = bool(names) and isinstance(given, str)
    hint = suggest_name(str(given), names) if is_name else f"Write {wanted}."
    return f"`{key}` is {wanted}. Got {given!r}. Nothing else has a meaning here. {hint}"


def _no_type(_: ErrorDetails, __: ErrorLocation) -> str:
    return (
        "The key `type` is missing. It says where Terraform keeps its state. "
        'Add `type = "s3"` or `type = "local"`.'
    )


def _too_small(found: ErrorDetails, _: ErrorLocation) -> str:
    return (
        f"This is GitHub's number, 1 or more. Got {_given(found)}. It becomes part of `sub`, so a "
        "wrong one never matches. Read it with `gh api repos/OWNER/NAME --jq '.owner.id, .id'`."
    )


def _unforeseen(found: ErrorDetails, _: ErrorLocation) -> str:
    return f"{found['msg']}. Got {_given(found)}."


def _given(found: ErrorDetails) -> str:
    return reprlib.repr(found["input"])


_WORDS: dict[str, Callable[[ErrorDetails, ErrorLocation], str]] = {
    "missing": _missing,
    "extra_forbidden": _unknown_key,
    "literal_error": _not_a_choice,
    "union_tag_invalid": _not_a_type,
    "union_tag_not_found": _no_type,
    "greater_than_equal": _too_small,
}
