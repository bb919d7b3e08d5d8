"""The rules about roles that cannot all be right about a name or a number on GitHub."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.audit.claim_rules import found_in
from deploy_access.audit.documents import check_document
from deploy_access.audit.finding import finding
from deploy_access.github.contradictions import Mention, contradictions
from deploy_access.github.naming import naming_in, naming_of
from deploy_access.github.subject_claim import segments

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from deploy_access.audit.documents import Checked
    from deploy_access.audit.finding import Finding
    from deploy_access.audit.report_model import DocumentFinding
    from deploy_access.github.contradictions import Contradiction, Said
    from deploy_access.github.naming import Naming
    from deploy_access.github.oidc_trust import Claim, OidcStatement
    from deploy_access.terraform.estate import Role, Where

    Hits = Mapping[int, list[tuple[Where, DocumentFinding]]]

# What AWS has condition keys for beside `sub`, of what never changes or is said by a name.
_CLAIMS = ("repository", "repository_id", "repository_owner_id")


@dataclass(frozen=True, slots=True)
class _Place:
    index: int
    role: Role
    where: Where
    statement: OidcStatement
    claim: Claim
    value: str


def check_contradictions(
    roles: Sequence[Role], trusts: Sequence[Checked | None], beside: Iterable[Role] = ()
) -> Hits:
    """
    Compare what roles say of names and numbers.

    Args:
        roles: The roles that are audited.
        trusts: Their trust policies.
        beside: Others of the same estate.

    Returns:
        What is found, by the place of the role in *roles*.
    """
    found: defaultdict[int, list[tuple[Where, DocumentFinding]]] = defaultdict(list)
    others = [*beside]
    read = [*trusts, *(check_document(role.trust) if role.trust else None for role in others)]
    both = enumerate(zip([*roles, *others], read, strict=True))
    mentions = [m for n, (role, trust) in both if trust for m in _mentions(n, role, trust)]
    for one in contradictions(mentions):
        here, there = _sides(one, len(roles))
        if here.place.index < len(roles):
            place = here.place
            hit = found_in(place.statement, place.claim, _found(one, here, there), place.value)
            found[place.index].append((place.where, hit))
    return found


def _sides(one: Contradiction[_Place], audited: int) -> tuple[Said[_Place], Said[_Place]]:
    """Return where it is reported, which is one place for both, and the other place."""
    first, second = one.first, one.second
    is_accepted = _rule(one) in first.place.role.accept.keys() - second.place.role.accept.keys()
    is_first = is_accepted or second.place.index >= audited
    return (first, second) if is_first else (second, first)


def _rule(one: Contradiction[_Place]) -> str:
    return "letter-case" if one.kind == "letter case" else "contradicting-ids"


def _found(one: Contradiction[_Place], here: Said[_Place], there: Said[_Place]) -> Finding:
    is_same = here.place.index == there.place.index
    other = "the same role" if is_same else f"role {there.place.role.name} ({there.place.where})"
    return finding(
        _rule(one),
        here.place.value,
        f"{one.what}: {one.says(here)} here, {one.says(there)} in {other}. {one.why}",
        one.fix,
        # A role that has both lets in the right one, as after a repository was made anew.
        severity="warning" if is_same else None,
    )


def _mentions(index: int, role: Role, trust: Checked) -> Iterator[Mention[_Place]]:
    """List what the trust policy of a role says, as it is one list of whom it trusts."""
    if role.trust is None:
        return
    where = role.trust.where
    for statement in trust.oidc:
        if statement.is_github and statement.lets_assume:
            for naming, claim, value in _namings(statement):
                yield Mention(
                    naming=naming,
                    server=statement.prefix.lower().partition("/")[0],
                    among=index,
                    place=_Place(index, role, where, statement, claim, value),
                )


def _namings(statement: OidcStatement) -> Iterator[tuple[Naming, Claim, str]]:
    """List what a statement says, each with the value that says it."""
    subjects = [
        (claim, value, naming_in(value))
        for claim in statement.of("sub")
        if not claim.ignores_case
        for value in claim.values
    ]
    beside = [(claim, claim.values[0]) for name in _CLAIMS for claim in _single(statement, name)]
    names = {(naming.owner, naming.name) for *_, naming in subjects if naming}
    # Of several repositories it is not said which one the id is of.
    shared = {claim.name or "": value for claim, value in beside} if len(names) <= 1 else {}
    for claim, value, alone in subjects or [(*one, None) for one in beside[:1]]:
        in_subject = segments(value) if claim.name == "sub" else ()
        naming = naming_of({**dict(in_subject), **shared}) if shared else alone
        if naming is not None:
            yield naming, claim, value


def _single(statement: OidcStatement, name: str) -> list[Claim]:
    """Return the condition that asks for one exact value of a claim."""
    return [c for c in statement.of(name) if c.is_exact and len(c.values) == 1][:1]
