"""Who may assume a role: before and after."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from deploy_access.access_diff.condition_text import joined, phrases
from deploy_access.access_diff.demands import demand
from deploy_access.access_diff.effective_policy import side_of_documents
from deploy_access.access_diff.model import Delta, TrustGrant
from deploy_access.access_diff.principal_row import PrincipalRow, gained_shared, kept_shared
from deploy_access.iam.operators import read_operator
from deploy_access.iam.patterns import covers_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from deploy_access.access_diff.budget import Budget
    from deploy_access.access_diff.clauses import PolicyClause
    from deploy_access.iam.policy import Condition, Principal
    from deploy_access.terraform.estate import Document


_SUB = ":sub"
# The calls that each kind of principal can make on a role, from AWS's list of STS's actions.
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html
_ASSUMING = "sts:assumerole"
_BESIDES = frozenset({"sts:tagsession", "sts:setsourceidentity"})
_ACTIONS = {
    "AWS": frozenset({_ASSUMING, "sts:setcontext"}) | _BESIDES,
    "Service": frozenset({_ASSUMING, "sts:setcontext"}) | _BESIDES,
    "Federated": frozenset({f"{_ASSUMING}withsaml", f"{_ASSUMING}withwebidentity"}) | _BESIDES,
}
_ALL = frozenset[str]().union(*_ACTIONS.values())


def compare_trust(
    base: Iterable[Document], head: Iterable[Document], owner: str | None, budget: Budget
) -> Delta[TrustGrant]:
    """
    Compare who may assume a role; an empty `Delta` when it is the same.

    Args:
        base: The trust policy of the base; none for a role that was not there.
        head: That of the head.
        owner: The account of the role.
        budget: What the answers may cost.
    """
    before, after = _rules(base), _rules(head)
    if set(before) == set(after):
        return Delta()
    gained = list(gained_shared(before, after, owner=owner, budget=budget, known=_known))
    lost = list(
        gained_shared(after, before, owner=owner, budget=budget, known=_known, reverse=True)
    )
    if not gained and not lost:
        return Delta()
    return Delta(
        gained=with_earlier(_tidy(gained), _tidy(kept_shared(before, (), budget, _known))),
        lost=with_earlier(_tidy(lost), _tidy(kept_shared(after, (), budget, _known))),
        kept=_tidy(kept_shared(after, gained, budget, _known)),
    )


def _known(who: Principal) -> frozenset[str]:
    """Return the actions on a role that a principal of this kind can ask for."""
    return _ACTIONS.get(who.kind, _ALL)


def _rules(documents: Iterable[Document]) -> list[PolicyClause]:
    rules = side_of_documents(documents).rules
    return list(dict.fromkeys(part for rule in rules for part in _by_subject(rule)))


def _by_subject(rule: PolicyClause) -> Iterator[PolicyClause]:
    """Split a statement by its subjects; the parts together mean the same."""
    # A Deny makes no row of its own, so it need not be split.
    named = _subject(rule)
    if rule.effect == "Deny" or named is None or len(set(named.values)) == 1:
        yield rule
        return
    others = tuple(one for one in rule.conditions if one is not named)
    for value in dict.fromkeys(named.values):
        conditions = (*others, replace(named, values=(value,)))
        asked = {demand(c.key, c.operator, c.values, variables=rule.variables) for c in conditions}
        when = tuple(sorted(asked, key=lambda one: (one.part, one.operator, one.values)))
        yield replace(rule, conditions=conditions, when=when)


def _subject(rule: PolicyClause) -> Condition | None:
    """Return the condition that names subjects; one that only excludes some does not count."""
    return next((c for c in rule.conditions if _asks_for_subject(c.key, c.operator)), None)


@lru_cache(maxsize=256)  # there are few operators, and every statement is asked several times
def _asks_for_subject(key: str, operator: str) -> bool:
    asked = demand(key, operator, ())
    found = asked.condition
    is_positive = asked.base.startswith("string") and not asked.is_negated
    is_of_all = found is not None and found.is_for_all
    return asked.part.endswith(_SUB) and is_positive and not is_of_all


def _tidy(rows: Iterable[PrincipalRow]) -> tuple[TrustGrant, ...]:
    """Sort grants, each once; a certain one replaces the same uncertain one."""
    once: dict[tuple[object, ...], TrustGrant] = {}
    # Certain ones sort first, so the first of equal grants is the one to keep.
    for grant in sorted(map(_grant, rows), key=_order):
        same = (grant.principal, grant.subject, grant.is_pattern, grant.conditions)
        once.setdefault(same, grant)
    return tuple(once.values())


def _order(grant: TrustGrant) -> tuple[object, ...]:
    place = (grant.principal, grant.subject, grant.is_pattern, grant.conditions)
    return (*place, not grant.certain, grant.why, grant.witness or "")


def _grant(shared: PrincipalRow) -> TrustGrant:
    rule, row = shared.rule, shared.row
    has_subject = shared.kind not in {"AWS", "Service", "CanonicalUser"} or shared.principal == "*"
    named = _subject(rule) if has_subject else None
    # The subject has a field of its own, and the conditions drop the prefix that all of them share.
    prefix = named.key[: -len(_SUB)] if named else _prefix(rule)
    others = [one for one in rule.conditions if one is not named]
    optional = ("sub is absent or so",) if named and _is_optional(named) else ()
    return TrustGrant(
        principal=shared.principal,
        subject=named.values[0] if named and named.values else "*" if has_subject else "",
        is_pattern=has_subject and (named is None or _is_pattern(named)),
        conditions=(*phrases(others, prefix), *optional),
        certain=row.is_certain,
        why="; ".join(filter(None, [row.why, _only(row.actions)])),
        witness=_witness(shared, f"{prefix}{_SUB}".lower()),
    )


def _is_pattern(condition: Condition) -> bool:
    operator = read_operator(condition.operator)
    return operator is not None and operator.is_pattern


def _is_optional(condition: Condition) -> bool:
    operator = read_operator(condition.operator)
    return operator is not None and operator.if_exists


def _prefix(rule: PolicyClause) -> str:
    """Return the beginning of the provider's keys, from the first key that looks like one."""
    keys = (one.key for one in rule.conditions)
    return next((k.rpartition(":")[0] for k in keys if k.lower().endswith((":aud", _SUB))), "")


