"""Text that is written as TOML is read as what was written."""

from __future__ import annotations

import tomllib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from deploy_access.adopt.toml_text import TomlText

TEXTS = st.text(st.characters(codec="utf-8"), max_size=60)
SCALARS = st.one_of(TEXTS, st.booleans(), st.integers(-(2**40), 2**40))
KEYS = TEXTS.filter(lambda key: "." not in key)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=6), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=12,
)


@given(KEYS, VALUES)
def test_a_value_comes_back(key: str, value: Any) -> None:
    """Any key and any value, in a table and short or long."""
    toml = TomlText()
    toml.table("services", key)
    toml.put(key, value)

    assert tomllib.loads(toml.text()) == {"services": {key: {key: value}}}


@given(TEXTS)
def test_a_comment_is_nothing_else(text: str) -> None:
    """No text ends its line and begins a key."""
    toml = TomlText()
    toml.comment(text)
    toml.put("key", 1)

    assert tomllib.loads(toml.text()) == {"key": 1}


def test_a_key_of_a_table_in_it() -> None:
    """A dot leads into a table, as in `accept`."""
    toml = TomlText()
    toml.put("accept.repo-wide", "so it was")

    assert tomllib.loads(toml.text()) == {"accept": {"repo-wide": "so it was"}}
