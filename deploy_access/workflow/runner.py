"""The machine that a job runs on: by labels, by a group, or by both."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

from deploy_access.errors import Problem, did_you_mean
from deploy_access.visible_text import is_visible
from deploy_access.workflow.step_value import safe

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Architecture = Literal["arm", "intel"]

_KEYS = ("group", "labels")
_ARM = re.compile(r"(?<![a-z])(arm(64|v\d)?(?![a-z])|aarch64|graviton)", re.IGNORECASE)
_GROUP = "group="
# Named releases: `ubuntu-latest` would change what a committed workflow does.
# https://docs.github.com/actions/reference/runners/github-hosted-runners
_HOSTED: Mapping[Architecture, tuple[str, ...]] = {
    "intel": ("ubuntu-24.04",),
    "arm": ("ubuntu-24.04-arm",),
}
# GitHub Enterprise Server has no machines of its own: these are the labels that a runner has by
# default. https://docs.github.com/actions/reference/runners/self-hosted-runners#labels
_OWN: Mapping[Architecture, tuple[str, ...]] = {
    "intel": ("self-hosted", "linux", "x64"),
    "arm": ("self-hosted", "linux", "ARM64"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Runner:
    """
    What `runs-on` says.

    Attributes:
        labels: The labels that the machine has, all of them.
        group: The group that it is of; nothing for any.
    """

    labels: tuple[str, ...] = ()
    group: str = ""

    @property
    def architecture(self) -> Architecture:
        """What it is, as far as its names say so."""
        return "arm" if _ARM.search(str(self)) else "intel"

    def __str__(self) -> str:
        return " ".join([*self.labels, self.group])


def default_runner(architecture: Architecture, *, on_server: bool) -> Runner:
    """Return the runner where nothing says one: GitHub's own, or any self-hosted one."""
    return Runner(labels=(_OWN if on_server else _HOSTED)[architecture])


def read_runner(value: object) -> Runner | None:
    """Read a label, a list of labels or a table; None where nothing is said."""
    if isinstance(value, Mapping):
        table = cast("Mapping[str, object]", value)
        labels, group = _texts(table.get("labels")), _texts(table.get("group"))
    else:
        found = _texts(value)
        labels = [one for one in found if not one.startswith(_GROUP)]
        group = [one.removeprefix(_GROUP) for one in found if one.startswith(_GROUP)]
    if not labels and not group:
        return None
    return Runner(labels=tuple(map(safe, labels)), group=safe("".join(group[:1])))


def why_no_runner(text: str) -> str | None:
    """Say what is wrong with a value of the option; None when it names a runner."""
    if text.removeprefix(_GROUP).strip() and not text.startswith("${{"):
        return None
    return "Name a label, or a group as `group=NAME`."


def check_runner(where: str, value: object) -> Iterator[Problem]:
    """Find what is wrong with a runner of the stacks."""
    table = _table(value)
    for key in table:
        if key not in _KEYS:
            yield _no_key(where, key)
    is_one_group = isinstance(table.get("group", ""), str)
    if not table or not is_one_group or not all(_is_named(table[k]) for k in _KEYS if k in table):
        yield _wrong(where, value)


def _table(value: object) -> Mapping[str, object]:
    if isinstance(value, Mapping):
        return cast("Mapping[str, object]", value)
    return {"labels": value}


def _texts(value: object) -> Sequence[str]:
    return [one for one in _listed(value) if isinstance(one, str)]


def _listed(value: object) -> list[object]:
    if isinstance(value, str):
        return [value]
    return [*cast("Sequence[object]", value)] if isinstance(value, list | tuple) else []


def _is_named(value: object) -> bool:
    """Whether it is a text, or a list of at least one."""
    texts = _texts(value)
    plain = all(one.strip() and is_visible(one) and "${" not in one for one in texts)
    return bool(texts) and len(texts) == len(_listed(value)) and plain


def _no_key(where: str, key: str) -> Problem:
    return Problem(
        what=f"`{where}` has no such key.",
        given=key,
        why="GitHub finds a runner by its group and its labels.",
        fix=did_you_mean(key, _KEYS) or "Keys: group, labels.",
    )


def _wrong(where: str, value: object) -> Problem:
    return Problem(
        what=f"`{where}` is a label, a list of labels, or a table with `group` and `labels`.",
        given=value,
        why="A job waits for a machine that fits, for a day, and then fails.",
        fix='For example "ubuntu-24.04", ["self-hosted", "linux"] or {"group": "aws"}.',
    )
