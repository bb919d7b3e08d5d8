"""What one job of a matrix has to know about its stack."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal

from deploy_access.errors import InvalidValue, Problem
from deploy_access.reading.blocks import read_module
from deploy_access.reading.place import place_of
from deploy_access.reading.scope import Scope
from deploy_access.reading.symbols import Symbols

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy_access.reading.place import Place
    from deploy_access.review.sources import Source

_ACCOUNT_STACK = "account-"
_NAME = re.compile(r"[A-Za-z0-9_][\w.-]*", re.ASCII)
_DIRECTORY = re.compile(r"(?!.*\.\.)[\w.-]+(/[\w.-]+)*", re.ASCII)
_REGION = re.compile(r"[a-z0-9-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """
    One job of a matrix; every value is a plain word, so that a workflow can use it as it is.

    Attributes:
        stack: The stack.
        action: `deploy` what the head says, or `destroy` what the base says.
        account: The account that the stack deploys to, or an empty text.
        region: Its region, or an empty text.
        environment: What to have as the job's `environment:`: the NAME of the stack
            `account-NAME` of that account, else the account; empty when no account is known.
        directory: Where the stack is in the `cdktf.out` of its side.
    """

    stack: str
    action: Literal["deploy", "destroy"]
    account: str
    region: str
    environment: str
    directory: str

    def as_dict(self) -> dict[str, str]:
        """Return it as `matrix.include` takes it."""
        return asdict(self)


class Places:
    """The accounts of one side, read only for the stacks that are asked for."""

    def __init__(self, side: Mapping[str, Source]) -> None:
        self._side = side
        self._names: dict[str | None, str] = {}
        for name in side:
            if name.startswith(_ACCOUNT_STACK) and name != _ACCOUNT_STACK:
                self._names[self._place(name).account] = name.removeprefix(_ACCOUNT_STACK)

    def entry(self, stack: str, action: Literal["deploy", "destroy"]) -> Entry:
        """
        Describe a stack.

        Raises:
            InvalidValue: Its name or folder is no plain word, which a shell could take for more.
        """
        directory = self._side[stack].directory
        for text, form in ((stack, _NAME), (directory, _DIRECTORY)):
            if text and not form.fullmatch(text):
                raise InvalidValue(_no_word(text))
        place = self._place(stack)
        account, region = place.account or "", place.region or ""
        return Entry(
            stack=stack,
            action=action,
            account=account,
            region=region if _REGION.fullmatch(region) else "",
            environment=self._names.get(account, account),
            directory=directory,
        )

    def _place(self, stack: str) -> Place:
        module = read_module(self._side[stack].file, stack)
        return place_of(Scope(module, Symbols(), {}), module.providers.get("aws", {}))


def _no_word(text: str) -> Problem:
    return Problem(
        what="A stack has a name that a workflow cannot take over.",
        given=text,
        why="Names go into commands and into the names of GitHub's environments.",
        fix="Use letters, digits, `-`, `_` and `.` only.",
    )
