"""The one sentence that sums up a review."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from deploy_access.report.review_access import IDENTITIES, by_danger, noun_of
from deploy_access.report.review_findings import notice_clauses
from deploy_access.report.review_phrase import number
from deploy_access.resource_diff.resource_kinds import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from deploy_access.access_diff.model import AccessChange
    from deploy_access.resource_diff.model import ResourceChange
    from deploy_access.review.model import Review

_LET_IN = ("lets others in", "let others in")


def verdict(review: Review) -> str:
    """
    Return the sentence: whose access changed, what would be destroyed, and the audit's findings.

    It consists of fixed words and numbers; no value of the input is in it.
    """
    clauses = [
        *(_access(review) or [f"no change in access{' was seen' if _is_unsure(review) else ''}"]),
        *_destroyed(review.destroyed),
        *notice_clauses(review),
        *_findings(review),
        *_partial(len(review.stacks.partial)),
        *_undestroyed(review),
    ]
    sentence = _joined(clauses)
    if review.problems:
        sentence += f", but {number(len(review.problems), 'thing')} could not be read"
    return f"{sentence[0].upper()}{sentence[1:]}."


def _is_unsure(review: Review) -> bool:
    """Whether access may have changed in a way that the comparison does not see."""
    return bool(review.problems) or any(one.kind != "guard" for one in review.notices)


def _joined(clauses: list[str]) -> str:
    *firsts, last = clauses
    return f"{', '.join(firsts)}, and {last}"


def _access(review: Review) -> list[str]:
    """List the clauses about wider access; those about narrower access only where none is wider."""
    widened = [_widening(change) for change in by_danger(review.widened)]
    return list(_counted(widened or map(_narrowing, review.narrowed)))


def _counted(parties: Iterable[tuple[str, str, str]]) -> Iterator[str]:
    for (noun, one, many), count in Counter(parties).items():
        yield f"{number(count, noun)} {one if count == 1 else many}"


def _widening(change: AccessChange) -> tuple[str, str, str]:
    """Return the noun of the party, and its verb in the singular and in the plural."""
    noun = noun_of(change.party)
    if noun not in IDENTITIES:
        return _of_others(change, noun)
    if change.presence == "made":
        return noun, "is new", "are new"
    if change.trust.gained and change.permissions.gained:
        both = "lets more in and can do more", "let more in and can do more"
        return noun, *_modal(change, *both)
    if change.trust.gained:
        return noun, *_modal(change, "lets more in", "let more in")
    if change.permissions.gained:
        return noun, *_modal(change, "can do more", "can do more")
    return noun, "can be used for longer", "can be used for longer"


def _of_others(change: AccessChange, noun: str) -> tuple[str, str, str]:
    """Return the same for a party that does nothing itself: a policy, or a resource."""
    if noun == "policy":
        return noun, *_modal(change, "allows more", "allow more")
    if change.presence == "made":
        return f"new {noun}", *_LET_IN
    return noun, *_modal(change, "lets others do more", "let others do more")


def _modal(change: AccessChange, one: str, many: str) -> tuple[str, str]:
    # One certain gain makes the sentence certain.
    if any(grant.certain for grant in (*change.trust.gained, *change.permissions.gained)):
        return one, many
    might = f"might {many.replace(' can ', ' ').removeprefix('can ')}"
    return might, might


def _narrowing(change: AccessChange) -> tuple[str, str, str]:
    noun = noun_of(change.party)
    if noun == "policy":
        return noun, "allows less", "allow less"
    if change.presence == "gone" and noun in IDENTITIES:
        return noun, "is gone", "are gone"
    if noun not in IDENTITIES:
        return noun, "lets others do less", "let others do less"
    if change.trust.lost and not change.permissions.lost:
        return noun, "lets fewer in", "let fewer in"
    return noun, "can do less", "can do less"


def _destroyed(changes: Iterable[ResourceChange]) -> list[str]:
    nouns = Counter(
        (kind_of(change.type).holds if change.holds_data else "", change.known)
        for change in changes
    )
    # Data before other resources, certain before possible losses.
    order = sorted(nouns, key=lambda key: (not key[0], not key[1], key[0]))
    with_data = any(noun for noun, _known in nouns)
    return [
        f"{number(nouns[key], key[0] or ('other resource' if with_data else 'resource'))} "
        f"{'would' if key[1] else 'might'} be destroyed"
        for key in order
    ]


def _undestroyed(review: Review) -> Iterator[str]:
    if not review.has_resources:
        yield "what would be destroyed was not compared"
    elif not review.destroyed:
        yield "nothing would be destroyed"


def _partial(plans: int) -> Iterator[str]:
    if plans:
        yield f"{number(plans, 'plan')} {'is' if plans == 1 else 'are'} not complete"


def _findings(review: Review) -> Iterator[str]:
    severities = Counter(placed.finding.severity for placed in review.new_findings)
    found = [f"{severities[s]} new {s}{'' if severities[s] == 1 else 's'}" for s in _COUNTED]
    found = [text for text in found if not text.startswith("0 ")]
    if found:
        yield f"the audit has {' and '.join(found)}"
    accepted = len(review.new_acceptances)
    if accepted:
        yield f"{number(accepted, 'finding')} {'is' if accepted == 1 else 'are'} newly accepted"


_COUNTED = ("error", "warning")