def _only(actions: frozenset[str]) -> str:
    """Name the actions where none of them assumes the role."""
    if not actions or any(action.startswith(_ASSUMING) for action in actions):
        return ""
    return f"only for {', '.join(sorted(actions))}"


def _witness(shared: PrincipalRow, key: str) -> str | None:
    for _, proof in shared.row.gains:
        for held, values in proof.context.items():
            if proof.is_certain and held.lower() == key and values:
                return values[0]
    return None


def with_earlier(
    grants: Iterable[TrustGrant], others: Sequence[TrustGrant]
) -> tuple[TrustGrant, ...]:
    """
    Return each grant with the part that the other side granted already.

    Args:
        grants: The grants of one side only.
        others: All grants of the other side.
    """
    return tuple(replace(grant, before=_earlier(grant, others)) for grant in grants)


def _earlier(grant: TrustGrant, others: Sequence[TrustGrant]) -> str:
    """Say which part the other side granted; empty where a Deny decides, or nothing is certain."""
    if grant.why or not grant.certain:
        return ""
    alike = [one for one in others if one.principal == grant.principal and not one.why]
    over = [one for one in alike if _covers(one, grant)]
    if over:
        asked = {_asked_besides(one, grant) for one in over}
        return "" if "" in asked else f"only if {' or '.join(sorted(asked))}"
    within = [one for one in alike if _covers(grant, one)]
    return f"only by {joined(_who(one, grant) for one in within)}" if within else ""


def _asked_besides(one: TrustGrant, grant: TrustGrant) -> str:
    return " and ".join(text for text in one.conditions if text not in grant.conditions)


def _who(one: TrustGrant, grant: TrustGrant) -> str:
    asked = _asked_besides(one, grant)
    return f"{one.subject} if {asked}" if asked else one.subject


def _covers(wide: TrustGrant, narrow: TrustGrant) -> bool:
    """Whether every subject of *narrow* is one of *wide*."""
    if wide.subject == narrow.subject and wide.is_pattern == narrow.is_pattern:
        return True
    has_both = bool(wide.subject and narrow.subject)
    return has_both and wide.is_pattern and covers_pattern(wide.subject, narrow.subject)
