"""
The settings that are no news in a new stack, since other stacks have them already.

Every new stack has a provider and a backend: only what no other stack has is worth reading.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.json_shape import as_object, as_text, objects
from deploy_access.resource_diff.argument_values import has_reference
from deploy_access.review.code_blocks import MADE_OF
from deploy_access.review.settings import settings
from deploy_access.terraform.provider_target import place_of

if TYPE_CHECKING:
    from deploy_access.terraform.snapshot import ScopedStack, Snapshot

    Actor = tuple[str | None, str]

# Arguments that differ from stack to stack and say nothing about a new stack.
_OWN = {"alias", "allowed_account_ids", "region", "version"}
_OWN_OF_STATE = {"key", "path", "region"}
_OFFICIAL = "registry.terraform.io/hashicorp/"
_AWS = "provider.aws"
# As whom a provider acts: https://registry.terraform.io/providers/hashicorp/aws/latest/docs#authentication-and-configuration
_WHO = (
    *("access_key", "assume_role", "assume_role_with_web_identity", "profile", "secret_key"),
    *("shared_config_files", "shared_credentials_files", "token"),
)
# How a session is called, which may be the name of the stack, and for how long it lasts.
_OF_SESSION = {"duration", "session_name", "source_identity", "tags", "transitive_tag_keys"}


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSettings:
    """
    What the stacks of one side have.

    Attributes:
        settings: Their settings, without what differs from stack to stack.
        actors: The accounts in which they act, each with as whom.
    """

    settings: frozenset[str] = frozenset()
    actors: frozenset[Actor] = frozenset()

    def has(self, stack: ScopedStack, address: str, value: object) -> bool:
        """Whether a setting of a new stack is as those of the others are."""
        own = _own(address, value)
        is_known = not own or own in self.settings
        return is_known and (not address.startswith(_AWS) or self._acts(_actor(stack, value)))

    def _acts(self, actor: Actor) -> bool:
        """Whether a stack acts so in the account; where none acts there, in another account."""
        account, who = actor
        if account is None or any(account == other for other, _ in self.actors):
            return actor in self.actors
        there = {text.replace(other or "-", "*") for other, text in self.actors}
        return who.replace(account, "*") in there


def known_settings(side: Snapshot, *, is_first: bool) -> KnownSettings:
    """
    Return what the stacks of *side* have.

    Where all stacks are new, these are the backend and the providers that they share.
    """
    found = [
        (stack, address, value)
        for stack in side.stacks.values()
        for address, value in settings(stack).items()
        if not is_first or address.startswith(("terraform.backend", "provider."))
    ]
    return KnownSettings(
        settings=frozenset(_own(address, value) for _, address, value in found),
        actors=frozenset(
            _actor(stack, value) for stack, address, value in found if address.startswith(_AWS)
        ),
    )


def _own(address: str, value: object) -> str:
    """Return a setting to compare across stacks; an empty text for one that any stack may have."""
    is_provider = address.startswith("provider.")
    kept = {key: one for key, one in as_object(value).items() if key not in _left_out(address)}
    if not has_reference(kept):
        kept.pop(MADE_OF, None)
    if address.startswith("terraform.required_providers."):
        source = as_text(as_object(value).get("source")) or ""
        return "" if source.startswith(_OFFICIAL) else f"{address} {source}"
    if address == "terraform.required_version" or (is_provider and not kept):
        return ""
    head = ".".join(address.partition("[")[0].split(".")[:2]) if is_provider else address
    return f"{head} {json.dumps(kept or value, sort_keys=True)}"


def _left_out(address: str) -> set[str]:
    if address.startswith("provider."):
        return {*_OWN, *_WHO} if address.startswith(_AWS) else _OWN
    return _OWN_OF_STATE if address.startswith("terraform.backend") else set()


def _actor(stack: ScopedStack, value: object) -> Actor:
    """Return the account in which a provider acts, and as whom, as a text."""
    given = as_object(value)
    who = {name: _lasting(given[name]) for name in _WHO if given.get(name)}
    if has_reference(who):
        who[MADE_OF] = given.get(MADE_OF)
    return place_of(stack.scope, given).account, json.dumps(who, sort_keys=True)


def _lasting(value: object) -> object:
    blocks = [
        {name: one for name, one in block.items() if name not in _OF_SESSION}
        for block in objects(value)
    ]
    return blocks or value
