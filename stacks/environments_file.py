"""The file `environments.toml`, read and checked."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidEnvironments

from .error_collector import ErrorCollector
from .estate_resolver import resolve_estate
from .made_names import CHECKED
from .sound_tables import SoundTables, read_tables

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from .estate_plan import EstatePlan

SCHEMA = 1
"""The version of the file that this release reads."""


def load_estate(path: Path) -> EstatePlan:
    """
    Return the plan of the estate: the file with every default and override applied.

    Raises:
        InvalidEnvironments: It is missing, is no TOML, or holds mistakes: all of them.
    """
    raw = _read(path)
    _check_schema(path, raw)
    # Only the name: the full path differs between machines, and messages should not.
    tables = read_tables(raw)
    if not isinstance(tables, SoundTables):
        raise InvalidEnvironments(path.name, tables)
    errors = ErrorCollector(tables.lines, tables.broken, checked=CHECKED)
    estate = resolve_estate(tables.model, path.name, errors)
    if errors.lines:
        # With the constructs comes cdktf, which takes a second, and most files are right.
        from .stack_builder import add_refused  # noqa: PLC0415

        add_refused(estate, errors)
    errors.refuse(path.name)
    return estate


def _read(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        reason = (error.strerror or str(error)).rstrip(".")
        problem = f"It cannot be read: {reason}. Every stack is described in it. Create {path}."
    except UnicodeDecodeError as error:
        where = f"{error.reason} at byte {error.start}"
        problem = f"It is not UTF-8, as TOML has to be: {where}. Save it as UTF-8."
    except tomllib.TOMLDecodeError as error:
        problem = f"It is not TOML: {error}. Nothing in it can be read until that is corrected."
    raise InvalidEnvironments(path.name, [problem])


def _check_schema(path: Path, raw: Mapping[str, object]) -> None:
    """Refuse a file of a later schema first: its other differences are no mistakes."""
    given = raw.get("schema")
    if isinstance(given, int) and given > SCHEMA:
        problem = (
            f"schema: The file is written for a later release. Got {given!r}. This release reads "
            f"schema {SCHEMA} and would misread what came after it. Update it: `pip install "
            "--upgrade deploy-access`, or in a clone `git pull` and `make setup`."
        )
        raise InvalidEnvironments(path.name, [problem])
