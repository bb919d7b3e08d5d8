"""The options of `deploy-access workflow`, made from the table of settings."""

from __future__ import annotations

import re
from functools import partial
from shlex import quote
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from deploy_access.workflow.settings import OPTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from deploy_access.workflow.settings import Setting

_Command = TypeVar("_Command", bound="Callable[..., Any] | click.Command")


def setting_options(command: _Command) -> _Command:
    """Give a command an option for each setting, in the order of the table."""
    for setting in reversed([*OPTIONS.values()]):
        command = click.option(setting.option or "", setting.key, **_arguments(setting))(command)
    return command


def _arguments(setting: Setting) -> dict[str, Any]:
    found: dict[str, Any] = {"help": setting.help, "metavar": setting.metavar}
    if setting.kind == "flag":
        found["is_flag"] = True
    elif setting.kind in {"number", "port"}:
        found["type"] = click.IntRange(*setting.bounds)
    elif setting.kind == "choice":
        found["type"] = click.Choice(setting.choices)
    else:
        found["multiple"] = setting.kind in {"runner", "texts"} or setting.by_service
    if setting.by_service:
        found["callback"] = _parse_named
    elif setting.why_not is not None:
        found["callback"] = partial(_check_values, setting.why_not)
    return found


def _parse_named(
    _: click.Context, __: click.Parameter, value: tuple[str, ...]
) -> Mapping[str, str]:
    """Read `[NAME=]VALUE`; a name is that of a service or a family, so it holds no space."""
    found: dict[str, str] = {}
    for text in value:
        name, equals, rest = text.partition("=")
        named = bool(equals) and re.fullmatch(r"[\w-]+", name) is not None
        found[name if named else ""] = rest if named else text
    return found


def _check_values(
    why_not: Callable[[str], str | None], _: click.Context, __: click.Parameter, value: object
) -> object:
    wrong = [why for one in _values(value) if one is not None and (why := why_not(str(one)))]
    if wrong:
        raise click.BadParameter("\n".join(wrong))
    return value


def write_command(values: Mapping[str, object]) -> str:
    """Write the command with the options that decide what the files say, by their keys."""
    words = ["deploy-access", "workflow"]
    for key, setting in OPTIONS.items():
        if values.get(key):
            words += _words(setting.option or "", values[key])
    return " ".join(words)


def _words(name: str, value: object) -> list[str]:
    """Write an option as it was given; a mapping has what stood before and behind the `=`."""
    if value is True:
        return [name]
    if isinstance(value, dict):
        named = cast("dict[str, str]", value).items()
        given = [f"{key}={text}" if key else text for key, text in named]
    else:
        given = [str(one) for one in _values(value)]
    return [word for text in given for word in (name, quote(text))]


def _values(value: object) -> tuple[object, ...]:
    """Return the values of an option that may be given several times, or the one value."""
    return cast("tuple[object, ...]", value) if isinstance(value, tuple) else (value,)
