"""
Policies with principals: the trust policy of a role, and the policies of resources.

They are compared for one principal at a time: for each that either side names, and for `*` as one
that neither names. For one principal they are then compared like the policies of a role.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from deploy_access.access_diff.compare_policies import PolicyComparison
from deploy_access.access_diff.demands import OPAQUE, demand
from deploy_access.access_diff.effective_policy import EffectivePolicy
from deploy_access.access_diff.permission_row import PermissionRow, gained_rows, kept_rows
from deploy_access.access_diff.principals import EVERYBODY, account_of, find_names, names, normal
from deploy_access.iam.policy import Principal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from deploy_access.access_diff.budget import Budget
    from deploy_access.access_diff.clauses import PolicyClause
    from deploy_access.access_diff.demands import Demand
    from deploy_access.iam.principals import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class PrincipalRow:
    """
    A row with its principal.

    Attributes:
        row: The row.
        rule: The whole rule.
        principal: As it is written.
        kind: The kind of the principal.
    """

    row: PermissionRow
    rule: PolicyClause
    principal: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """
    A statement as it is for one principal.

    Attributes:
        rule: The statement without its principals.
        whole: The statement.
        level: How directly it names the principal.
        is_sure: Whether it is known that it names it.
    """

    rule: PolicyClause
    whole: PolicyClause
    level: Level
    is_sure: bool = True


def gained_shared(
    base: Sequence[PolicyClause],
    head: Sequence[PolicyClause],
    *,
    owner: str | None,
    budget: Budget,
    known: Callable[[Principal], frozenset[str]] | None = None,
    reverse: bool = False,
) -> Iterator[PrincipalRow]:
    """
    List what the head lets a principal do and the base does not.

    Args:
        base: The statements of the base.
        head: The statements of the head.
        owner: The account of the resource.
        budget: What the answers may cost.
        known: The actions that a principal can ask for; all of AWS's when it is left out.
        reverse: Whether head and base were swapped, so that all of it was lost.
    """
    lifted: dict[Principal, set[object]] = {}
    gone = [rule for rule in base if rule.effect == "Deny" and rule not in head]
    for who in people((*base, *head)):
        actions = known(who) if known else None
        wider = [lifted.get(one, set()) for one in {EVERYBODY, _account(who)} - {who}]
        mine = lifted.setdefault(who, set())
        for found, level, about in _comparisons(base, head, who, owner, actions, budget=budget):
            for row in gained_rows(found, reverse=reverse):
                rows = _named(row, who, [one for one in about if one.level == level])
                if any(gain.through == "deny" for gain, _ in row.gains):
                    mine.add(row.place)
                    if not any(row.place in places for places in wider):
                        rows = _relieved(rows, who, gone, (*base, *head))
                yield from rows


def _relieved(
    rows: Iterable[PrincipalRow],
    who: Principal,
    denies: Sequence[PolicyClause],
    rules: Iterable[PolicyClause],
) -> Iterator[PrincipalRow]:
    """Name those whom a Deny no longer hits, who may be fewer than the Allow lets in."""
    named = (one.value for rule in rules for one in rule.principals or () if normal(one) == who)
    written = max(named, default=who.value, key=len)
    if who == EVERYBODY and (others := not_denied(denies)):
        written = f"all but {', '.join(others)}"
    return (replace(one, principal=written, kind=who.kind) for one in rows)


def not_denied(denies: Iterable[PolicyClause]) -> list[str]:
    """List those that a Deny with `NotPrincipal` spares."""
    sparing = (rule.principals or () for rule in denies if rule.but_principals)
    return sorted({one.value for listed in sparing for one in listed})


def _account(who: Principal) -> Principal:
    """Return the account of a principal; `*` for one without any."""
    account = account_of(who)
    return Principal(kind="AWS", value=account) if account else EVERYBODY


def kept_shared(
    rules: Sequence[PolicyClause],
    gained: Iterable[PrincipalRow],
    budget: Budget,
    known: Callable[[Principal], frozenset[str]] | None = None,
) -> Iterator[PrincipalRow]:
    """List what the head lets a principal do and no gained row says already."""
    new = {(one.rule, one.principal, one.row.action, one.row.resource) for one in gained}
    for who in people(rules):
        about = list(about_one(rules, who))
        side = EffectivePolicy(rules=tuple(one.rule for one in about))
        for row in kept_rows(
            PolicyComparison(side, side, budget, known(who) if known else None), ()
        ):
            for one in _named(row, who, about):
                if (one.rule, one.principal, row.action, row.resource) not in new:
                    yield one


def _comparisons(
    base: Sequence[PolicyClause],
    head: Sequence[PolicyClause],
    who: Principal,
    owner: str | None,
    known: frozenset[str] | None,
    *,
    budget: Budget,
) -> Iterator[tuple[PolicyComparison, Level, list[About]]]:
    """
    Compare for one principal, once for each level at which the head names it.

    Within the account of the resource, a role that is named gets more than one whose account is
    named: it needs no policy of its own then.
    """
    before, about = list(about_one(base, who)), list(about_one(head, who))
    # Across accounts the own policies decide as well, whichever way the principal is named.
    is_outside = None not in {owner, account_of(who)} and owner != account_of(who)
    after = EffectivePolicy(rules=tuple(one.rule for one in about))
    for level in sorted({one.level for one in about if one.rule.effect == "Allow"}):
        counted = [
            one.rule
            for one in before
            if is_outside or one.level >= level or one.rule.effect == "Deny" or not one.is_sure
        ]
        yield (
            PolicyComparison(EffectivePolicy(rules=tuple(counted)), after, budget, known),
            level,
            about,
        )


def people(rules: Iterable[PolicyClause]) -> list[Principal]:
    """List each principal that the statements name, and `*` as one that they do not name."""
    found = {normal(one): None for rule in rules for one in rule.principals or ()}
    return [EVERYBODY, *sorted(found.keys() - {EVERYBODY}, key=str)]


def about_one(rules: Iterable[PolicyClause], who: Principal) -> Iterator[About]:
    """Return the statements as they are for one principal; those that are not about it go."""
    for rule in rules:
        named = find_names(rule, who)
        if named is not None:
            mine = replace(rule, principals=None, but_principals=False)
            if not named.is_sure:
                mine = replace(mine, when=(*mine.when, _maybe(rule, who)))
            yield About(rule=mine, whole=rule, level=named.level, is_sure=named.is_sure)


def _maybe(rule: PolicyClause, who: Principal) -> Demand:
    """Return the demand that a reference is this principal: not known, but always the same."""
    written = ", ".join(sorted(one.value for one in rule.principals or ()))
    return demand(f"principal {written}", OPAQUE, [who.value, str(rule.but_principals)])


def _named(row: PermissionRow, who: Principal, about: Iterable[About]) -> Iterator[PrincipalRow]:
    """Write a row for each principal of the statement through which it is about *who*."""
    for whole in dict.fromkeys(one.whole for one in about if one.rule == row.rule):
        if whole.hidden:
            yield PrincipalRow(
                row=row, rule=whole, principal=f"all whom {whole.hidden} names", kind="*"
            )
        elif whole.but_principals:
            listed = ", ".join(sorted(one.value for one in whole.principals or ()))
            yield PrincipalRow(row=row, rule=whole, principal=f"all but {listed}", kind="*")
        else:
            for one in sorted(whole.principals or (), key=str):
                if names(normal(one), who):
                    yield PrincipalRow(row=row, rule=whole, principal=one.value, kind=one.kind)
