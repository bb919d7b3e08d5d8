"""Types of the texts in `environments.toml`: keys, plain text, and names with placeholders."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Annotated, TypeVar, cast

from pydantic import AfterValidator, BeforeValidator, SkipValidation, Strict

from deploy_access.acceptance import Acceptance, read_acceptances
from deploy_access.audit.finding import check_accept
from deploy_access.errors import Problem, reject, suggest_name
from deploy_access.github.issuer import Issuer
from deploy_access.iam.limits import check_account, check_policy_arn, check_region
from deploy_access.iam.managed_policy_names import check_managed_policy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

T = TypeVar("T")

PLACEHOLDERS = ("environment", "service")

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
# With the sign before it: `${service}` would be an expression of Terraform.
_PLACEHOLDER = re.compile(r"([$%]?)\{([^{}]*)\}")


def checked(check: Callable[[T], Iterable[Problem]]) -> AfterValidator:
    """Return a validator with which pydantic runs one of our own checks on a text or number."""

    def run(value: T) -> T:
        reject(check(value))
        return value

    return AfterValidator(run)


def fill(name: str, *, service: str, environment: str | None = None) -> str:
    """Return *name* with its placeholders filled; `{environment}` stays when there is none."""
    found = name.replace("{service}", service)
    return found if environment is None else found.replace("{environment}", environment)


def _check_key(key: str) -> Iterator[Problem]:
    if not _KEY.fullmatch(key):
        yield Problem(
            what="This key becomes part of stack, role and file names.",
            given=key,
            why="Terraform and IAM refuse many other characters there.",
            fix="Use letters, digits, `-` and `_`, and begin with a letter or digit.",
        )


def _check_text(text: str) -> Iterator[Problem]:
    if not text.strip():
        yield Problem(
            what="The text is empty.",
            given=text,
            why="Nothing on AWS or GitHub has an empty name.",
            fix="Write the value, or remove the key.",
        )
    else:
        yield from check_plain(text)


def check_plain(text: str) -> Iterator[Problem]:
    """Check that a text, which may be empty, holds no expression of Terraform."""
    if "${" in text or "%{" in text:
        yield Problem(
            what="This takes plain text.",
            given=text,
            why="Terraform would read `${` and `%{` as an expression.",
            fix="Write the value itself.",
        )


def _check_name(name: str) -> Iterator[Problem]:
    for sign, word in _PLACEHOLDER.findall(name):
        if sign:
            yield _not_a_placeholder(name, f"Write `{{{word}}}` without the `{sign}`.")
        elif word not in PLACEHOLDERS:
            yield _not_a_placeholder(name, suggest_name(word, PLACEHOLDERS))
    if set("{}") & set(_PLACEHOLDER.sub("", name)):
        yield _not_a_placeholder(name, "Close every brace, or remove it.")
    if not name.strip():
        yield from _check_text(name)


def _not_a_placeholder(name: str, fix: str) -> Problem:
    return Problem(
        what="A name holds `{service}` and `{environment}` in braces, and nothing else.",
        given=name,
        why="Left as it is, the braces would end up in the name on AWS.",
        fix=fix,
    )


def _refuse_numbers(value: object) -> object:
    if isinstance(value, int):
        reject([_number(value)])
    return value


def _read_accept(given: object) -> object:
    """Read a table of acceptances; what is no table is for pydantic to refuse."""
    return read_acceptances(cast("dict[str, object]", given)) if isinstance(given, dict) else given


def _number(value: int) -> Problem:
    return Problem(
        what="An account id is text.",
        given=value,
        why="A number would lose its leading zeros.",
        fix=f'Write "{value:012d}", in quotes.',
    )


# TOML has lists only; a tuple cannot change later.
Tuple = Strict(strict=False)

Key = Annotated[str, checked(_check_key)]
Text = Annotated[str, checked(_check_text)]
Texts = Annotated[tuple[Text, ...], Tuple]
Name = Annotated[str, checked(_check_name)]
Names = Annotated[tuple[Name, ...], Tuple]
# `check_plain` first: for constructs an expression is a reference, of which nothing is checked.
AccountId = Annotated[
    str, BeforeValidator(_refuse_numbers), checked(check_plain), checked(check_account)
]
IssuerUrl = Annotated[str, AfterValidator(lambda url: Issuer(url).url)]
Region = Annotated[str, checked(check_plain), checked(check_region)]
BoundaryArn = Annotated[Text, checked(partial(check_policy_arn, "permissions_boundary"))]
PolicyArn = Annotated[Text, checked(check_managed_policy)]
PolicyArns = Annotated[tuple[PolicyArn, ...], Tuple]
# Its own reader says what is wrong; pydantic would try each type of the union and name them all.
Accept = Annotated[
    dict[str, SkipValidation[str | Acceptance]],
    BeforeValidator(_read_accept),
    checked(check_accept),
]
