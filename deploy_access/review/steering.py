"""
The notices about code that runs with Terraform, and about settings of Terraform itself.

Such code may do what Terraform may do, so no comparison of policies shows its effect.

Source: https://developer.hashicorp.com/terraform/language/syntax/json
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from deploy_access.json_shape import as_object, as_text
from deploy_access.resource_diff.attribute_diff import differences
from deploy_access.review.model import Notice
from deploy_access.review.settings import MADE_OF, RUNS, settings
from deploy_access.terraform.state_place import STATES

if TYPE_CHECKING:
    from collections.abc import Collection

    from deploy_access.resource_diff.model import AttributeChange
    from deploy_access.terraform.snapshot import ScopedStack

_CODE = "It runs code, with all that Terraform may do."
_MODULE = "A module is not read, so nobody sees here what it does."
_SOURCE = "A provider is a program that runs with all that Terraform may do."
_PROVIDER = "It decides where and as whom Terraform acts."
_STATE = "It decides where the state is kept, and who can read it."
_UNREAD = "A block of this kind is not read."
# Arguments that differ from stack to stack and say nothing about a new stack.
_OWN = {
    "alias",
    "allowed_account_ids",
    "assume_role",
    "key",
    "path",
    "profile",
    "region",
    "version",
}
# Attributes that one notice names: enough for a backend or an assumed role in one line.
_TOLD = 4
_OFFICIAL = "registry.terraform.io/hashicorp/"


def steering(
    before: ScopedStack | None, after: ScopedStack | None, known: Collection[str]
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
        is_harmless = now is None and not _matters_when_gone(address, is_stack=after is None)
        if was == now or is_harmless or (before is None and own(address, now) in known):
            continue
        found.append(
            Notice(kind="steering", address=address, what=_what(address), given=_given(was, now))
        )
    return found


def own(address: str, value: object) -> str:
    """Return a setting without the arguments that differ by stack, to compare it across stacks."""
    kept = {key: one for key, one in as_object(value).items() if key not in _OWN}
    if address.startswith("terraform.required_providers."):
        source = as_text(as_object(value).get("source")) or ""
        return "known" if source.startswith(_OFFICIAL) else f"{address} {source}"
    if address == "terraform.required_version" or (address.startswith("provider.") and not kept):
        return "known"
    head = address.partition(".")[0] if address.startswith("provider.") else address
    return f"{head} {json.dumps(kept or value, sort_keys=True)}"


def _matters_when_gone(address: str, *, is_stack: bool) -> bool:
    # Code that no longer runs harms nothing. A module that goes takes resources along, and where a
    # setting of the provider or of Terraform goes, another default holds.
    kind = address.partition(".")[0]
    return kind == "module" or (not is_stack and kind in {"provider", "terraform"})


def _what(address: str) -> str:
    if address.endswith(".provisioner") or address in {"action", "action_invocations"}:
        return _CODE
    if address.startswith("terraform.required_providers."):
        return _SOURCE
    if address in {f"terraform.{key}" for key in STATES}:
        return _STATE
    head = address.partition(".")[0]
    if head == "module":
        return _MODULE
    if head in {"provider", "terraform"}:
        return _PROVIDER
    return _UNREAD if head not in {"data", *RUNS} else _CODE


def _given(was: object, now: object) -> str:
    """Say how it changed: the attributes that differ, secret ones without their values."""
    if now is None:
        return "It is gone."
    found = [one.shown() for one in differences(as_object(was), as_object(now))]
    told = [_changed(one) for one in found if one.name not in {MADE_OF, "connection"}]
    # What names a role or a policy comes first: it decides more than a region or a tag does.
    told.sort(key=lambda text: "arn:" not in text)
    more = f" and {len(told) - _TOLD} more" if len(told) > _TOLD else ""
    shown = f"{', '.join(told[:_TOLD])}{more}."
    if was is None:
        return f"It is new: {shown}" if told else "It is new."
    return shown if told else "It is another."


def _changed(one: AttributeChange) -> str:
    if one.before is None:
        return f"`{one.name}` was set to `{one.after}`"
    if one.after is None:
        return f"`{one.name}` is no longer `{one.before}`"
    return f"`{one.name}` changed from `{one.before}` to `{one.after}`"
