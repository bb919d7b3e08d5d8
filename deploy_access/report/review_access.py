"""The changes of access as phrases: who may assume a role, and what it may do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.access_diff.plausible import SOMETHING
from deploy_access.github.issuer import GITHUB_HOST
from deploy_access.iam.width import NARROWEST, widest_first, width
from deploy_access.report.review_permissions import danger, on_other_side, permission_lines, reach
from deploy_access.report.review_phrase import Item, PhraseLine, Prose, Quoted, separated

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from deploy_access.access_diff.model import AccessChange, Party, TrustGrant
    from deploy_access.iam.width import Width
    from deploy_access.report.review_phrase import Mark, Phrase

IDENTITIES = ("role", "user", "group")
"""The kinds of parties that do something themselves."""
_GITHUB = f"oidc-provider/{GITHUB_HOST}"
_MINUTE, _HOUR = 60, 3600
# The lines "as before" of a role that lets more in: the most dangerous permissions it had already.
_REACHED = 3
# With many new subjects, so many lines of subjects and of permissions come before all the others.
_LET_IN, _ALLOWED = 3, 2


def by_danger(changes: Iterable[AccessChange]) -> list[AccessChange]:
    """
    Sort changes by danger: parties that can give access away first, and old parties before new.

    An author of a change cannot hide the dangerous one behind many harmless ones.
    """
    return sorted(changes, key=_rank)


def access_item(change: AccessChange) -> Item:
    """Return the change of one party: new access first, then lost access."""
    # Comments are cut at the end, so gains come first and losses last.
    lines = (
        *_gained(change),
        *(_reached(change) if change.trust.gained else ()),
        *_session(change),
        *(PhraseLine("-", _trust(grant, change.party, "-")) for grant in change.trust.lost),
        *permission_lines("-", change.permissions.lost, change.party.account),
    )
    return Item(_head(change), lines)


def _gained(change: AccessChange) -> list[PhraseLine]:
    """List new access; among many new subjects the most dangerous permissions come early."""
    let_in = trust_by_width(change.trust.gained, change.party.account)
    trust = [PhraseLine("+", _trust(grant, change.party, "+")) for grant in let_in]
    allowed = permission_lines("+", change.permissions.gained, change.party.account)
    if len(trust) <= _LET_IN:
        return [*trust, *allowed]
    return [*trust[:_LET_IN], *allowed[:_ALLOWED], *trust[_LET_IN:], *allowed[_ALLOWED:]]


def trust_by_width(grants: Iterable[TrustGrant], account: str) -> list[TrustGrant]:
    """Sort grants of trust, the widest first."""
    return widest_first(grants, lambda grant: _trust_width(grant, account))


def _trust_width(grant: TrustGrant, account: str) -> Width:
    if not grant.subject or grant.principal == "*":
        return width(grant.principal, account)
    # Under `StringEquals` a `*` is a letter, but it is also how any subject is written.
    is_wide = grant.is_pattern or grant.subject == "*"
    return width(grant.subject) if is_wide else NARROWEST


def _reached(change: AccessChange) -> list[PhraseLine]:
    """List the most dangerous permissions that the role had before: new subjects get them too."""
    kept, account = change.permissions.kept, change.party.account
    return permission_lines("", kept, account, "as before, ")[:_REACHED]


def _rank(change: AccessChange) -> tuple[bool, bool, bool, int, Width]:
    """The key to sort by; new subjects of a role get everything that the role may do."""
    found = change.permissions
    worst = danger([*found.gained, *(found.kept if change.trust.gained else ())])
    widest = reach(found.gained, change.party.account)
    return worst > 0, change.presence == "made", not change.trust.gained, worst, widest


def noun_of(party: Party) -> str:
    """Return what a party is called in a sentence; a resource of another kind is just that."""
    return party.kind if party.kind in {*IDENTITIES, "policy", "repository"} else "resource"


def _head(change: AccessChange) -> Phrase:
    party = change.party
    kind = noun_of(party)
    words = {"made": f"New {kind}", "kept": kind.capitalize(), "gone": f"Removed {kind}"}
    places = [
        (f"{what} ", Quoted(value))
        for what, value in (
            ("account", party.account),
            ("region", party.region),
            ("stack", change.stack),
        )
        if value
    ]
    where: Phrase = (" (", *separated(places, ", "), ")") if places else ()
    return (f"{words[change.presence]} ", Quoted(party.name), *where)


def _trust(grant: TrustGrant, party: Party, mark: Mark) -> Phrase:
    return (
        "" if grant.certain else "perhaps ",
        "may be assumed by ",
        *_who(grant, party),
        *_conditions(grant.conditions),
        *_example(grant),
        *on_other_side(grant.before, mark),
        *((": ", Prose(grant.why)) if grant.why else ()),
    )


def _who(grant: TrustGrant, party: Party) -> Iterator[str | Quoted | Prose]:
    if not grant.subject:
        yield Quoted(grant.principal)
        return
    yield from ("any subject ",) if grant.subject == "*" else ()
    yield Quoted(grant.subject)
    if not _is_our_github(grant.principal, party):
        yield from (" of ", Quoted(grant.principal))


def _is_our_github(principal: str, party: Party) -> bool:
    _arn, _, rest = principal.partition(":")
    return rest.endswith(f":iam::{party.account}:{_GITHUB}") and rest.count(":") == _COLONS


_COLONS = 4


def _conditions(conditions: Iterable[str]) -> Phrase:
    phrases = separated([(Quoted(condition),) for condition in conditions], " and ")
    return (" if ", *phrases) if phrases else ()


def _example(grant: TrustGrant) -> Phrase:
    # An example that only repeats the pattern with one text for its `*` says nothing new.
    said = {grant.subject.replace("*", text) for text in ("", SOMETHING)}
    if grant.witness is None or grant.witness in said:
        return ()
    return (", for example ", Quoted(grant.witness))


def _session(change: AccessChange) -> Iterator[PhraseLine]:
    if change.session is None:
        return
    before, after = change.session
    mark: Mark = "+" if after > before else "-"
    yield PhraseLine(mark, (f"a session may last {_duration(after)}, before {_duration(before)}",))


def _duration(seconds: int) -> str:
    for unit, name in ((_HOUR, "hour"), (_MINUTE, "minute")):
        if seconds % unit == 0:
            count = seconds // unit
            return f"{count} {name}{'' if count == 1 else 's'}"
    return f"{seconds} seconds"
