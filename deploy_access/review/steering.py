"""
The notices about code that runs with Terraform, and about settings of Terraform itself.

Such code may do what Terraform may do, so no comparison of policies shows its effect.

Source: https://developer.hashicorp.com/terraform/language/syntax/json
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deploy_access.json_shape import as_object
from deploy_access.resource_diff.attribute_diff import differences
from deploy_access.review.code_blocks import ASKS, MADE_OF, RUNS, WRITES
from deploy_access.review.model import Notice
from deploy_access.review.settings import REMOTE_STATE, settings
from deploy_access.terraform.state_place import STATES

if TYPE_CHECKING:
    from deploy_access.resource_diff.model import AttributeChange
    from deploy_access.review.known_settings import KnownSettings
    from deploy_access.terraform.snapshot import ScopedStack

_CODE = "It runs code, with all that Terraform may do."
_ACTION = "An action runs code when it is triggered, with all that Terraform may do."
_ASKED = "Another server decides what it returns."
_FILES = (
    "It writes on the machine that runs Terraform, where others read it, such as Terraform itself."
)
_MODULE = "A module is not read: what it does is not seen here."
_OPENED = "It is opened by each plan and apply, with all that Terraform may do."
_OUTPUTS = "It decides whose outputs this stack takes over."
_SOURCE = "A provider is a program that runs with all that Terraform may do."
_PROVIDER = "It decides where and as whom Terraform acts."
_STATE = "It decides where the state is kept, and who can read it."
_UNREAD = "A block of this kind is not read."
# What a part is, by the beginning or the end of its address.
_KINDS = {
    **{f"{mode}{kind}.": _FILES for kind in WRITES for mode in ("", "data.")},
    **{f"data.{kind}.": _ASKED for kind in ASKS},
    **{f"{kind}.": _CODE for kind in RUNS},
    **{f"terraform.{key}": _STATE for key in STATES},
    f"data.{REMOTE_STATE}.": _OUTPUTS,
    "action.": _ACTION,
    "action_invocations": _CODE,
    "check.": _CODE,
    "data.": _CODE,
    "ephemeral.": _OPENED,
    "module.": _MODULE,
    "provider.": _PROVIDER,
    "terraform.required_providers.": _SOURCE,
    "terraform.": _PROVIDER,
}
_CALLS = re.compile(r'^(?:module\.[^.\[]+(?:\["(?:[^"\\]|\\.)*"\]|\[\d+\])?\.)+')
_OF_BLOCKS = (".provisioner", ".action_trigger")
_OTHER = "What it is made of is another."
# Attributes that one notice names: enough for a backend or an assumed role in one line.
_TOLD = 4
# What a part is known by: other attributes must not push it out of the line.
_FIRST = ("source", "assume_role", "profile", "program", "url", "endpoints")


def steering(
    before: ScopedStack | None, after: ScopedStack | None, known: KnownSettings
) -> list[Notice]:
    """
    List the new and changed parts of a stack that run code or steer Terraform.

    Args:
        before: The stack before.
        after: The stack after.
        known: The settings that other stacks of the base have already, for a new stack.
    """
    old, new = (dict(settings(stack)) if stack else {} for stack in (before, after))
    if before and after and before.is_plan != after.is_plan:
        # A plan holds a part of what a stack holds; what it lacks is not gone.
        old = {address: value for address, value in old.items() if address in new}
    found: list[Notice] = []
    for address in sorted({*old, *new}):
        was, now = old.get(address), new.get(address)
        is_known = before is None and after is not None and known.has(after, address, now)
        if was == now or is_known or not _matters(address, was, now, is_gone=after is None):
            continue
        found.append(
            Notice(kind="steering", address=address, what=_what(address), given=_given(was, now))
        )
    return found


def _matters(address: str, was: object, now: object, *, is_gone: bool) -> bool:
    """Whether a part that differs decides anything that it did not decide before."""
    address = _in_module(address)
    kind = address.partition(".")[0]
    if address.startswith(f"data.{REMOTE_STATE}."):
        return was is not None and now is not None
    # Code that no longer runs harms nothing. A module that goes takes resources along, and where a
    # setting of the provider or of Terraform goes, another default holds.
    return (
        now is not None or kind == "module" or (not is_gone and kind in {"provider", "terraform"})
    )


def _in_module(address: str) -> str:
    """Return an address without the modules that it is in; a call that is not read stays one."""
    return _CALLS.sub("", address)


def _what(address: str) -> str:
    address = _in_module(address)
    if address.partition("[")[0].endswith(_OF_BLOCKS):
        return _CODE
    return next((what for key, what in _KINDS.items() if address.startswith(key)), _UNREAD)


def _given(was: object, now: object) -> str:
    """Say how it changed: the attributes that differ, secret ones without their values."""
    if now is None:
        return "It is gone."
    found = [one.shown() for one in differences(as_object(was), as_object(now))]
    found.sort(key=_rank)
    told = [_changed(one) for one in found if one.name not in {MADE_OF, "connection"}]
    left = f" and {len(told) - _TOLD} more" if len(told) > _TOLD else ""
    listed = f"{', '.join(told[:_TOLD])}{left}."
    if was is None:
        return f"It is new: {listed}" if told else "It is new."
    return listed if told else _OTHER


def _rank(one: AttributeChange) -> tuple[bool, bool]:
    """Return what comes first: what a part is known by, then what names a role or a policy."""
    return not one.name.startswith(_FIRST), "arn:" not in f"{one.before} {one.after}"


def _changed(one: AttributeChange) -> str:
    if one.before is None:
        return f"`{one.name}` was set to `{one.after}`"
    if one.after is None:
        return f"`{one.name}` is no longer `{one.before}`"
    if one.before == one.after:
        return f"`{one.name}` is another"
    return f"`{one.name}` changed from `{one.before}` to `{one.after}`"
