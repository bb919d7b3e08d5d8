"""
The arguments that keep data, with the defaults of the AWS provider.

The defaults are checked against plans of the provider, version 5.100. Where it leaves the value to
AWS, the default is the one on the resource's page in
https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_NUMBER = re.compile(r"-?[0-9]{1,9}")
_FOREVER = float("inf")
_UNDECIDED = "`{}` changed and may keep less: what it comes to is not known here."
_UNDECIDED_LOCK = "Whether `{}` holds it back, only a plan can tell."


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """
    An argument with one value that keeps data.

    Attributes:
        argument: Its path, for example `point_in_time_recovery.enabled`.
        keeps: The value that keeps data; empty when every value does.
        default: The value when it is left out.
        is_kept: Whether leaving it out keeps the value that the resource has.
        held: What a destruction meets while it keeps data; empty when the destruction goes on.
        open: What is so when it does not keep them.
    """

    argument: str
    keeps: str = "true"
    default: str = "false"
    is_kept: bool = False
    held: str = ""
    open: str

    @property
    def strongest(self) -> float:
        """The highest strength."""
        return 1.0

    def strength(self, value: str) -> float | None:
        """Return 1 for the value that keeps data, 0 for others, None for an unresolved one."""
        if "${" in value:
            return None
        return float(value == self.keeps if self.keeps else bool(value))

    def loss(self, _before: str | None, _after: str | None) -> str:
        """Say what is lost with a change to another value."""
        return self.open

    def lock_text(self, value: str | None) -> str:
        """Say what a destruction meets while the argument is *value*, or left out."""
        strength = self.strength(self.default if value is None else value)
        if strength is None:
            return _UNDECIDED_LOCK.format(self.argument)
        return self.held if strength else self.open


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """
    An argument that says how long, or how often, something is kept.

    Attributes:
        argument: Its path.
        default: The number when it is left out.
        forever: The number that means without end; None when there is none.
        is_kept: Whether leaving it out keeps the number that the resource has.
        shorter: What a lower number means.
    """

    argument: str
    default: str
    forever: str | None = None
    is_kept: bool = False
    shorter: str = "what is older is deleted"

    @property
    def strongest(self) -> float:
        """The highest strength."""
        return _FOREVER

    def strength(self, value: str) -> float | None:
        """Return the number; None for an unresolved one."""
        if value == self.forever:
            return _FOREVER
        return float(value) if _NUMBER.fullmatch(value) else None

    def loss(self, before: str | None, after: str | None) -> str:
        """Say which number becomes which, and what that means."""
        now, was = self._shown(after), self._shown(before)
        return f"`{self.argument}` is {now} now and was {was}: {self.shorter}."

    def _shown(self, value: str | None) -> str:
        number = self.default if value is None else value
        remarks = ["the default"] if value is None else []
        remarks += ["for ever"] if number == self.forever else []
        return f"{number} ({', '.join(remarks)})" if remarks else number


Guard = Switch | Period


def weakened(guard: Guard, before: str | None, after: str | None) -> str:
    """
    Say what data lose when an argument changes; an empty text when they lose nothing.

    Args:
        guard: The argument.
        before: Its value, as a text; `${…}` when only Terraform knows it, None when it is left out.
        after: Its value afterwards.
    """
    if before == after or (after is None and guard.is_kept):
        return ""
    was, now = (guard.default if value is None else value for value in (before, after))
    old, new = guard.strength(was), guard.strength(now)
    if old is None or new is None:
        is_safe = old == 0 or new == guard.strongest
        return "" if is_safe else _UNDECIDED.format(guard.argument.partition(".")[0])
    return guard.loss(before, after) if new < old else ""


def protection(suffix: str = "", default: str = "false", *, is_kept: bool = False) -> Switch:
    """Return the lock `deletion_protection`, whose name has a *suffix* in some types."""
    name = f"deletion_protection{suffix}"
    return Switch(
        argument=name,
        default=default,
        is_kept=is_kept,
        held=f"AWS refuses while `{name}` is set.",
        open=f"`{name}` is not set, so nothing holds it back.",
    )


def force(argument: str, what: str) -> Switch:
    """Return the lock of what AWS keeps until it is empty of *what*, unless *argument* is set."""
    return Switch(
        argument=argument,
        keeps="false",
        held=f"AWS refuses while it holds {what}.",
        open=f"`{argument}` is set, so it goes with its {what}.",
    )


def skipped(argument: str, default: str = "false") -> Switch:
    """Return the switch by which no last copy is made."""
    return Switch(
        argument=argument,
        keeps="false",
        default=default,
        open=f"`{argument}` is set: no copy is kept of what is destroyed.",
    )


def last_copy(argument: str, keeps: str = "") -> Switch:
    """Return the switch by which a last copy is made: a flag, or the name of the copy."""
    return Switch(
        argument=argument,
        keeps=keeps,
        default="false" if keeps else "",
        open=f"`{argument}` is not set: no copy is kept of what is destroyed.",
    )


def kept_for(
    argument: str, default: int, *, forever: int | None = None, is_kept: bool = False
) -> Period:
    """Return the period after which data, or copies of them, are deleted."""
    return Period(
        argument=argument,
        default=str(default),
        forever=None if forever is None else str(forever),
        is_kept=is_kept,
    )


def restorable_for(argument: str, default: int) -> Period:
    """Return the days within which what was destroyed can be restored."""
    shorter = "there is less time to restore what is destroyed"
    return Period(argument=argument, default=str(default), shorter=shorter)


def locked_for(argument: str) -> Period:
    """Return the days before which a lock lets nothing be deleted."""
    return Period(argument=argument, default="0", shorter="backups can be deleted sooner")
