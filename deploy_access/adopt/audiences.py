"""The `aud` of the tokens of each role: a role asks for one, of those that its provider takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.json_shape import texts

if TYPE_CHECKING:
    from deploy_access.adopt.model import AccountEntry, Adoption, RoleEntry

USUAL = "sts.amazonaws.com"
"""What the AWS action asks for, of every partition but China's: the usual one of a provider."""


def choose_audiences(found: Adoption) -> None:
    """Give each role the audience that it asks for, where its provider takes several."""
    accounts = {account.id: account for account in found.accounts}
    for entry in found.roles:
        _choose(entry, audiences_of(accounts[entry.account]))


def audiences_of(account: AccountEntry) -> list[str]:
    """List what the provider of an account takes."""
    listed = texts(account.provider.values.get("client_id_list")) if account.provider else []
    return listed or [USUAL]


def _choose(entry: RoleEntry, known: list[str]) -> None:
    asked = [one for one in entry.trust.audiences if one in known]
    entry.never += [
        f"It asks for `aud` {one!r}, and its provider takes {', '.join(known)}."
        for one in entry.trust.audiences
        if one not in known
    ]
    if len(known) == 1:
        return
    entry.audience = next(iter(asked), USUAL if USUAL in known else known[0])
    others = [one for one in asked or known if one != entry.audience]
    if others:
        entry.notes.append(
            f"A role takes one `aud`, from now on {entry.audience!r}; who asks for "
            f"{', '.join(map(repr, others))} is locked out."
        )
