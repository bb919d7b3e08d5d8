"""Arguments, held against annotations as a type checker reads them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import pytest

from deploy_access.argument_types import check_arguments, check_fields
from deploy_access.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Word = Literal["one", "two"]
REFERENCE = -8.1e298


@dataclass(frozen=True, kw_only=True)
class Everything:
    """A field of each kind."""

    text: str = ""
    number: int = 0
    flag: bool = False
    word: Word = "one"
    texts: Sequence[str] = ()
    pair: tuple[str, ...] = ()
    table: Mapping[str, Sequence[int]] = field(default_factory=dict[str, "Sequence[int]"])
    maybe: str | None = None
    either: bool | Sequence[str] = False
    other: Everything | None = None

    def __post_init__(self) -> None:
        check_fields(self)


FITS: dict[str, list[Any]] = {
    "text": ["", "a", "${var.a}"],
    "number": [0, -1, REFERENCE],
    "flag": [True, False],
    "word": ["one", "two"],
    "texts": [[], ["a"], ("a", "b")],
    "pair": [(), ["a"]],
    "table": [{}, {"a": [1]}],
    "maybe": [None, "a"],
    "either": [True, ["a"]],
    "other": [None, Everything()],
}
REFUSED: dict[str, list[tuple[Any, str]]] = {
    "text": [(7, "`text` takes a text."), (None, "`text` takes a text.")],
    "number": [
        (True, "`number` takes a whole number."),
        (1.5, "`number` takes a whole number."),
        ("1", "`number` takes a whole number."),
    ],
    "flag": [(1, "`flag` takes `True` or `False`."), ("yes", "`flag` takes `True` or `False`.")],
    "word": [("three", "`word` takes 'one' or 'two'."), (["one"], "`word` takes 'one' or 'two'.")],
    "texts": [
        ("a", "`texts` is a list of texts."),
        ([7], "`texts` takes a list of texts."),
        ({"a"}, "`texts` takes a list of texts."),
        (b"a", "`texts` takes a list of texts."),
    ],
    "table": [
        ([], "`table` takes a table with a list of whole numbers."),
        ({"a": ["1"]}, "`table['a']` takes a list of whole numbers."),
        ({7: [1]}, "`key of table` takes a text."),
    ],
    "maybe": [(7, "`maybe` takes a text.")],
    "either": [(7, "`either` takes `True` or `False` or a list of texts.")],
    "other": [("a", "`other` takes `Everything`.")],
}


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, found in FITS.items() for v in found])
def test_what_fits(name: str, value: object) -> None:
    """What a type checker takes is taken, and a number that Terraform fills in later."""
    given: dict[str, Any] = {name: value}

    assert getattr(Everything(**given), name) == value


@pytest.mark.parametrize(
    ("name", "value", "what"), [(n, *one) for n, found in REFUSED.items() for one in found]
)
def test_what_does_not_fit(name: str, value: object, what: str) -> None:
    """It is refused with what is taken; `True` is no number, and a text is no list."""
    given: dict[str, Any] = {name: value}

    with pytest.raises(InvalidValue) as caught:
        Everything(**given)

    assert [problem.what for problem in caught.value.problems] == [what]


def test_arguments_of_every_sort() -> None:
    """Those in order, those by name and the rest are checked, and what was left out is not."""

    @check_arguments
    def called(first: str, *rest: str, last: int | None = None) -> object:
        return first, rest, last

    wrong: Any = 7
    with pytest.raises(InvalidValue) as caught:
        called(wrong, "a", wrong, last="b")  # pyright: ignore[reportArgumentType]

    assert [problem.what.split()[0] for problem in caught.value.problems] == [
        "`first`",
        "`last`",
        "`rest`",
    ]
    assert called("a", "b") == ("a", ("b",), None)


def test_a_misspelt_word() -> None:
    """The word that was meant is named."""
    wrong: Any = "tow"
    with pytest.raises(InvalidValue, match="Did you mean 'two'"):
        Everything(word=wrong)
