"""Types of the names in `environments.toml` that refer to a table elsewhere in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, cast

from pydantic import AfterValidator, ValidationInfo

from deploy_access.errors import InvalidValue, Problem, suggest_name
from deploy_access.iam.limits import check_account, is_reference

from .file_words import first_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class MissingTable(InvalidValue):
    """
    A name that refers to a table which is not there.

    Attributes:
        table: The path of the table.
    """

    def __init__(self, kind: str, name: str, known: Sequence[str]) -> None:
        """
        Describe one reference.

        Args:
            kind: The table of all tables of this kind: `accounts`, `environments` or `states`.
            name: The name that is not in it.
            known: The names that are.
        """
        self.table = (kind, name)
        self._fix = suggest_name(name, known)
        super().__init__(
            Problem(
                what=f"`[{kind}]` has no table of this name.",
                given=name,
                why="What is meant would be a guess.",
                fix=self._fix,
            )
        )

    def named_by(self, entries: Sequence[str]) -> Problem:
        """Return the one problem of several *entries* that refer to the table."""
        return Problem(
            what="The table is missing, and several entries name it.",
            given=first_of(entries),
            why="What is meant would be a guess.",
            fix=self._fix,
        )


def tables_in(raw: Mapping[str, object]) -> dict[str, list[str]]:
    """
    Return the names that may be referred to, for pydantic's validation context.

    Read from the raw file, so that a mistake inside an account does not make it unknown.
    """
    return {kind: _keys(raw.get(kind)) for kind in ("accounts", "environments", "states")}


def _keys(table: object) -> list[str]:
    return list(cast("dict[str, object]", table)) if isinstance(table, dict) else []


def _known(kind: str) -> AfterValidator:
    def check(name: str, info: ValidationInfo) -> str:
        _check(kind, name, info)
        return name

    return AfterValidator(check)


def _account_or_id(name: str, info: ValidationInfo) -> str:
    # For `check_account` an expression of Terraform may be any account.
    if is_reference(name) or any(check_account(name)):
        _check("accounts", name, info)
    return name


def _check(kind: str, name: str, info: ValidationInfo) -> None:
    tables = cast("Mapping[str, list[str]]", info.context or {})
    known = tables.get(kind, [])
    if name not in known:
        raise MissingTable(kind, name, known)


AccountName = Annotated[str, _known("accounts")]
AccountNameOrId = Annotated[str, AfterValidator(_account_or_id)]
EnvironmentName = Annotated[str, _known("environments")]
StateName = Annotated[str, _known("states")]
